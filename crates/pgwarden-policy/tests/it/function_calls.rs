//! Function calls by protocol message.

use pgwarden_policy::{OpaqueCode, Settings, Verdict, judge_function_call};

/// Nothing but what the switches say: copy, paste, programs.
fn settings(copy: bool, paste: bool, programs: bool) -> Settings {
    Settings {
        can_copy_to_clipboard: copy,
        can_paste_from_clipboard: paste,
        can_run_server_programs: programs,
        ..Settings::default()
    }
}

#[track_caller]
fn check(oid: u32, settings: &Settings, refused_by: Option<&str>) {
    let found = match judge_function_call(oid, settings) {
        Verdict::Allow => None,
        Verdict::Refuse(refusal) | Verdict::Observe(refusal) => Some(refusal.setting_name()),
    };
    assert_eq!(
        found, refused_by,
        "the function with OID {oid} under {settings:?}"
    );
}

#[test]
fn each_call_needs_what_its_function_does() {
    let (copy, paste, programs) = (
        Some("can_copy_to_clipboard"),
        Some("can_paste_from_clipboard"),
        Some("can_run_server_programs"),
    );
    // With nothing, with copy alone, with paste alone, with both, with all three.
    let table = [
        ("loread", 954, [copy, None, copy, None, None]),
        ("lo_get", 3458, [copy, None, copy, None, None]),
        ("lowrite", 955, [paste, paste, None, None, None]),
        ("lo_creat", 957, [paste, paste, None, None, None]),
        ("lo_unlink", 964, [paste, paste, None, None, None]),
        ("lo_truncate64", 3172, [paste, paste, None, None, None]),
        ("lo_open", 952, [copy, None, None, None, None]),
        ("lo_close", 953, [None; 5]),
        ("lo_lseek64", 3170, [None; 5]),
        ("lo_tell", 958, [None; 5]),
        ("lo_import", 764, [copy, paste, copy, None, None]),
        ("lo_export", 765, [copy, programs, copy, programs, None]),
        ("pg_read_file", 3826, [copy, None, copy, None, None]),
        ("one that nobody knows", 16_400, [copy, paste, copy, None, None]),
        (
            "one of the server that is no way",
            1576,
            [copy, paste, copy, None, None],
        ),
    ];
    for (name, oid, refused_by) in table {
        let switches = [
            settings(false, false, false),
            settings(true, false, false),
            settings(false, true, false),
            settings(true, true, false),
            settings(true, true, true),
        ];
        for (settings, refused_by) in switches.iter().zip(refused_by) {
            println!("{name}");
            check(oid, settings, refused_by);
        }
    }
}

/// Nobody reads the arguments, so what is told by them alone counts as code that can't be read.
#[test]
fn texts_run_by_a_call_cannot_be_read() {
    for (oid, copy) in [(2924, true), (3685, false), (2078, false)] {
        let scan = settings(copy, false, false);
        check(oid, &scan, Some("opaque_code"));
        check(
            oid,
            &Settings {
                opaque_code: OpaqueCode::Allow,
                ..scan
            },
            None,
        );
    }
}

//! What needs no database: which settings count, and how much is named. The rest is in the tests of `pgwarden check --connect`.

use pgwarden_policy::{Medium, Settings, WAYS, WayClass};

use super::findings::Routines;
use super::undoing::{EXTENSIONS, FUNCTIONS, Undoes, attribute, predefined_role};
use super::*;

fn names(settings: &[Setting]) -> Vec<&'static str> {
    settings.iter().map(|setting| setting.as_str()).collect()
}

#[test]
fn what_is_off_for_anybody_is_undone() {
    let plain = Settings::default();
    let all_but_enforcement_and_budgets = [
        "can_export_csv",
        "can_import_csv",
        "can_copy_to_clipboard",
        "can_paste_from_clipboard",
        "can_replicate",
        "can_run_server_programs",
        "can_change_credentials",
        "opaque_code",
    ];
    assert_eq!(
        names(&Undone::by(&plain).of(Undoes::All)),
        all_but_enforcement_and_budgets
    );

    let mut undone = Undone::by(&Settings {
        can_export_csv: true,
        read_only: true,
        ..plain.clone()
    });
    let these = Undoes::These(&[Setting::CanExportCsv, Setting::ReadOnly]);
    assert_eq!(names(&undone.of(these)), ["read_only"]);
    undone.add(&plain);
    assert_eq!(names(&undone.of(these)), ["can_export_csv", "read_only"]);
    assert!(undone.of(Undoes::Nothing).is_empty());
}

#[test]
fn what_is_named_has_a_limit() {
    let signatures: Vec<String> = (0..=NAMED_MAX).map(|number| format!("f{number}()")).collect();
    let routines = |count: usize| {
        let mut routines = Routines::default();
        for signature in signatures.iter().take(count) {
            routines.add(signature, "PUBLIC");
        }
        routines
    };
    let all = routines(NAMED_MAX);
    assert!(all.names().ends_with(", f18(), f19()"), "{}", all.names());
    assert!(
        all.remedy().last().unwrap().ends_with(", f19() FROM PUBLIC;"),
        "{:?}",
        all.remedy()
    );
    let more = routines(NAMED_MAX + 1);
    assert!(more.names().ends_with(", f19() and 1 more"), "{}", more.names());
    assert_eq!(more.remedy().len(), all.remedy().len() + 1);
    assert!(
        more.remedy().last().unwrap().starts_with("-- and 1 more"),
        "{:?}",
        more.remedy()
    );
}

/// What this table doesn't know may be anything.
#[test]
fn unknown_roles_and_attributes_undo_everything() {
    assert_eq!(predefined_role("pg_of_tomorrow").unwrap().1, Undoes::All);
    assert_eq!(attribute("ROOT", 180_000).1, Undoes::All);
    assert_eq!(attribute("CREATEROLE", 150_018).1, Undoes::All);
    assert_ne!(attribute("CREATEROLE", 160_000).1, Undoes::All);
}

/// What the policy refuses as a way out or in is found here too, if there is a privilege to take away.
#[test]
fn the_ways_of_the_policy_are_known() {
    // Everybody may call them; what they need is found by itself (REPLICATION, privileges of large objects and tables).
    let public = [Medium::LargeObject, Medium::Xml, Medium::LogicalDecoding];
    for way in WAYS {
        let medium = match way.class {
            WayClass::Out(medium)
            | WayClass::In(medium)
            | WayClass::OutAndIn(medium)
            | WayClass::OutOrIn(medium)
            | WayClass::OutAndProgram(medium)
            | WayClass::InAndProgram(medium)
            | WayClass::Program(medium) => Some(medium),
            WayClass::DynamicSql => None,
            WayClass::Setting | WayClass::Harmless(_) => continue,
        };
        let known = match way.extension {
            // They ask for a superuser whoever may call them; refint's are triggers.
            Some("pageinspect" | "refint") => true,
            Some(extension) => EXTENSIONS.iter().any(|(name, ..)| *name == extension),
            // Likewise (`pg_read_file`, utils/adt/genfile.c); it was adminpack's.
            None if way.name == "pg_read_file_old" => true,
            // Of PostgreSQL's own, those that run a text as SQL may be called by everybody.
            None => medium.is_none_or(|medium| {
                public.contains(&medium) || FUNCTIONS.iter().any(|(name, ..)| *name == way.name)
            }),
        };
        assert!(known, "{way:?}");
    }
}

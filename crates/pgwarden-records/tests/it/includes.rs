//! `include`, and paths relative to the file that they are written in.

use std::path::{Path, PathBuf};

use crate::file::{VERIFIER, base, read_in};

fn write(directory: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = directory.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// What is read for an `include`, relative to the directory of the main file.
#[track_caller]
fn check(files: &[(&str, &str)], include: &str, expected: &[&str]) {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), files);
    let (snapshot, _) = read_in(directory.path(), &format!("include = {include}\n"))
        .unwrap_or_else(|errors| panic!("{errors}"));
    let found: Vec<PathBuf> = snapshot
        .sources()
        .iter()
        .map(|path| path.strip_prefix(directory.path()).unwrap().to_owned())
        .collect();
    let expected: Vec<PathBuf> = expected.iter().map(PathBuf::from).collect();
    assert_eq!(found, expected, "{include}");
}

#[test]
fn patterns_and_where_they_look() {
    let files = [
        ("conf.d/b.toml", ""),
        ("conf.d/a.toml", ""),
        ("conf.d/.hidden.toml", ""),
        ("conf.d/a.toml~", ""),
        ("sub/one/x.toml", ""),
    ];
    check(&files, "[]", &["pgwarden.toml"]);
    check(
        &files,
        "[\"conf.d/*.toml\"]",
        &["pgwarden.toml", "conf.d/a.toml", "conf.d/b.toml", "conf.d"],
    );
    check(
        &files,
        "[\"conf.d/b.toml\", \"conf.d/*.toml\"]",
        &["pgwarden.toml", "conf.d/b.toml", "conf.d/a.toml", "conf.d"],
    );
    check(
        &files,
        "[\"sub/*/*.toml\"]",
        &["pgwarden.toml", "sub/one/x.toml", "sub", "sub/one"],
    );
    // A directory that comes later is noticed too.
    check(&files, "[\"later.d/*.toml\"]", &["pgwarden.toml", "later.d"]);
    // The main file isn't read twice.
    check(&files, "[\"*.toml\"]", &["pgwarden.toml", ""]);
}

#[test]
fn what_cannot_be_included() {
    let directory = tempfile::tempdir().unwrap();
    write(
        directory.path(),
        &[
            ("file", ""),
            ("nested.toml", "include = [\"file\"]\n"),
            ("bad.toml", "[server\n"),
        ],
    );
    for (include, expected) in [
        ("[\"missing.toml\"]", "can't be included: No such file"),
        ("[\"file/*.toml\"]", "can't be included: Not a directory"),
        ("[\"nested.toml\"]", "an included file can't include others"),
        ("[\"bad.toml\"]", "this is not TOML"),
        ("\"file\"", "`include` must be a list, not \"file\""),
        ("[5]", "`include` must be a string that is not empty, not 5"),
    ] {
        let text = read_in(directory.path(), &format!("include = {include}\n"))
            .unwrap_err()
            .to_string();
        assert!(text.contains(expected), "{include}: {text}");
    }
}

#[test]
fn tables_of_which_there_is_one() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), &[("more.toml", "[server]\n[recording]\n")]);
    let errors = read_in(
        directory.path(),
        "include = [\"more.toml\"]\n[server]\n[recording]\n",
    )
    .unwrap_err();
    assert_eq!(errors.errors(), 2);
    assert!(
        errors.to_string().contains("[recording] is already given"),
        "{errors}"
    );
}

#[test]
fn paths_are_relative_to_the_file_and_defaults_to_the_main_one() {
    let directory = tempfile::tempdir().unwrap();
    write(
        directory.path(),
        &[("conf.d/a.toml", "[server]\n[recording]\ndirectory = \"rec\"\n")],
    );
    let (snapshot, _) = read_in(directory.path(), "include = [\"conf.d/*.toml\"]\n").unwrap();
    assert_eq!(snapshot.server.login_key, directory.path().join("login.key"));
    assert_eq!(snapshot.recording.directory, directory.path().join("conf.d/rec"));
}

#[test]
fn grants_count_in_the_order_of_the_files() {
    let directory = tempfile::tempdir().unwrap();
    let grant = |export: bool| {
        format!("[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\ncan_export_csv = {export}\n")
    };
    write(
        directory.path(),
        &[("1.toml", &grant(true)), ("2.toml", &grant(false))],
    );
    let exports = |include: &str, own: &str| {
        let text = format!("include = {include}\n{}{own}", base(&["orders"], &["alice"]));
        let (snapshot, _) = read_in(directory.path(), &text).unwrap();
        let access = snapshot.access("alice", "orders", None, std::time::SystemTime::now());
        access.unwrap().settings.can_export_csv
    };
    assert!(exports("[\"?.toml\"]", ""));
    assert!(!exports("[\"2.toml\", \"1.toml\"]", ""));
    assert!(!exports("[\"?.toml\"]", &grant(false)));
}

#[test]
fn verifiers_in_files_are_sources_too() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), &[("alice.scram", &format!("{VERIFIER}\n"))]);
    let text = "[[user]]\nname = \"alice\"\nscram = { file = \"alice.scram\" }\n";
    let (snapshot, _) = read_in(directory.path(), text).unwrap();
    assert!(snapshot.person("alice").unwrap().verifier.is_some());
    assert_eq!(
        snapshot.sources(),
        [
            directory.path().join("pgwarden.toml"),
            directory.path().join("alice.scram")
        ]
    );
    std::fs::remove_file(directory.path().join("alice.scram")).unwrap();
    assert!(
        read_in(directory.path(), text)
            .unwrap_err()
            .to_string()
            .contains("alice.scram can't be read")
    );
}

#[test]
fn files_that_are_no_text() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pgwarden.toml");
    let shown = || pgwarden_records::load(&path).unwrap_err().to_string();
    assert!(
        shown().contains("the file can't be read: No such file"),
        "{}",
        shown()
    );
    std::fs::write(&path, b"[server]\n# \xff").unwrap();
    assert!(shown().contains("pgwarden.toml:2:3"), "{}", shown());
    std::fs::write(&path, "#".repeat(16 * 1024 * 1024)).unwrap();
    assert!(pgwarden_records::load(&path).is_ok());
    std::fs::write(&path, "#".repeat(16 * 1024 * 1024 + 1)).unwrap();
    assert!(
        shown().contains("the file is larger than 16777216 bytes"),
        "{}",
        shown()
    );
}

/// What refers to something that a broken file may hold isn't called unknown; all else is said.
#[test]
fn a_file_that_cannot_be_read_hides_no_mistake_in_another() {
    let directory = tempfile::tempdir().unwrap();
    write(
        directory.path(),
        &[
            ("1.toml", "[[user]]\nname = \"bob\"\nscram = \n"),
            ("2.toml", "[recording]\nmode = \"sometimes\"\n"),
            ("directory/3.toml", ""),
        ],
    );
    let main = |include: &str| {
        format!(
            "include = {include}\n[server]\nmax_sesions = 5\nlisten = [{{ address = \"127.0.0.1:1\", record = \"there\" }}]\n{}\
             [[grant]]\nusers = [\"bob\"]\ngroups = [\"there\"]\nrecords = [\"there\", \"there-*\"]\n",
            base(&["orders"], &["alice"]).replace("\"local\"\nhost", "\"there\"\nhost")
        )
    };
    for (include, expected) in [
        (
            "[\"?.toml\"]",
            ["pgwarden.toml:3:1", "1.toml:3:9", "2.toml:2:8"].as_slice(),
        ),
        (
            "[\"2.toml\", \"missing.toml\"]",
            &["pgwarden.toml:1:22", "pgwarden.toml:3:1", "2.toml:2:8"],
        ),
        (
            "[\"2.toml\", \"directory\"]",
            &["pgwarden.toml:3:1", "2.toml:2:8", "directory:0:0"],
        ),
    ] {
        let errors = read_in(directory.path(), &main(include)).unwrap_err();
        let found: Vec<String> = errors
            .iter()
            .filter(|diagnostic| !diagnostic.message.contains("does not carry out"))
            .map(|diagnostic| {
                let place = &diagnostic.place;
                let file = Path::new(&place.file).file_name().unwrap().to_string_lossy();
                format!("{file}:{}:{}", place.line, place.column)
            })
            .collect();
        assert_eq!(found, expected, "{errors}");
    }
}

/// A file that was wrong is looked at until it is right.
#[test]
fn what_could_not_be_used_was_read_from_somewhere_too() {
    let directory = tempfile::tempdir().unwrap();
    write(
        directory.path(),
        &[
            ("conf.d/a.toml", "[server\n"),
            (
                "conf.d/b.toml",
                "[[user]]\nname = \"b\"\nscram = { file = \"b.scram\" }\n",
            ),
        ],
    );
    let errors = read_in(directory.path(), "include = [\"conf.d/*.toml\"]\n").unwrap_err();
    let sources = [
        "pgwarden.toml",
        "conf.d/a.toml",
        "conf.d/b.toml",
        "conf.d",
        "conf.d/b.scram",
    ];
    assert_eq!(errors.sources(), sources.map(|name| directory.path().join(name)));
    let missing = directory.path().join("missing.toml");
    assert_eq!(pgwarden_records::load(&missing).unwrap_err().sources(), [missing]);
}

/// Only what is written in `include` is a pattern, and not where the file happens to be.
#[test]
fn directories_are_named_anyhow() {
    use std::os::unix::ffi::OsStrExt as _;

    let directory = tempfile::tempdir().unwrap();
    for name in [&b"a*b?"[..], b"\xff"] {
        let inner = directory.path().join(std::ffi::OsStr::from_bytes(name));
        std::fs::create_dir(&inner).unwrap();
        write(&inner, &[("conf.d/a.toml", ""), ("b.toml", "")]);
        let (snapshot, _) = read_in(&inner, "include = [\"conf.d/*.toml\", \"b.toml\"]\n")
            .unwrap_or_else(|errors| panic!("{errors}"));
        let expected = ["pgwarden.toml", "conf.d/a.toml", "b.toml", "conf.d"];
        assert_eq!(snapshot.sources(), expected.map(|name| inner.join(name)));
    }
}

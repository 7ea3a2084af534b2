//! The startup parameter `options`: command-line switches of the server, of which only settings pass.

/// What is not a setting in `options`, or not a whole one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OptionsError {
    /// Another switch, a bundle of switches, or something that is no switch.
    #[error("the switch {} is none that may be given", .0.escape_ascii())]
    Switch(Vec<u8>),
    /// `-c` at the end.
    #[error("-c is not followed by anything")]
    NoArgument,
    /// No `=`.
    #[error("the switch {} has no value", .0.escape_ascii())]
    NoValue(Vec<u8>),
    /// A name that is none of a setting, and would mean something else in the startup packet.
    #[error("{} is no setting", .0.escape_ascii())]
    NoSetting(Vec<u8>),
}

/// The name and the value of a setting.
pub(crate) type Assignment = (Vec<u8>, Vec<u8>);

/// The settings in the value of `options`, in order.
///
/// They can go to the server as startup parameters, before the others: `process_startup_options` (utils/init/postinit.c) applies first
/// the one and then the other, in the same context and with the same source. So what is sent is what was judged, and not a text that the
/// server would split anew.
pub(crate) fn settings(options: &[u8]) -> Result<Vec<Assignment>, OptionsError> {
    let mut arguments = split(options).into_iter();
    let mut settings = Vec::new();
    while let Some(argument) = arguments.next() {
        // As getopt in `process_postgres_switches` (tcop/postgres.c). It would also take `-c` at the end of a bundle: `-Pc name=value`.
        let assignment = match argument.as_slice() {
            b"-c" => arguments.next().ok_or(OptionsError::NoArgument)?,
            [b'-', b'c', assignment @ ..] => assignment.to_vec(),
            // A bare `--` ends the switches.
            [b'-', b'-', assignment @ ..] if !assignment.is_empty() => assignment.to_vec(),
            _ => return Err(OptionsError::Switch(argument)),
        };
        let (name, value) = parse_long_option(&assignment).ok_or(OptionsError::NoValue(argument))?;
        if is_reserved(&name) {
            return Err(OptionsError::NoSetting(name));
        }
        settings.push((name, value));
    }
    Ok(settings)
}

/// Whether a startup parameter of this name is something else than a setting; an empty name ends the list of them.
pub(crate) fn is_reserved(name: &[u8]) -> bool {
    // As `ProcessStartupPacket` compares: case matters.
    matches!(name, b"" | b"user" | b"database" | b"options" | b"replication") || name.starts_with(b"_pq_.")
}

/// As `ParseLongOption` (utils/misc/guc.c): dashes in the name stand for underscores, also after `-c`.
fn parse_long_option(assignment: &[u8]) -> Option<Assignment> {
    let equals = assignment.iter().position(|&byte| byte == b'=')?;
    let (name, value) = assignment.split_at_checked(equals)?;
    let name = name
        .iter()
        .map(|&byte| if byte == b'-' { b'_' } else { byte })
        .collect();
    Some((
        name,
        value
            .split_first()
            .map(|(_, value)| value.to_vec())
            .unwrap_or_default(),
    ))
}

/// As `pg_split_opts` (utils/init/postinit.c): at white space that no backslash escapes; a backslash stands for the byte behind it, and
/// for nothing at the end.
fn split(options: &[u8]) -> Vec<Vec<u8>> {
    let mut arguments = Vec::new();
    let mut bytes = options.iter().copied().peekable();
    loop {
        while bytes.next_if(|&byte| is_space(byte)).is_some() {}
        if bytes.peek().is_none() {
            return arguments;
        }
        let mut argument = Vec::new();
        while let Some(byte) = bytes.next_if(|&byte| !is_space(byte)) {
            if byte == b'\\' {
                argument.extend(bytes.next());
            } else {
                argument.push(byte);
            }
        }
        arguments.push(argument);
    }
}

/// As isspace in the C locale. Rust's own `is_ascii_whitespace` leaves the vertical tab out.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(options: &[u8], expected: &[(&str, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec()))
            .collect();
        assert_eq!(settings(options), Ok(expected), "{}", options.escape_ascii());
    }

    #[track_caller]
    fn check_error(options: &[u8], expected: &OptionsError) {
        assert_eq!(
            settings(options).as_ref(),
            Err(expected),
            "{}",
            options.escape_ascii()
        );
    }

    #[test]
    fn settings_in_the_forms_that_pass() {
        check(b"", &[]);
        check(b" \t\n\x0b\x0c\r", &[]);
        check(b"-c a=b", &[("a", "b")]);
        check(b"-ca=b", &[("a", "b")]);
        check(b"--a=b", &[("a", "b")]);
        check(b"--a-b=c-d", &[("a_b", "c-d")]);
        check(b"-c a-b=c-d", &[("a_b", "c-d")]);
        check(b"-c a=", &[("a", "")]);
        check(b"-c a=b=c", &[("a", "b=c")]);
        check(
            b"-c\ta=1\x0b-c\x0cb=2\r--c=3\n",
            &[("a", "1"), ("b", "2"), ("c", "3")],
        );
        check(b"-c a=1 -c a=2", &[("a", "1"), ("a", "2")]);
        // Whatever follows -c is its argument.
        check(b"-c -c=1", &[("_c", "1")]);
        check(b"-c --role=x", &[("__role", "x")]);
    }

    #[test]
    fn escapes() {
        check(br"-c search_path=a,\ b", &[("search_path", "a, b")]);
        check(br"-c a=\\", &[("a", r"\")]);
        check(br"-c a=\\\ b", &[("a", r"\ b")]);
        check(br"-c a=b\", &[("a", "b")]);
        check(br"\-\c\ ro\le=x", &[(" role", "x")]);
        check(br"\--role=x", &[("role", "x")]);
        check(b"-c a=\\\x0bb", &[("a", "\x0bb")]);
    }

    #[test]
    fn anything_else_is_refused_by_its_name() {
        let switch = |text: &[u8]| OptionsError::Switch(text.to_vec());
        check_error(b"-Pc role=x", &switch(b"-Pc"));
        check_error(b"-P", &switch(b"-P"));
        check_error(b"-d5", &switch(b"-d5"));
        check_error(b"-", &switch(b"-"));
        check_error(b"--", &switch(b"--"));
        check_error(b"-- role=x", &switch(b"--"));
        check_error(b"role=x", &switch(b"role=x"));
        check_error(b"-C a=b", &switch(b"-C"));
        check_error(b"-c a=b -W 5", &switch(b"-W"));
        check_error(b"\\", &switch(b""));
        check_error(b"\xa0-c a=b", &switch(b"\xa0-c"));
    }

    #[test]
    fn halves_and_reserved_names() {
        check_error(b"-c", &OptionsError::NoArgument);
        check_error(b"-c a=b -c ", &OptionsError::NoArgument);
        check_error(b"-c \\", &OptionsError::NoValue(b"-c".to_vec()));
        check_error(b"-c role", &OptionsError::NoValue(b"-c".to_vec()));
        check_error(b"--role x", &OptionsError::NoValue(b"--role".to_vec()));
        for name in ["", "user", "database", "options", "replication", "_pq_.x"] {
            let error = OptionsError::NoSetting(name.as_bytes().to_vec());
            check_error(format!("-c {name}=x").as_bytes(), &error);
        }
        check(b"-c Replication=on", &[("Replication", "on")]);
    }

    proptest! {
        #[test]
        fn escaped_arguments_are_read_back(arguments in proptest::collection::vec(
            proptest::collection::vec(1_u8.., 1..8), 0..5)) {
            let mut options = Vec::new();
            for argument in &arguments {
                for &byte in argument {
                    options.extend([b'\\', byte]);
                }
                options.push(b' ');
            }
            prop_assert_eq!(split(&options), arguments);
        }

        #[test]
        fn no_setting_has_a_reserved_name(options in proptest::collection::vec(1_u8.., 0..60)) {
            if let Ok(settings) = settings(&options) {
                prop_assert!(settings.iter().all(|(name, _)| !is_reserved(name) && !name.contains(&b'=')));
            }
        }
    }
}

//! What the texts behind names may take.

use super::*;
use crate::gate::held_texts::PREPARED_BYTES_MAX;

/// A session that takes messages and says which were refused, by which setting.
struct Session(Gate);

impl Session {
    fn client(&mut self, message: &[u8]) -> Option<&'static str> {
        self.0.handle_frontend(message, Instant::now());
        self.refused()
    }

    fn server(&mut self, messages: &[&str]) {
        for message in messages {
            self.0.handle_backend(&server_message(message), Instant::now());
        }
        assert_eq!(self.refused(), None);
    }

    fn refused(&mut self) -> Option<&'static str> {
        let actions = std::iter::from_fn(|| self.0.poll_action());
        let mut refused = actions.filter_map(|action| match action {
            Action::Verdict { refused, .. } => Some(refused.setting),
            _ => None,
        });
        let first = refused.next();
        assert_eq!(refused.next(), None);
        first
    }

    /// Prepares the text, unless that is refused.
    fn prepare(&mut self, name: &str, sql: &str) -> Option<&'static str> {
        let mut parse = Vec::new();
        frontend::parse(&mut parse, name.as_bytes(), sql.as_bytes());
        let refused = self.client(&parse);
        assert_eq!(self.client(&client_message("Sync")), None);
        if refused.is_none() {
            self.server(&["ParseComplete", "ReadyForQuery I"]);
        } else {
            self.server(&["ErrorResponse NONCE", "ReadyForQuery I"]);
        }
        refused
    }

    fn query(&mut self, sql: &str) -> Option<&'static str> {
        let mut query = Vec::new();
        frontend::query(&mut query, sql.as_bytes());
        let refused = self.client(&query);
        self.server(&["CommandComplete OK", "ReadyForQuery I"]);
        refused
    }
}

#[test]
fn what_prepared_statements_hold_is_bounded() {
    let calls: Vec<String> = (0..10_000)
        .map(|number| format!("function_{number:05}()"))
        .collect();
    let large = format!("select {}", calls.join(", "));
    let mut session = Session(gate(Settings {
        can_paste_from_clipboard: true,
        ..closed()
    }));
    let mut count = 0;
    let refused = loop {
        assert!(count < PREPARED_BYTES_MAX >> 18, "nothing was refused");
        match session.prepare(&format!("s{count}"), &large) {
            None => count += 1,
            Some(refused) => break refused,
        }
    };
    assert_eq!(refused, "prepared_bytes_max");
    assert!(count >= PREPARED_BYTES_MAX >> 21, "{count} are too few");
    for (sql, refused) in [
        ("prepare p as select 1", Some("prepared_bytes_max")),
        ("declare c cursor for select 1", Some("prepared_bytes_max")),
        ("select 1", None),
        ("execute s1", None),
    ] {
        assert_eq!(session.query(sql), refused, "{sql}");
    }
    // A portal that was bound to one holds it still, up to the end of the transaction.
    let (bind, sync) = (client_message("Bind \"\" s0"), client_message("Sync"));
    assert_eq!(session.client(&bind).or(session.client(&sync)), None);
    session.server(&["BindComplete", "ReadyForQuery T"]);
    assert_eq!(session.client(&client_message("Query \"deallocate s0\"")), None);
    session.server(&["CommandComplete DEALLOCATE", "ReadyForQuery T"]);
    assert_eq!(session.prepare("more", "select 1"), Some("prepared_bytes_max"));
    assert_eq!(session.prepare("more", "select 1"), None);
}

/// While answers are due, what they free isn't known yet.
#[test]
fn a_full_session_waits_for_what_is_under_way() {
    let mut session = Session(gate(closed()));
    let hold = session.0.held_texts.hold(PREPARED_BYTES_MAX);
    assert_eq!(session.client(&client_message("Execute \"\"")), None);
    let parse = client_message("Parse a \"select 1\"");
    assert_eq!(session.0.handle_frontend(&parse, Instant::now()), 0);
    assert_eq!(session.refused(), None);
    session.server(&["CommandComplete OK"]);
    drop(hold);
    assert_eq!(session.0.handle_frontend(&parse, Instant::now()), parse.len());
    assert_eq!(session.refused(), None);
}

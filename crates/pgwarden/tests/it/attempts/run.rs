//! Trying attempts: each directly, which has to succeed, and through pgwarden, where nothing of it may run.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Map, Value, json};
use tempfile::TempDir;
use testkit::{Cluster, Message, Proxy, RawClient, Record, TestDb, frontend, trace};

use super::corpus::{self, Act, Attempt, Explain, JEWEL};

/// Whose settings `policy explain` begins with.
const DEFAULTS: &str = "defaults";

const PLAIN_PASSWORD: &str = "the-plain-login";

/// Takes everything out of a database that attempts may have put there, and makes what they are after. What belongs to the
/// whole server they undo themselves.
const CLEAN: &str = r"
    do $clean$
    declare it record;
    begin
        for it in select subname from pg_subscription where subdbid = (select oid from pg_database where datname = current_database()) loop
            execute format('alter subscription %I disable', it.subname);
            execute format('alter subscription %I set (slot_name = none)', it.subname);
            execute format('drop subscription %I', it.subname);
        end loop;
        for it in select pubname from pg_publication loop execute format('drop publication %I', it.pubname); end loop;
        for it in select evtname from pg_event_trigger loop execute format('drop event trigger %I', it.evtname); end loop;
        for it in select slot_name from pg_replication_slots where database = current_database() and not active loop
            perform pg_drop_replication_slot(it.slot_name);
        end loop;
        for it in select extname from pg_extension where extname <> 'plpgsql' loop execute format('drop extension if exists %I cascade', it.extname); end loop;
        for it in select fdwname from pg_foreign_data_wrapper loop execute format('drop foreign data wrapper %I cascade', it.fdwname); end loop;
        for it in select lanname from pg_language where oid >= 16384 loop execute format('drop language %I cascade', it.lanname); end loop;
        for it in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
            execute format('drop schema %I cascade', it.nspname);
        end loop;
        for it in select amname from pg_am where oid >= 16384 loop execute format('drop access method %I cascade', it.amname); end loop;
        perform lo_unlink(oid) from pg_largeobject_metadata;
        for it in select rolname from pg_roles where starts_with(rolname, current_database() || '_role') loop
            execute format('drop owned by %I cascade', it.rolname);
            execute format('drop role %I', it.rolname);
        end loop;
        execute format('alter database %I reset all', current_database());
    end $clean$;
    create schema public;
    grant all on schema public to public;
    create table public.jewels (id int primary key, a text);
    insert into public.jewels select n, 'crown-jewels-7f3a' from generate_series(1, 3) n;
    grant all on public.jewels to public;
    select lo_from_bytea(4711, 'crown-jewels-7f3a');
    grant select, update on large object 4711 to public";

/// Runs a file of attempts, and fails with all that is wrong with any.
#[track_caller]
pub(super) fn check(&(file, text): &(&str, &str)) {
    let ground = Ground::new();
    let attempts = corpus::read(file, text, &|text| ground.fill(text));
    let proxy = ground.start_proxy(&attempts);
    let mut wrong = explain(&proxy, &attempts);
    let (mut effective, mut open, mut lacking) = (0, 0, Vec::new());
    let mut field = Field {
        ground,
        proxy,
        superuser: None,
    };
    for attempt in &attempts {
        open += usize::from(attempt.open.is_some());
        match field.check(attempt) {
            Ok(Direct::Effective) => effective += 1,
            Ok(Direct::Lacks(what)) => lacking.push(format!("{} needs {what}", attempt.name)),
            Err(what) => wrong.push(format!("{}: {what}", attempt.name)),
        }
    }
    field.proxy.assert_idle();
    // Its log would bury what is wrong.
    drop(field);
    assert!(
        wrong.is_empty(),
        "{} complaints about {file}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // Beside the test's result, for those who want to know what was tried.
    let _ = writeln!(
        std::io::stderr(),
        "{file}: {} attempts, {effective} effective past pgwarden, {open} of them that no proxy stops; {lacking:?}",
        attempts.len()
    );
}

/// What became of an attempt past pgwarden.
enum Direct {
    Effective,
    /// The server lacks what it needs.
    Lacks(String),
}

/// A database to try things in, and what stands for braces.
struct Ground {
    database: TestDb,
    directory: TempDir,
}

impl Ground {
    fn new() -> Self {
        let database = Cluster::shared_proving_ground().unwrap().database().unwrap();
        database.grant_superuser().unwrap();
        database
            .execute_as_superuser(&format!(
                "create role {}_plain login password '{PLAIN_PASSWORD}'",
                database.name()
            ))
            .unwrap();
        let directory = tempfile::Builder::new().prefix("ways-round-").tempdir().unwrap();
        Self { database, directory }
    }

    fn files(&self) -> std::path::PathBuf {
        self.directory.path().join("files")
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{dir}", &self.files().display().to_string())
            .replace("{db}", self.database.name())
            .replace("{login}", self.database.login())
            .replace("{role}", &format!("{}_role", self.database.name()))
            .replace("{port}", &self.database.cluster().port().to_string())
            .replace(
                "{socket}",
                &self.database.cluster().socket_directory().display().to_string(),
            )
    }

    fn start_proxy(&self, attempts: &[Attempt]) -> Proxy {
        let mut config = Proxy::before(&self.database).record(Record::new(DEFAULTS));
        for attempt in attempts {
            let mut record = Record::new(&attempt.name);
            for (name, value) in &attempt.with {
                record = record.setting(name, value);
            }
            if attempt.plain_login {
                record = record.login(&self.plain_login(), &format!("{PLAIN_PASSWORD:?}"));
            }
            config = config.record(record);
        }
        config.start().unwrap()
    }

    fn plain_login(&self) -> String {
        format!("{}_plain", self.database.name())
    }

    /// Leaves nothing of an earlier attempt, and makes what this one needs.
    fn prepare(&self, superuser: &mut RawClient, attempt: &Attempt) -> Result<(), String> {
        self.clean(superuser)?;
        all(superuser, "setup", &attempt.setup)
    }

    fn clean(&self, superuser: &mut RawClient) -> Result<(), String> {
        clean_directory(&self.files());
        superuser.rows(CLEAN).map(drop).map_err(|error| {
            let text = error.to_string();
            format!("cleaning: {}", text.split(" for: ").next().unwrap_or_default())
        })
    }
}

fn clean_directory(path: &Path) {
    let _ = fs::remove_dir_all(path);
    fs::create_dir(path).unwrap();
    // The server's owner writes there and reads what is there.
    fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    fs::write(path.join("jewel"), format!("{JEWEL}\n")).unwrap();
    fs::set_permissions(path.join("jewel"), fs::Permissions::from_mode(0o666)).unwrap();
}

/// Both ways to the database.
struct Field {
    ground: Ground,
    proxy: Proxy,
    /// Kept from one attempt to the next, as a connection takes longer than most of them.
    superuser: Option<RawClient>,
}

/// What came of an attempt's steps.
#[derive(Default)]
struct Outcome {
    messages: Vec<Message>,
    /// What psql wrote, both streams.
    psql: String,
    /// Whether the other side closed the connection.
    ended: bool,
}

impl Field {
    fn check(&mut self, attempt: &Attempt) -> Result<Direct, String> {
        let mut superuser = self.superuser();
        let result = self.check_as(attempt, &mut superuser);
        self.superuser = Some(superuser);
        result
    }

    fn superuser(&mut self) -> RawClient {
        if let Some(mut client) = self.superuser.take()
            && client.rows("discard all").is_ok()
        {
            return client;
        }
        // None yet, or an attempt brought it down.
        let database = &self.ground.database;
        database.cluster().superuser(database.name()).unwrap()
    }

    fn check_as(&mut self, attempt: &Attempt, superuser: &mut RawClient) -> Result<Direct, String> {
        let direct = if let Some(what) = lacks(superuser, attempt) {
            Direct::Lacks(what)
        } else {
            self.check_directly(attempt, superuser)
                .map_err(|error| format!("directly: {error}"))?;
            Direct::Effective
        };
        if let Direct::Lacks(what) = &direct
            && (attempt.open.is_some() || what.starts_with("psql "))
        {
            return Ok(direct);
        }
        self.check_through(attempt, superuser, &direct)
            .map_err(|error| format!("through pgwarden: {error}"))?;
        Ok(direct)
    }

    fn check_directly(&mut self, attempt: &Attempt, superuser: &mut RawClient) -> Result<(), String> {
        self.ground.prepare(superuser, attempt)?;
        let before = effects(superuser, attempt);
        let outcome = self.run(attempt, superuser, Way::Direct);
        let evidence = evidence(attempt, &outcome, &before, &effects(superuser, attempt));
        all(superuser, "undo", &attempt.undo)?;
        if evidence.is_none() {
            return Err(format!(
                "it does nothing, so it is no attempt\n{}",
                outcome.transcript()
            ));
        }
        Ok(())
    }

    fn check_through(
        &mut self,
        attempt: &Attempt,
        superuser: &mut RawClient,
        direct: &Direct,
    ) -> Result<(), String> {
        if let Direct::Effective = direct {
            self.ground.prepare(superuser, attempt)?;
        } else {
            // What it needs isn't there to be set up; the refusal must not depend on it.
            self.ground.clean(superuser)?;
        }
        let before = effects(superuser, attempt);
        let outcome = self.run(attempt, superuser, Way::Through);
        let evidence = evidence(attempt, &outcome, &before, &effects(superuser, attempt));
        let undone = all(superuser, "undo", &attempt.undo);
        if evidence.is_some() {
            undone?;
        }
        let refused = outcome.is_refused(&attempt.refused);
        if attempt.open.is_some() {
            return if refused || evidence.is_none() {
                Err("it no longer gets through: take `open` away".to_owned())
            } else {
                Ok(())
            };
        }
        let complaint = match (evidence, refused) {
            (Some(evidence), true) => format!("REFUSED AND YET {evidence}"),
            (Some(evidence), false) => format!("GOT THROUGH: {evidence}"),
            (None, false) => format!("no refusal names {}", attempt.refused.join(" or ")),
            (None, true) if outcome.ended && !attempt.ends_session && attempt.startup.is_empty() => {
                "the session ended".to_owned()
            }
            (None, true) => return Ok(()),
        };
        Err(format!("{complaint}\n{}", outcome.transcript()))
    }

    fn run(&mut self, attempt: &Attempt, superuser: &mut RawClient, way: Way) -> Outcome {
        let mut outcome = Outcome::default();
        let talks = attempt.steps.iter().any(|step| !matches!(step.act, Act::Psql(_)));
        let mut client = None;
        if talks || !attempt.startup.is_empty() {
            let (opened, messages) = self.open(attempt, way);
            if messages.last().is_none_or(|message| message.tag != b'Z') {
                outcome.messages = messages;
                outcome.ended = true;
                return outcome;
            }
            client = Some(opened);
        }
        let mut awaited = 0;
        let mut steps = attempt.steps.iter().peekable();
        while let Some(step) = steps.next() {
            match &step.act {
                Act::Psql(script) => outcome.psql.push_str(&self.psql(attempt, script, way)),
                Act::Reload(name, value) => {
                    if let Way::Through = way {
                        self.reload(attempt, name, value);
                    }
                }
                act => {
                    let Some(client) = &mut client else { continue };
                    let bytes = bytes_of(act, superuser);
                    if client.send(&bytes).is_err() && !outcome.ended {
                        outcome.ended = true;
                        outcome
                            .messages
                            .extend(client.receive_to_end().unwrap_or_default());
                    }
                    if matches!(
                        act,
                        Act::Query(_) | Act::Extended { .. } | Act::Sync | Act::Call { .. }
                    ) {
                        awaited += 1;
                    }
                }
            }
            let goes_on = steps
                .peek()
                .is_some_and(|next| next.joined || matches!(next.act, Act::CopyData(_) | Act::CopyDone));
            if let Some(client) = &mut client
                && !goes_on
            {
                receive(client, awaited, &mut outcome);
                awaited = 0;
            }
        }
        if let Some(client) = &mut client
            && matches!(way, Way::Through)
            && !outcome.ended
            && !attempt.ends_session
        {
            // Whatever state it was left in, it is one that a session gets out of.
            let _ = client.query("rollback");
            let next = client.query("values ('next')").unwrap_or_default();
            if !next
                .iter()
                .any(|message| message.columns() == [Some("next".to_owned())])
            {
                outcome.messages.extend(next);
                outcome.ended = true;
            }
        }
        outcome
    }

    /// A session, and what was said at its start.
    fn open(&self, attempt: &Attempt, way: Way) -> (RawClient, Vec<Message>) {
        let database = &self.ground.database;
        let (mut client, user, password) = match way {
            Way::Through => (
                RawClient::connect(self.proxy.address()).unwrap(),
                format!("alice@{}", attempt.name),
                self.proxy.password("alice").unwrap().to_owned(),
            ),
            Way::Direct if attempt.plain_login => (
                RawClient::connect(database.cluster().address()).unwrap(),
                self.ground.plain_login(),
                PLAIN_PASSWORD.to_owned(),
            ),
            Way::Direct => (
                RawClient::connect(database.cluster().address()).unwrap(),
                database.login().to_owned(),
                database.password().to_owned(),
            ),
        };
        let mut parameters = vec![("user", user.as_str()), ("database", database.name())];
        for (name, value) in &attempt.startup {
            parameters.push((name, value));
        }
        let messages = client.try_login(&parameters, &password).unwrap();
        (client, messages)
    }

    fn psql(&self, attempt: &Attempt, script: &str, way: Way) -> String {
        let script = format!("{script}\n");
        let output = match way {
            Way::Direct => self.ground.database.psql(&script, &[]),
            Way::Through => self.proxy.psql("alice", &attempt.name, &script, &[]),
        }
        .unwrap();
        output.stdout + &output.stderr
    }

    fn reload(&mut self, attempt: &Attempt, name: &str, value: &str) {
        let text = self.proxy.config_text().to_owned();
        let start = text
            .find(&format!("[[pam_database]]\nname = \"{}\"", attempt.name))
            .unwrap();
        let (before, record) = text.split_at(start);
        let lines = "[pam_database.connection]\n";
        let old: Vec<&str> = record
            .lines()
            .filter(|line| line.starts_with(name))
            .take(1)
            .collect();
        let record = match old.as_slice() {
            [line] if attempt.with.iter().any(|(set, _)| set == name) => {
                record.replacen(line, &format!("{name} = {value}"), 1)
            }
            _ => record.replacen(lines, &format!("{lines}{name} = {value}\n"), 1),
        };
        self.proxy.reload(&format!("{before}{record}")).unwrap();
    }
}

/// Past pgwarden, or through it.
#[derive(Clone, Copy)]
enum Way {
    Direct,
    Through,
}

fn bytes_of(act: &Act, superuser: &mut RawClient) -> Vec<u8> {
    fn some(values: &[Vec<u8>]) -> Vec<Option<&[u8]>> {
        values.iter().map(|value| Some(value.as_slice())).collect()
    }
    match act {
        Act::Query(sql) => frontend::query(sql),
        Act::Extended { sql, parameters } => [
            frontend::parse("", sql),
            frontend::bind("", "", &some(parameters)),
            frontend::execute("", 0),
            frontend::sync(),
        ]
        .concat(),
        Act::Parse { name, sql } => frontend::parse(name, sql),
        Act::Bind {
            portal,
            statement,
            parameters,
        } => frontend::bind(portal, statement, &some(parameters)),
        Act::Execute { portal, rows } => frontend::execute(portal, *rows),
        Act::Close(name) => frontend::close_statement(name),
        Act::Sync => frontend::sync(),
        Act::Flush => frontend::flush(),
        Act::Call { function, arguments } => {
            let kind = if function.contains('(') {
                "regprocedure"
            } else {
                "regproc"
            };
            // One that isn't there is no function's number.
            let oid = superuser
                .rows(&format!("select '{function}'::{kind}::oid"))
                .map_or(0, |rows| rows[0][0].parse().unwrap());
            let arguments: Vec<&[u8]> = arguments.iter().map(Vec::as_slice).collect();
            frontend::function_call(oid, &arguments)
        }
        Act::CopyData(data) => frontend::copy_data(data),
        Act::CopyDone => frontend::copy_done(),
        Act::Psql(_) | Act::Reload(..) => Vec::new(),
    }
}

/// Receives so many `ReadyForQuery`, or to the end.
fn receive(client: &mut RawClient, mut awaited: usize, outcome: &mut Outcome) {
    while awaited > 0 && !outcome.ended {
        match client.receive() {
            Ok(Some(message)) => {
                awaited -= usize::from(message.tag == b'Z');
                outcome.messages.push(message);
            }
            Ok(None) => outcome.ended = true,
            Err(error) => panic!("{error:#} after\n{}", outcome.transcript()),
        }
    }
}

impl Outcome {
    fn is_refused(&self, settings: &[String]) -> bool {
        let names = |text: &str| {
            text.contains("pgwarden") && settings.iter().any(|setting| text.contains(setting.as_str()))
        };
        self.messages.iter().any(|message| {
            message.tag == b'E'
                && match message.sqlstate().unwrap_or_default().as_str() {
                    "42501" | "42601" | "54000" => message.field(b'M').is_some_and(|text| names(&text)),
                    // The server keeps to what pgwarden set: default_transaction_read_only.
                    "25006" => settings.iter().any(|setting| setting == "read_only"),
                    // A session that can't be held to new settings is ended, as an administrator would end it.
                    "57P01" => settings.iter().any(|setting| setting == "57P01"),
                    _ => false,
                }
        }) || self.psql.lines().any(names)
    }

    /// What carries data to the client. A refusal does not: what it shows of the statement is what was sent.
    fn carried(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| {
            matches!(message.tag, b'D' | b'd' | b'N' | b'E' | b'A' | b'V')
                && !message.field(b'M').is_some_and(|text| text.contains("pgwarden"))
        })
    }

    fn shows(&self, what: &str) -> bool {
        let hex = what.bytes().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let found = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            text.contains(what) || text.contains(&hex)
        };
        let echo = |line: &&str| line.contains("pgwarden") || line.starts_with("DETAIL:");
        self.carried().any(|message| found(&message.body))
            || self
                .psql
                .lines()
                .filter(|line| !echo(line))
                .any(|line| found(line.as_bytes()))
    }

    fn transcript(&self) -> String {
        /// Lines that are enough to see what went on.
        const LINES: usize = 12;
        let all = trace(&self.messages);
        let lines: Vec<&str> = all.lines().chain(self.psql.lines()).collect();
        let mut text = String::new();
        for line in lines.iter().take(LINES) {
            let cut: String = line.chars().take(300).collect();
            let _ = writeln!(text, "    {cut}");
        }
        if lines.len() > LINES {
            let _ = writeln!(text, "    and {} more", lines.len() - LINES);
        }
        if self.ended {
            text.push_str("    the connection ended\n");
        }
        text
    }
}

/// What shows that the attempt succeeded.
fn evidence(attempt: &Attempt, outcome: &Outcome, before: &[String], after: &[String]) -> Option<String> {
    if before != after {
        return Some(format!("{before:?} became {after:?}"));
    }
    let mut shows = attempt.shows.iter().map(String::as_str).collect::<Vec<_>>();
    if shows.is_empty() && attempt.effect.is_empty() && attempt.rows.is_none() && attempt.bytes.is_none() {
        shows.push(JEWEL);
    }
    if let Some(shown) = shows.into_iter().find(|what| outcome.shows(what)) {
        return Some(format!("it shows {shown:?}"));
    }
    let rows = outcome
        .messages
        .iter()
        .filter(|message| message.tag == b'D')
        .count();
    if attempt.rows.is_some_and(|least| rows >= least) {
        return Some(format!("{rows} rows came"));
    }
    let bytes = outcome.carried().map(|message| message.body.len()).sum::<usize>() + outcome.psql.len();
    if attempt.bytes.is_some_and(|least| bytes >= least) {
        return Some(format!("{bytes} bytes came"));
    }
    None
}

fn effects(superuser: &mut RawClient, attempt: &Attempt) -> Vec<String> {
    let of = |sql: &String| match superuser.rows(sql) {
        Ok(rows) => format!("{rows:?}"),
        Err(error) => {
            let text = error.to_string();
            // What isn't there yet may be what the attempt makes; a query that can't work shows nothing.
            assert!(
                !text.contains("42883") && !text.contains("42601"),
                "{}: {text}",
                attempt.name
            );
            text
        }
    };
    attempt.effect.iter().map(of).collect()
}

fn all(superuser: &mut RawClient, what: &str, statements: &[String]) -> Result<(), String> {
    for sql in statements {
        superuser
            .rows(sql)
            .map_err(|error| format!("{what}: {error:#}"))?;
    }
    Ok(())
}

/// What the attempt needs and this server has not.
fn lacks(superuser: &mut RawClient, attempt: &Attempt) -> Option<String> {
    attempt
        .needs
        .iter()
        .find(|need| {
            if let Some(name) = need.strip_prefix("extension ") {
                // One may be there whose library asks for what the machine has not.
                let made = superuser
                    .rows(&format!("create extension {name} cascade"))
                    .is_ok();
                let _ = superuser.rows(&format!("drop extension if exists {name}"));
                return !made;
            }
            let query = if let Some(version) = need.strip_prefix("before pg ") {
                format!("select current_setting('server_version_num')::int < {version}0000")
            } else if let Some(version) = need.strip_prefix("pg ") {
                format!("select current_setting('server_version_num')::int >= {version}0000")
            } else {
                "select false".to_owned()
            };
            superuser.rows(&query).unwrap() != [["t"]]
        })
        .cloned()
}

/// Asks `policy explain` about every text, and gives what it should have said otherwise.
fn explain(proxy: &Proxy, attempts: &[Attempt]) -> Vec<String> {
    let mut questions = String::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let mut settings = Map::new();
        let reloads = attempt.steps.iter().filter_map(|step| match &step.act {
            Act::Reload(name, value) => Some((name, value)),
            _ => None,
        });
        for (name, value) in attempt
            .with
            .iter()
            .map(|(name, value)| (name, value))
            .chain(reloads)
        {
            let value: Value = serde_json::from_str(value).unwrap_or_else(|error| panic!("{value}: {error}"));
            settings.insert(name.clone(), value);
        }
        for sql in attempt.steps.iter().filter_map(|step| step.act.sql()) {
            if let Ok(sql) = std::str::from_utf8(sql) {
                let _ = writeln!(
                    questions,
                    "{}",
                    json!({"id": index, "sql": sql, "settings": settings})
                );
            }
        }
    }
    let output = proxy
        .cli_with_input(
            &["policy", "explain", "--record", DEFAULTS, "--jsonl"],
            &questions,
        )
        .unwrap();
    let answers: Vec<Value> = output
        .expect_success()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut wrong = Vec::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let own: Vec<&Value> = answers.iter().filter(|answer| answer["id"] == index).collect();
        if own.is_empty() {
            continue;
        }
        let refusal = own.iter().find(|answer| answer["verdict"] == "refuse");
        let unasked = attempt.open.is_some() || !attempt.startup.is_empty();
        let setting = refusal.map(|answer| &answer["setting"]);
        let complaint = match (attempt.explain, setting) {
            (Explain::Either, _) | (Explain::Allows, None) => continue,
            _ if unasked => continue,
            (Explain::Refuses, None) => "explain allows it".to_owned(),
            (Explain::Refuses, Some(setting)) => {
                if attempt.refused.iter().any(|name| setting == name.as_str()) {
                    continue;
                }
                format!(
                    "explain refuses it by {setting}, not {}",
                    attempt.refused.join(" or ")
                )
            }
            (Explain::Allows, Some(setting)) => format!("explain refuses it by {setting}"),
        };
        wrong.push(format!("{}: {complaint}", attempt.name));
    }
    wrong
}

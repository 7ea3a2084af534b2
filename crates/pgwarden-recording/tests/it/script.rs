//! A conversation between a client and a server, recorded as it is written down.

use std::{
    path::PathBuf,
    time::{Duration, SystemTime},
};

use pgwarden_recording::{
    EndReason, Entry, Event, Mode, Reader, SessionEnd, SessionFacts, SessionId, SessionWriter, Stream,
    Timestamp, export_jsonl,
    render::{Colour, Playback, play},
};
use tempfile::TempDir;

pub(crate) struct Script {
    directory: TempDir,
    writer: Option<SessionWriter>,
    path: PathBuf,
    micros: u64,
}

pub(crate) fn facts() -> SessionFacts {
    let started = SystemTime::UNIX_EPOCH + Duration::from_micros(1_795_508_653_000_250);
    let mut facts = SessionFacts::new(
        SessionId::from_bits(0x0123_4567_89ab_cdef),
        started,
        "alice",
        "orders",
    );
    facts.database = Some("orders".to_owned());
    facts.client_address = Some("10.1.2.3:50123".to_owned());
    facts.application_name = Some("psql".to_owned());
    facts.server_version = Some("18.1".to_owned());
    "0.1.0".clone_into(&mut facts.pgwarden_version);
    facts
}

impl Script {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let writer = SessionWriter::create(directory.path(), &facts(), Mode::Required).unwrap();
        Self {
            path: writer.path().to_owned(),
            writer: Some(writer),
            directory,
            micros: 0,
        }
    }

    pub(crate) fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// So much time passes.
    pub(crate) fn after(&mut self, duration: Duration) -> &mut Self {
        self.micros += u64::try_from(duration.as_micros()).unwrap();
        self
    }

    fn stream(&mut self, stream: Stream, messages: &[Vec<u8>]) -> &mut Self {
        let bytes = messages.concat();
        self.append(Entry::Frames {
            stream,
            bytes: &bytes,
        })
    }

    fn append(&mut self, entry: Entry<'_>) -> &mut Self {
        self.micros += 100;
        let writer = self.writer.as_mut().expect("not finished");
        let _recorded = writer
            .append(Timestamp::from_micros(self.micros), &[entry])
            .unwrap();
        self
    }

    /// The client sends this, and the server gets it.
    pub(crate) fn client(&mut self, messages: &[Vec<u8>]) -> &mut Self {
        self.stream(Stream::ClientForwarded, messages)
    }

    /// The server sends this, and the client gets it.
    pub(crate) fn server(&mut self, messages: &[Vec<u8>]) -> &mut Self {
        self.stream(Stream::ServerForwarded, messages)
    }

    pub(crate) fn event(&mut self, event: &Event) -> &mut Self {
        self.append(Entry::Event(event))
    }

    /// As the gate does it: the client's message is replaced, and so is the server's error.
    pub(crate) fn refused(&mut self, message: Vec<u8>, replaced: Vec<u8>, sql: &str) -> &mut Self {
        let text = "refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)";
        self.event(&Event::Verdict {
            refused: true,
            setting: "can_export_csv".to_owned(),
            message: text.to_owned(),
            statement: Some(sql.to_owned()),
        });
        self.stream(Stream::ClientWithheld, &[message]);
        self.stream(Stream::ServerBound, &[replaced])
    }

    pub(crate) fn refusal_shown(&mut self) -> &mut Self {
        let nonce = error(&[
            (b'S', "ERROR"),
            (b'C', "42601"),
            (b'M', "syntax error at or near \"pgwarden_refused_1\""),
        ]);
        self.stream(Stream::ServerWithheld, &[nonce]);
        let shown = error(&[
            (b'S', "ERROR"),
            (b'V', "ERROR"),
            (b'C', "42501"),
            (
                b'M',
                "refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)",
            ),
            (b'D', "The statement copies table customers to the client."),
            (b'H', "Ask whoever grants record \"orders\" for can_export_csv."),
        ]);
        self.stream(Stream::ClientBound, &[shown])
    }

    pub(crate) fn end(&mut self) -> &mut Self {
        let end = SessionEnd {
            at: Timestamp::from_micros(self.micros + 100),
            reason: EndReason::ClientTerminated,
            sqlstate: None,
        };
        self.writer.take().expect("not finished").finish(&end).unwrap();
        self
    }

    /// As if the process had been killed: no end is written.
    pub(crate) fn kill(&mut self) -> &mut Self {
        self.writer = None;
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap()
    }

    /// All of it, in colour or not.
    pub(crate) fn played_with(&self, colour: Colour) -> String {
        let mut output = Vec::new();
        let mut reader = Reader::open(&self.path).unwrap();
        let playback = Playback {
            wait: false,
            ..Playback::default()
        };
        play(&mut reader, &mut output, colour, playback, |_| panic!("no waits")).unwrap();
        String::from_utf8(output).unwrap()
    }

    /// What is between the remarks at the start and those at the end.
    pub(crate) fn played(&mut self) -> String {
        if self.writer.is_some() {
            self.end();
        }
        let text = self.played_with(Colour::Off);
        let lines: Vec<&str> = text.lines().collect();
        lines[2..lines.len() - 2].join("\n")
    }

    pub(crate) fn exported(&self) -> String {
        let mut output = Vec::new();
        export_jsonl(&mut Reader::open(&self.path).unwrap(), &mut output).unwrap();
        String::from_utf8(output).unwrap()
    }
}

fn message(tag: u8, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    let mut bytes = vec![tag];
    bytes.extend_from_slice(&u32::try_from(body.len() + 4).unwrap().to_be_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

fn values(values: &[Option<&[u8]>]) -> Vec<u8> {
    let mut bytes = u16::try_from(values.len()).unwrap().to_be_bytes().to_vec();
    for value in values {
        match value {
            None => bytes.extend_from_slice(&(-1i32).to_be_bytes()),
            Some(value) => {
                bytes.extend_from_slice(&i32::try_from(value.len()).unwrap().to_be_bytes());
                bytes.extend_from_slice(value);
            }
        }
    }
    bytes
}

fn formats(formats: &[i16]) -> Vec<u8> {
    let mut bytes = u16::try_from(formats.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(formats.iter().flat_map(|format| format.to_be_bytes()));
    bytes
}

fn oids(types: &[u32]) -> Vec<u8> {
    let mut bytes = u16::try_from(types.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(types.iter().flat_map(|oid| oid.to_be_bytes()));
    bytes
}

pub(crate) fn query(sql: &str) -> Vec<u8> {
    message(b'Q', &[sql.as_bytes(), b"\0"])
}

pub(crate) fn parse(name: &str, sql: &str, types: &[u32]) -> Vec<u8> {
    message(
        b'P',
        &[name.as_bytes(), b"\0", sql.as_bytes(), b"\0", &oids(types)],
    )
}

pub(crate) fn bind(
    portal: &str,
    name: &str,
    format: i16,
    parameters: &[Option<&[u8]>],
    results: i16,
) -> Vec<u8> {
    let tail = formats(&[results]);
    message(
        b'B',
        &[
            portal.as_bytes(),
            b"\0",
            name.as_bytes(),
            b"\0",
            &formats(&[format]),
            &values(parameters),
            &tail,
        ],
    )
}

pub(crate) fn describe(target: &str, name: &str) -> Vec<u8> {
    message(b'D', &[target.as_bytes(), name.as_bytes(), b"\0"])
}

pub(crate) fn execute(portal: &str, rows_max: i32) -> Vec<u8> {
    message(b'E', &[portal.as_bytes(), b"\0", &rows_max.to_be_bytes()])
}

pub(crate) fn sync() -> Vec<u8> {
    message(b'S', &[])
}

pub(crate) fn bare(tag: u8) -> Vec<u8> {
    message(tag, &[])
}

pub(crate) fn function_call(function: u32) -> Vec<u8> {
    message(b'F', &[&function.to_be_bytes(), &[0, 0, 0, 0, 0, 0]])
}

pub(crate) fn copy_data(data: &[u8]) -> Vec<u8> {
    message(b'd', &[data])
}

pub(crate) fn copy_fail(text: &str) -> Vec<u8> {
    message(b'f', &[text.as_bytes(), b"\0"])
}

/// `CopyInResponse`, `CopyOutResponse`.
pub(crate) fn copy_response(tag: u8, format: u8) -> Vec<u8> {
    message(tag, &[&[format], &formats(&[i16::from(format)])])
}

pub(crate) fn row_description(columns: &[(&str, u32)]) -> Vec<u8> {
    let mut body = u16::try_from(columns.len()).unwrap().to_be_bytes().to_vec();
    for (name, oid) in columns {
        body.extend_from_slice(name.as_bytes());
        body.extend_from_slice(&[0; 7]);
        body.extend_from_slice(&oid.to_be_bytes());
        body.extend_from_slice(&[0; 8]);
    }
    message(b'T', &[&body])
}

pub(crate) fn parameter_description(types: &[u32]) -> Vec<u8> {
    message(b't', &[&oids(types)])
}

pub(crate) fn data_row(row: &[Option<&[u8]>]) -> Vec<u8> {
    message(b'D', &[&values(row)])
}

pub(crate) fn text_row(row: &[&str]) -> Vec<u8> {
    let row: Vec<Option<&[u8]>> = row.iter().map(|value| Some(value.as_bytes())).collect();
    data_row(&row)
}

pub(crate) fn complete(tag: &str) -> Vec<u8> {
    message(b'C', &[tag.as_bytes(), b"\0"])
}

pub(crate) fn ready(status: u8) -> Vec<u8> {
    message(b'Z', &[&[status]])
}

fn fields(tag: u8, fields: &[(u8, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (code, value) in fields {
        body.push(*code);
        body.extend_from_slice(value.as_bytes());
        body.push(0);
    }
    body.push(0);
    message(tag, &[&body])
}

pub(crate) fn error(list: &[(u8, &str)]) -> Vec<u8> {
    fields(b'E', list)
}

pub(crate) fn plain_error(text: &str) -> Vec<u8> {
    error(&[(b'S', "ERROR"), (b'V', "ERROR"), (b'C', "22012"), (b'M', text)])
}

pub(crate) fn notice(list: &[(u8, &str)]) -> Vec<u8> {
    fields(b'N', list)
}

pub(crate) fn notification(channel: &str, payload: &str) -> Vec<u8> {
    message(
        b'A',
        &[
            &77u32.to_be_bytes(),
            channel.as_bytes(),
            b"\0",
            payload.as_bytes(),
            b"\0",
        ],
    )
}

pub(crate) fn function_result(value: &[u8]) -> Vec<u8> {
    let length = i32::try_from(value.len()).unwrap();
    message(b'V', &[&length.to_be_bytes(), value])
}

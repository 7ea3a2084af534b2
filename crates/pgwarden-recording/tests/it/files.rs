//! Recordings as files: what is written is read, and damage is noticed.

use std::{
    fs,
    io::{Cursor, Read, Seek, SeekFrom, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use pgwarden_recording::{
    CHUNK_PAYLOAD_BYTES_MAX, Content, Damage, EVENT_BYTES_MAX, Ending, Entry, Event, Mode, ReadError, Reader,
    RecordedEvent, SessionWriter, Stream, Timestamp, fuzz_export, render::fuzz_play,
};
use proptest::prelude::*;

use crate::script::{
    Script, bind, complete, copy_data, copy_response, data_row, execute, facts, parse, query, ready,
    row_description, sync,
};

/// What a recording gives, frames of a stream that follow each other joined.
#[derive(Debug, PartialEq, Eq, Clone)]
enum Got {
    Frames(u64, Stream, Vec<u8>),
    Event(u64, Event),
}

fn push(got: &mut Vec<Got>, at: u64, stream: Stream, bytes: &[u8]) {
    match got.last_mut() {
        Some(Got::Frames(last_at, last_stream, last)) if *last_at == at && *last_stream == stream => {
            last.extend_from_slice(bytes);
        }
        _ if bytes.is_empty() => {}
        _ => got.push(Got::Frames(at, stream, bytes.to_vec())),
    }
}

fn read<R: Read>(reader: &mut Reader<R>) -> (Vec<Got>, Result<(), ReadError>) {
    let mut got = Vec::new();
    loop {
        match reader.next_entry() {
            Err(error) => return (got, Err(error)),
            Ok(None) => return (got, Ok(())),
            Ok(Some(entry)) => match entry.content {
                Content::Frames { stream, bytes } => push(&mut got, entry.at.as_micros(), stream, bytes),
                Content::Event(RecordedEvent::Known(event)) => {
                    got.push(Got::Event(entry.at.as_micros(), event));
                }
                Content::Event(RecordedEvent::Unknown(text)) => panic!("unknown event {text}"),
            },
        }
    }
}

fn of_bytes(bytes: &[u8]) -> Result<Reader<Cursor<&[u8]>>, ReadError> {
    Reader::new(Cursor::new(bytes), Path::new("recording"))
}

#[test]
fn files_are_private_to_owner_and_group() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().join("made/for/it");
    let writer = SessionWriter::create(&directory, &facts(), Mode::Required).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    // The umask may take more away.
    assert_eq!((mode(writer.path()) & !0o640, mode(&directory) & !0o750), (0, 0));
    assert_eq!(
        writer.path().file_name().unwrap(),
        "20261124T082413.000250Z-0123456789abcdef.pgwr"
    );
    // A second one of the same name does not overwrite it.
    assert!(SessionWriter::create(&directory, &facts(), Mode::Required).is_err());
}

#[test]
fn what_append_returned_for_is_in_the_file() {
    let script = &mut Script::new();
    script.client(&[query("select 1")]);
    let mut reader = Reader::open(script.path()).unwrap();
    assert_eq!(reader.facts(), &facts());
    let (got, end) = read(&mut reader);
    assert!(end.is_ok());
    assert_eq!(
        got,
        [Got::Frames(100, Stream::ClientForwarded, query("select 1"))]
    );
    assert_eq!(reader.ending(), Some(&Ending::Live));
    script.kill();
    let mut reader = Reader::open(script.path()).unwrap();
    read(&mut reader).1.unwrap();
    let length = u64::try_from(script.bytes().len()).unwrap();
    assert_eq!(
        reader.ending(),
        Some(&Ending::Cut {
            readable_bytes: length,
            torn_bytes: 0
        })
    );
}

#[test]
fn off_writes_nothing_and_best_effort_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x");
    let mut off = SessionWriter::create(&path, &facts(), Mode::Off).unwrap();
    let _recorded = off.append(Timestamp::START, &[]).unwrap();
    assert!(!path.exists());

    fs::write(&path, b"not a directory").unwrap();
    assert!(SessionWriter::create(&path, &facts(), Mode::Required).is_err());
    let mut writer = SessionWriter::create(&path, &facts(), Mode::BestEffort).unwrap();
    let _recorded = writer
        .append(
            Timestamp::START,
            &[Entry::Frames {
                stream: Stream::ClientBound,
                bytes: b"x",
            }],
        )
        .unwrap();
    assert_eq!(writer.errors(), 2);
    assert!(
        writer
            .first_error()
            .unwrap()
            .to_string()
            .starts_with("make the directory of recording")
    );
}

#[test]
fn huge_appends_take_several_chunks() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = SessionWriter::create(directory.path(), &facts(), Mode::Required).unwrap();
    let (small, huge) = (vec![1; 10], vec![2; CHUNK_PAYLOAD_BYTES_MAX * 3]);
    let event = Event::Note {
        text: "between".to_owned(),
    };
    let long_event = Event::Verdict {
        refused: true,
        setting: "\u{1}".repeat(EVENT_BYTES_MAX),
        message: "ü".repeat(EVENT_BYTES_MAX),
        statement: Some("\"".repeat(EVENT_BYTES_MAX)),
    };
    let frames = |bytes| Entry::Frames {
        stream: Stream::ServerForwarded,
        bytes,
    };
    let entries = [
        frames(&small),
        frames(&[]),
        frames(&huge),
        Entry::Event(&event),
        frames(&small),
        Entry::Event(&long_event),
    ];
    let _recorded = writer.append(Timestamp::from_micros(5), &entries).unwrap();
    let many: Vec<Entry<'_>> = (0..100).map(|_| Entry::Event(&event)).collect();
    let _recorded = writer.append(Timestamp::from_micros(6), &many).unwrap();
    assert_eq!(writer.counts().refusals, 1);
    assert_eq!(writer.bytes_written(), fs::metadata(writer.path()).unwrap().len());
    let (got, end) = read(&mut Reader::open(writer.path()).unwrap());
    end.unwrap();
    let mut joined = small.clone();
    joined.extend_from_slice(&huge);
    assert_eq!(
        got[..3],
        [
            Got::Frames(5, Stream::ServerForwarded, joined),
            Got::Event(5, event.clone()),
            Got::Frames(5, Stream::ServerForwarded, small),
        ]
    );
    let Got::Event(
        5,
        Event::Verdict {
            message,
            statement: Some(statement),
            ..
        },
    ) = &got[3]
    else {
        panic!("{:?}", got[3])
    };
    assert!(message.ends_with('…') && statement.starts_with("\"\""));
    assert_eq!(got[4..], vec![Got::Event(6, event); 100]);
}

/// A small recording with something of everything.
fn small() -> Vec<u8> {
    let mut script = Script::new();
    script
        .client(&[query("select 1")])
        .server(&[
            row_description(&[("x", 23)]),
            data_row(&[Some(b"1"), None]),
            complete("SELECT 1"),
            ready(b'I'),
        ])
        .event(&Event::Note {
            text: "note".to_owned(),
        })
        .client(&[
            parse("s", "copy t from stdin", &[]),
            bind("", "s", 0, &[None], 1),
            execute("", 0),
            sync(),
        ])
        .server(&[copy_response(b'G', 0)])
        .client(&[copy_data(b"1\n")])
        .end();
    script.bytes()
}

#[test]
fn each_prefix_of_a_recording_is_read_up_to_its_last_whole_chunk() {
    let whole = small();
    let (all, end) = read(&mut of_bytes(&whole).unwrap());
    end.unwrap();
    let mut lengths = Vec::new();
    for cut in 0..whole.len() {
        let prefix = &whole[..cut];
        fuzz_play(prefix);
        fuzz_export(prefix);
        let mut reader = match of_bytes(prefix) {
            Ok(reader) => reader,
            Err(ReadError::NoFacts { .. }) => continue,
            Err(error) => panic!("cut at {cut}: {error}"),
        };
        let (got, end) = read(&mut reader);
        end.unwrap_or_else(|error| panic!("cut at {cut}: {error}"));
        assert!(all.starts_with(&got), "cut at {cut}");
        match reader.ending() {
            Some(Ending::Cut {
                readable_bytes,
                torn_bytes,
            }) => assert_eq!(readable_bytes + torn_bytes, u64::try_from(cut).unwrap()),
            // The end is whole; only the footer behind it is not.
            Some(Ending::Ended(..)) => assert!(cut >= whole.len() - 32, "cut at {cut}"),
            other => panic!("cut at {cut}: {other:?}"),
        }
        lengths.push(got.len());
    }
    assert!(lengths.is_sorted());
    assert_eq!(lengths.last(), Some(&all.len()));
}

#[test]
fn each_flipped_bit_is_noticed() {
    let whole = small();
    let (all, _) = read(&mut of_bytes(&whole).unwrap());
    for bit in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        fuzz_play(&bytes);
        fuzz_export(&bytes);
        let Ok(mut reader) = of_bytes(&bytes) else {
            continue;
        };
        let (got, end) = read(&mut reader);
        assert!(all.starts_with(&got), "bit {bit}");
        match end {
            Err(ReadError::Damaged {
                offset,
                damage: Damage::Header | Damage::Payload,
                ..
            }) => {
                assert!(offset <= u64::try_from(bit / 8).unwrap(), "bit {bit}");
            }
            other => panic!("bit {bit}: {other:?}"),
        }
    }
}

#[test]
fn zeros_that_a_machine_crash_left_are_a_cut() {
    let mut script = Script::new();
    script.client(&[query("select 1")]).kill();
    let mut bytes = script.bytes();
    bytes.extend_from_slice(&[0; 4096]);
    let mut reader = of_bytes(&bytes).unwrap();
    read(&mut reader).1.unwrap();
    assert!(matches!(
        reader.ending(),
        Some(Ending::Cut { torn_bytes: 16.., .. })
    ));
}

#[test]
fn what_is_newer_gives_a_clear_error() {
    let mut bytes = small();
    bytes[9] = 2;
    let error = of_bytes(&bytes).unwrap_err().to_string();
    assert_eq!(
        error,
        "can't read recording: its format is version 2, and this pgwarden reads up to version 1; a newer pgwarden is needed"
    );
    assert_eq!(
        of_bytes(b"#!/bin/sh").unwrap_err().to_string(),
        "can't read recording: it is not a recording of pgwarden"
    );
}

/// A chunk as docs/recording-format.md has it.
fn chunk(kind: u8, codec: u8, flags: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, codec];
    bytes.extend_from_slice(&flags.to_be_bytes());
    bytes.extend_from_slice(&u32::try_from(payload.len()).unwrap().to_be_bytes());
    bytes.extend_from_slice(&crc32fast::hash(payload).to_be_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&bytes).to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

#[test]
fn unknown_chunks_are_passed_over_only_if_they_allow_it() {
    let mut script = Script::new();
    script.client(&[query("select 1")]).kill();
    let start = script.bytes();
    let entries = chunk(0x02, 0, 0, &[&[1u8, 0x20, 0][..], &[2], b"{}"].concat());
    let with = |middle: Vec<u8>| [start.clone(), middle, entries.clone()].concat();
    let entries_read = |bytes: &[u8]| {
        let mut reader = of_bytes(bytes).unwrap();
        let mut count = 0;
        loop {
            match reader.next_entry() {
                Ok(Some(_)) => count += 1,
                Ok(None) => return Ok(count),
                Err(error) => return Err(error),
            }
        }
    };
    assert_eq!(entries_read(&with(chunk(0x44, 3, 1, b"index"))).unwrap(), 2);
    for (kind, codec) in [(0x44, 0), (0x02, 1), (0x03, 9)] {
        let error = entries_read(&with(chunk(kind, codec, 0, b"sealed"))).unwrap_err();
        assert!(
            matches!(error, ReadError::UnknownChunk { kind: k, codec: c, .. } if (k, c) == (kind, codec)),
            "{error}"
        );
    }
    let long = chunk(0x02, 0, 0, &vec![0; CHUNK_PAYLOAD_BYTES_MAX + 1]);
    assert!(matches!(
        entries_read(&with(long)),
        Err(ReadError::Damaged {
            damage: Damage::TooLong(_),
            ..
        })
    ));
    let twice = start[32..].to_vec();
    assert!(matches!(
        entries_read(&with(twice)),
        Err(ReadError::Damaged {
            damage: Damage::OutOfPlace,
            ..
        })
    ));
    let malformed = chunk(0x02, 0, 0, &[0, 0x10, 0, 200, 1]);
    assert!(matches!(
        entries_read(&with(malformed)),
        Err(ReadError::Damaged {
            damage: Damage::Malformed,
            ..
        })
    ));
}

#[test]
fn nothing_may_follow_the_end() {
    let mut bytes = small();
    let entries = chunk(0x02, 0, 0, &[1]);
    bytes.extend_from_slice(&entries);
    let (_, end) = read(&mut of_bytes(&bytes).unwrap());
    assert!(matches!(
        end,
        Err(ReadError::Damaged {
            damage: Damage::AfterEnd,
            ..
        })
    ));
}

#[test]
fn a_torn_tail_on_disk_is_said() {
    let mut script = Script::new();
    script
        .client(&[query("select 1")])
        .client(&[query("select 2")])
        .kill();
    let mut file = fs::OpenOptions::new().write(true).open(script.path()).unwrap();
    let end = file.seek(SeekFrom::End(0)).unwrap();
    file.set_len(end - 3).unwrap();
    let text = script.played_with(pgwarden_recording::render::Colour::Off);
    assert!(
        text.contains("orders=> select 1\n-- the recording was cut here"),
        "{text}"
    );
    assert!(text.trim_end().ends_with("bytes behind them are torn"), "{text}");
    file.seek(SeekFrom::Start(40)).unwrap();
    file.write_all(b"XXXX").unwrap();
    assert!(matches!(
        Reader::open(script.path()),
        Err(ReadError::Damaged {
            offset: 32,
            damage: Damage::Header,
            ..
        })
    ));
}

fn entries() -> impl Strategy<Value = Vec<(u64, Vec<Got>)>> {
    let frames = (
        proptest::sample::select(Stream::ALL.to_vec()),
        proptest::collection::vec(any::<u8>(), 0..300),
    );
    let entry = prop_oneof![
        8 => frames.prop_map(|(stream, bytes)| Got::Frames(0, stream, bytes)),
        1 => any::<String>().prop_map(|text| Got::Event(0, Event::Note { text })),
    ];
    proptest::collection::vec((0u64..1_000_000, proptest::collection::vec(entry, 0..60)), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_appended_is_read(batches in entries()) {
        let directory = tempfile::tempdir().unwrap();
        let mut writer = SessionWriter::create(directory.path(), &facts(), Mode::Required).unwrap();
        let (mut expected, mut at) = (Vec::new(), 0);
        for (delay, batch) in &batches {
            at += delay;
            let mut entries = Vec::new();
            for got in batch {
                match got {
                    Got::Frames(_, stream, bytes) => {
                        push(&mut expected, at, *stream, bytes);
                        entries.push(Entry::Frames { stream: *stream, bytes });
                    }
                    Got::Event(_, event) => {
                        expected.push(Got::Event(at, event.clone()));
                        entries.push(Entry::Event(event));
                    }
                }
            }
            let _recorded = writer.append(Timestamp::from_micros(at), &entries).unwrap();
        }
        let bytes = fs::read(writer.path()).unwrap();
        let (got, end) = read(&mut of_bytes(&bytes).unwrap());
        prop_assert!(end.is_ok());
        prop_assert_eq!(got, expected);
        fuzz_play(&bytes);
        fuzz_export(&bytes);
    }

    #[test]
    fn any_bytes_in_whole_chunks_are_played(streams in proptest::collection::vec((0usize..6, messages()), 0..40)) {
        let directory = tempfile::tempdir().unwrap();
        let mut writer = SessionWriter::create(directory.path(), &facts(), Mode::Required).unwrap();
        for (stream, bytes) in &streams {
            let entry = Entry::Frames { stream: Stream::ALL[*stream], bytes };
            let _recorded = writer.append(Timestamp::START, &[entry]).unwrap();
        }
        let bytes = fs::read(writer.path()).unwrap();
        fuzz_play(&bytes);
        fuzz_export(&bytes);
    }

    #[test]
    fn any_bytes_are_no_danger(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        fuzz_play(&bytes);
        fuzz_export(&bytes);
        let mut framed = small()[..32].to_vec();
        framed.extend_from_slice(&chunk(0x01, 0, 0, &serde_json::to_vec(&facts()).unwrap()));
        framed.extend_from_slice(&chunk(0x02, 0, 0, &bytes));
        framed.extend_from_slice(&bytes);
        fuzz_play(&framed);
        fuzz_export(&framed);
    }
}

/// Well-framed messages of any type and body, most of types that exist.
fn messages() -> impl Strategy<Value = Vec<u8>> {
    let tags = b"QPBEDCSHFXdcfp12TDZsItnACNGHWVKRS3v?".to_vec();
    let body = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::collection::vec(0u8..3, 0..20),
        Just(b"\0\0".to_vec()),
        Just(b"I".to_vec()),
        Just(vec![]),
        Just(b"s\0select 1\0\0\0".to_vec()),
        Just(b"\0s\0\0\0\0\0\0\0".to_vec()),
    ];
    proptest::collection::vec((proptest::sample::select(tags), body), 0..8).prop_map(|messages| {
        let mut bytes = Vec::new();
        for (tag, body) in messages {
            bytes.push(tag);
            bytes.extend_from_slice(&u32::try_from(body.len() + 4).unwrap().to_be_bytes());
            bytes.extend_from_slice(&body);
        }
        bytes
    })
}

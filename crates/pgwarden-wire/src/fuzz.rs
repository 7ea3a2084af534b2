//! Every parser of the crate on arbitrary bytes.

use crate::{BackendMessage, ErrorFields, Frame, FrontendMessage, StartupPacket, frames};

/// Reads `data` as a startup packet, and as messages of both sides.
///
/// # Panics
///
/// When frames don't cover the bytes that they are cut from, or a view gives more than it has.
pub fn fuzz_frame(data: &[u8]) {
    if let Ok(Some((packet, length))) = StartupPacket::split_first(data) {
        assert!(length <= data.len(), "a startup packet is longer than its bytes");
        if let StartupPacket::Startup(message) = packet {
            assert!(
                message.parameters().count() <= data.len(),
                "more parameters than bytes"
            );
        }
    }
    let _ = Frame::split_first(data, 1 << 10);
    let _ = ErrorFields::parse(data).map(|fields| fields.iter().count());
    let mut covered = 0_usize;
    for frame in frames(data) {
        covered = covered.saturating_add(frame.bytes.len());
        if let Ok(FrontendMessage::Bind(bind)) = FrontendMessage::parse(frame) {
            assert!(
                bind.parameters().count() <= data.len(),
                "more parameters than bytes"
            );
            let _ = bind.result_format(1);
        }
        match BackendMessage::parse(frame) {
            Ok(BackendMessage::DataRow(columns)) => {
                assert!(columns.iter().count() <= data.len(), "more columns than bytes");
            }
            Ok(BackendMessage::RowDescription(fields)) => {
                assert!(fields.iter().count() <= data.len(), "more fields than bytes");
            }
            Ok(_) | Err(_) => {}
        }
    }
    assert!(covered <= data.len(), "frames are longer than their bytes");
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::fuzz_frame;

    proptest! {
        #[test]
        fn any_bytes_are_read(data in proptest::collection::vec(any::<u8>(), 0..300)) {
            fuzz_frame(&data);
        }
    }

    /// The seeds of the fuzz target, and whatever it has found.
    #[test]
    fn corpus_replays() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/frame");
        let mut seeds = 0;
        for entry in std::fs::read_dir(corpus).unwrap() {
            fuzz_frame(&std::fs::read(entry.unwrap().path()).unwrap());
            seeds += 1;
        }
        assert!(seeds >= 10, "{seeds} seeds");
    }
}

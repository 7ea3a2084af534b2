//! Encodings that clients alone can have: their characters may hold bytes that stand for ASCII characters elsewhere.

use std::borrow::Cow;

/// An encoding that PostgreSQL converts from and no server stores (CHARSET, "Available character sets").
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClientEncoding {
    /// `BIG5`
    Big5,
    /// `GB18030`
    Gb18030,
    /// `GBK`
    Gbk,
    /// `JOHAB`
    Johab,
    /// `SHIFT_JIS_2004`
    ShiftJis2004,
    /// `SJIS`
    Sjis,
    /// `UHC`
    Uhc,
}

impl ClientEncoding {
    /// All of them.
    pub const ALL: [ClientEncoding; 7] = [
        ClientEncoding::Big5,
        ClientEncoding::Gb18030,
        ClientEncoding::Gbk,
        ClientEncoding::Johab,
        ClientEncoding::ShiftJis2004,
        ClientEncoding::Sjis,
        ClientEncoding::Uhc,
    ];

    /// The name by which `ParameterStatus` reports it.
    pub fn name(self) -> &'static str {
        match self {
            ClientEncoding::Big5 => "BIG5",
            ClientEncoding::Gb18030 => "GB18030",
            ClientEncoding::Gbk => "GBK",
            ClientEncoding::Johab => "JOHAB",
            ClientEncoding::ShiftJis2004 => "SHIFT_JIS_2004",
            ClientEncoding::Sjis => "SJIS",
            ClientEncoding::Uhc => "UHC",
        }
    }

    /// The text with every byte of a longer character from 0x80 on, so that each one that is below stands for itself, as it will once the
    /// server has converted the text: its scanner reads what comes of that. All bytes stay where they are.
    ///
    /// `None`: a character in it becomes an ASCII one. What is no character makes the server refuse the whole text
    /// (`pg_client_to_server`, mb/mbutils.c), however it is read here.
    pub fn with_high_bytes(self, text: &[u8]) -> Option<Cow<'_, [u8]>> {
        let mut text = Cow::Borrowed(text);
        let mut at = 0_usize;
        while let Some(rest) = text.get(at..)
            && let Some(first) = rest.iter().position(|&byte| byte >= 0x80)
        {
            let character = rest.get(first..).unwrap_or_default();
            // `shift_jis_2004_to_utf8`: a backslash and a tilde.
            if self == ClientEncoding::ShiftJis2004 && matches!(character, [0x81, 0x5f | 0xb0, ..]) {
                return None;
            }
            let start = at.saturating_add(first);
            let end = start.saturating_add(self.length(character)).min(text.len());
            if text
                .get(start..end)
                .is_some_and(|bytes| bytes.iter().any(|byte| *byte < 0x80))
            {
                for byte in text.to_mut().get_mut(start..end).unwrap_or_default() {
                    *byte |= 0x80;
                }
            }
            at = end;
        }
        Some(text)
    }

    /// How many bytes the character has that begins with a byte from 0x80 on: `pg_wchar_table`, common/wchar.c.
    fn length(self, character: &[u8]) -> usize {
        let first = character.first().copied().unwrap_or_default();
        let second = character.get(1).copied().unwrap_or_default();
        match (self, first, second) {
            // pg_sjis_mblen: half-width katakana are single bytes.
            (ClientEncoding::Sjis | ClientEncoding::ShiftJis2004, 0xa1..=0xdf, _) => 1,
            // pg_gb18030_mblen
            (ClientEncoding::Gb18030, _, 0x30..=0x39) => 4,
            // pg_euc_mblen, by pg_johab_mblen
            (ClientEncoding::Johab, 0x8f, _) => 3,
            (
                ClientEncoding::Big5
                | ClientEncoding::Gb18030
                | ClientEncoding::Gbk
                | ClientEncoding::Johab
                | ClientEncoding::ShiftJis2004
                | ClientEncoding::Sjis
                | ClientEncoding::Uhc,
                ..,
            ) => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_within_characters_do_not_stand_for_themselves() {
        for (encoding, text, expected) in [
            (ClientEncoding::Sjis, &b"\x95\x5c'"[..], Some(&b"\x95\xdc'"[..])),
            (ClientEncoding::Sjis, b"\xb1'\xb1\\", Some(b"\xb1'\xb1\\")),
            (ClientEncoding::Sjis, b"a\x81\x5f", Some(b"a\x81\xdf")),
            (ClientEncoding::ShiftJis2004, b"a\x81\x5f", None),
            (ClientEncoding::ShiftJis2004, b"a\x81\xb0", None),
            (
                ClientEncoding::ShiftJis2004,
                b"\x95\x81\x5f",
                Some(b"\x95\x81\x5f"),
            ),
            (ClientEncoding::Big5, b"'\xa5'", Some(b"'\xa5\xa7")),
            (ClientEncoding::Gbk, b"\x81\x7c|", Some(b"\x81\xfc|")),
            (ClientEncoding::Uhc, b"\x81\x5a;", Some(b"\x81\xda;")),
            (
                ClientEncoding::Gb18030,
                b"\x81\x30\x81\x30'",
                Some(b"\x81\xb0\x81\xb0'"),
            ),
            (ClientEncoding::Gb18030, b"\x81\x40'", Some(b"\x81\xc0'")),
            (ClientEncoding::Johab, b"\x8f\xa1\xa1'", Some(b"\x8f\xa1\xa1'")),
            (ClientEncoding::Johab, b"\x8e'x", Some(b"\x8e\xa7x")),
            // Cut off at the end.
            (ClientEncoding::Gbk, b"a\x81", Some(b"a\x81")),
            (ClientEncoding::Gb18030, b"\x81\x30", Some(b"\x81\xb0")),
        ] {
            assert_eq!(
                encoding.with_high_bytes(text).as_deref(),
                expected,
                "{} {}",
                encoding.name(),
                text.escape_ascii()
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_moves_and_ascii_stays(text in proptest::collection::vec(any::<u8>(), 0..60), ascii in "[ -~]{0,20}") {
            for encoding in ClientEncoding::ALL {
                prop_assert!(encoding.with_high_bytes(ascii.as_bytes()).as_deref() == Some(ascii.as_bytes()));
                if let Some(read) = encoding.with_high_bytes(&text) {
                    prop_assert_eq!(read.len(), text.len());
                    prop_assert!(read.iter().zip(&text).all(|(read, byte)| read == byte || *read == byte | 0x80));
                }
            }
        }
    }
}

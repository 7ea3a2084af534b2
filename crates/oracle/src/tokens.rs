//! Where the scanner splits a text.

use std::ops::Range;

use pg_query::protobuf::{ScanToken, Token};

/// The ranges between semicolons that hold a token, each from its first token to its last. `None`: the scanner refuses the text.
pub(crate) fn ranges(text: &str) -> Option<Vec<Range<usize>>> {
    let tokens = pg_query::scan(text).ok()?.tokens;
    let mut ranges = Vec::new();
    let mut range: Option<Range<usize>> = None;
    for token in tokens {
        match token.token() {
            Token::Ascii59 => ranges.extend(range.take()),
            Token::SqlComment | Token::CComment => {}
            _ => {
                let (start, end) = offsets(&token)?;
                range = Some(range.map_or(start, |range| range.start)..end);
            }
        }
    }
    ranges.extend(range);
    Some(ranges)
}

fn offsets(token: &ScanToken) -> Option<(usize, usize)> {
    Some((
        usize::try_from(token.start).ok()?,
        usize::try_from(token.end).ok()?,
    ))
}

/// Whether nothing but white space and comments is in it.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim_ascii().is_empty() || ranges(text).is_some_and(|ranges| ranges.is_empty())
}

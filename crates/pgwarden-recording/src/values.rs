//! Values as people read them: the text format as it is, the binary formats of common types decoded.
//!
//! A type is decoded as its `…send` function in PostgreSQL writes it, and shown as its `…out` function would. What is
//! not known, or not whole, is shown as hexadecimal digits.

use std::{borrow::Cow, fmt::Write as _};

/// Format code of the protocol: text.
pub(crate) const FORMAT_TEXT: i16 = 0;

/// A value out of a row or a Bind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Value<'a> {
    /// What was kept of it; `None` is NULL.
    pub(crate) bytes: Option<&'a [u8]>,
    /// How many bytes of it are missing.
    pub(crate) missing: usize,
}

/// The values of a `DataRow`, as many as there are when its body is cut.
pub(crate) fn row_values(body: &[u8]) -> impl Iterator<Item = Value<'_>> {
    let (count, mut rest) = body
        .split_first_chunk::<2>()
        .map_or((0, &[][..]), |(count, rest)| (u16::from_be_bytes(*count), rest));
    (0..count).map_while(move |_| take_value(&mut rest))
}

fn take_value<'a>(rest: &mut &'a [u8]) -> Option<Value<'a>> {
    let (length, behind) = rest.split_first_chunk::<4>()?;
    let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
        *rest = behind;
        return Some(Value {
            bytes: None,
            missing: 0,
        });
    };
    let (bytes, behind) = behind.split_at(length.min(behind.len()));
    *rest = behind;
    Some(Value {
        bytes: Some(bytes),
        missing: length.saturating_sub(bytes.len()),
    })
}

/// A value as text. Text that is not UTF-8 stays as it is.
pub(crate) fn shown(type_oid: u32, format: i16, bytes: &[u8]) -> Cow<'_, [u8]> {
    if format == FORMAT_TEXT {
        return Cow::Borrowed(bytes);
    }
    decode(type_oid, bytes).unwrap_or_else(|| Cow::Owned(hex(bytes).into_bytes()))
}

/// The text of a value in binary format; `None` if its type is not known here, or the bytes don't fit it.
pub(crate) fn decode(type_oid: u32, bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let text = match type_oid {
        oid::TEXT
        | oid::VARCHAR
        | oid::BPCHAR
        | oid::NAME
        | oid::UNKNOWN
        | oid::JSON
        | oid::XML
        | oid::CHAR => {
            return Some(Cow::Borrowed(bytes));
        }
        oid::JSONB => return bytes.strip_prefix(&[1]).map(Cow::Borrowed),
        oid::BOOL => match bytes {
            [0] => "f".to_owned(),
            [1] => "t".to_owned(),
            _ => return None,
        },
        oid::INT2 => i16::from_be_bytes(whole(bytes)?).to_string(),
        oid::INT4 => i32::from_be_bytes(whole(bytes)?).to_string(),
        oid::INT8 => i64::from_be_bytes(whole(bytes)?).to_string(),
        oid::OID | oid::XID | oid::CID => u32::from_be_bytes(whole(bytes)?).to_string(),
        oid::FLOAT4 => {
            let value = f32::from_be_bytes(whole(bytes)?);
            float(f64::from(value), || value.to_string())
        }
        oid::FLOAT8 => {
            let value = f64::from_be_bytes(whole(bytes)?);
            float(value, || value.to_string())
        }
        oid::NUMERIC => numeric(bytes)?,
        oid::BYTEA => hex(bytes),
        oid::UUID => uuid(whole(bytes)?),
        oid::DATE => date_out(i32::from_be_bytes(whole(bytes)?)),
        oid::TIME => time_of_day(i64::from_be_bytes(whole(bytes)?)),
        oid::TIMESTAMP => timestamp(i64::from_be_bytes(whole(bytes)?), ""),
        oid::TIMESTAMPTZ => timestamp(i64::from_be_bytes(whole(bytes)?), "+00"),
        oid::VOID => String::new(),
        _ if oid::ARRAYS.contains(&type_oid) => return array(bytes).map(Cow::Owned),
        _ => return None,
    };
    Some(Cow::Owned(text.into_bytes()))
}

/// Whether psql stands values of this type on the right (`column_type_alignment`, `fe_utils/print.c`).
pub(crate) fn is_numeric(type_oid: u32) -> bool {
    matches!(
        type_oid,
        oid::INT2
            | oid::INT4
            | oid::INT8
            | oid::FLOAT4
            | oid::FLOAT8
            | oid::NUMERIC
            | oid::OID
            | oid::XID
            | oid::XID8
            | oid::CID
            | oid::MONEY
    )
}

/// As bytea is shown: `\x00ff`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2).saturating_add(2));
    text.push_str("\\x");
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Object ids of built-in types (`catalog/pg_type.dat`); they never change.
pub(crate) mod oid {
    pub(crate) const BOOL: u32 = 16;
    pub(crate) const BYTEA: u32 = 17;
    pub(crate) const CHAR: u32 = 18;
    pub(crate) const NAME: u32 = 19;
    pub(crate) const INT8: u32 = 20;
    pub(crate) const INT2: u32 = 21;
    pub(crate) const INT4: u32 = 23;
    pub(crate) const TEXT: u32 = 25;
    pub(crate) const OID: u32 = 26;
    pub(crate) const XID: u32 = 28;
    pub(crate) const CID: u32 = 29;
    pub(crate) const JSON: u32 = 114;
    pub(crate) const XML: u32 = 142;
    pub(crate) const FLOAT4: u32 = 700;
    pub(crate) const FLOAT8: u32 = 701;
    pub(crate) const UNKNOWN: u32 = 705;
    pub(crate) const MONEY: u32 = 790;
    pub(crate) const BPCHAR: u32 = 1042;
    pub(crate) const VARCHAR: u32 = 1043;
    pub(crate) const DATE: u32 = 1082;
    pub(crate) const TIME: u32 = 1083;
    pub(crate) const TIMESTAMP: u32 = 1114;
    pub(crate) const TIMESTAMPTZ: u32 = 1184;
    pub(crate) const NUMERIC: u32 = 1700;
    pub(crate) const VOID: u32 = 2278;
    pub(crate) const UUID: u32 = 2950;
    pub(crate) const JSONB: u32 = 3802;
    pub(crate) const XID8: u32 = 5069;
    /// Arrays of the types above, in that order.
    pub(crate) const ARRAYS: [u32; 23] = [
        1000, 1001, 1002, 1003, 1016, 1005, 1007, 1009, 1028, 1011, 1012, 199, 143, 1021, 1022, 1014, 1015,
        1182, 1183, 1115, 1185, 1231, 2951,
    ];
}

fn whole<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

fn float(value: f64, finite: impl FnOnce() -> String) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        finite()
    }
}

fn uuid(bytes: [u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Most base-10000 digits of a numeric that are shown: the type holds 131,072 decimal digits before the point.
const NUMERIC_DIGITS_MAX: usize = 40_000;

/// As `numeric_send` and `numeric_out`, `utils/adt/numeric.c`.
fn numeric(bytes: &[u8]) -> Option<String> {
    let (header, digits) = bytes.split_first_chunk::<8>()?;
    let [
        count_high,
        count_low,
        weight_high,
        weight_low,
        sign_high,
        sign_low,
        scale_high,
        scale_low,
    ] = *header;
    let count = usize::from(u16::from_be_bytes([count_high, count_low]));
    let weight = i16::from_be_bytes([weight_high, weight_low]);
    let scale = usize::from(u16::from_be_bytes([scale_high, scale_low]) & 0x3fff);
    let sign = match u16::from_be_bytes([sign_high, sign_low]) {
        0x0000 => "",
        0x4000 => "-",
        0xc000 => return Some("NaN".to_owned()),
        0xd000 => return Some("Infinity".to_owned()),
        0xf000 => return Some("-Infinity".to_owned()),
        _ => return None,
    };
    let (groups, []) = digits.as_chunks::<2>() else {
        return None;
    };
    if groups.len() != count || count > NUMERIC_DIGITS_MAX {
        return None;
    }
    let group = |index: i32| {
        let digit = usize::try_from(index).ok().and_then(|index| groups.get(index));
        digit.map_or(0, |digit| u16::from_be_bytes(*digit))
    };
    let mut text = sign.to_owned();
    if weight < 0 {
        text.push('0');
    }
    for index in 0..=i32::from(weight) {
        let _ = if index == 0 {
            write!(text, "{}", group(index))
        } else {
            write!(text, "{:04}", group(index))
        };
    }
    if scale > 0 {
        let mut fraction = String::new();
        let mut index = i32::from(weight).saturating_add(1);
        while fraction.len() < scale {
            let _ = write!(fraction, "{:04}", group(index));
            index = index.saturating_add(1);
        }
        text.push('.');
        text.push_str(fraction.get(..scale).unwrap_or(&fraction));
    }
    Some(text)
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Days from 1970-01-01 to 2000-01-01, where PostgreSQL counts from.
const POSTGRES_EPOCH_DAYS: i64 = 10_957;

fn date_out(days: i32) -> String {
    match days {
        i32::MIN => "-infinity".to_owned(),
        i32::MAX => "infinity".to_owned(),
        _ => {
            let (date, era) = date(i64::from(days));
            date + era
        }
    }
}

/// `days` since 2000-01-01 as a date, and what stands behind it before our era.
fn date(days: i64) -> (String, &'static str) {
    // Howard Hinnant's `civil_from_days`, for the proleptic Gregorian calendar, as PostgreSQL's `j2date`.
    let shifted = days.saturating_add(POSTGRES_EPOCH_DAYS).saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = day_of_era
        .saturating_sub(day_of_era / 1_460)
        .saturating_add(day_of_era / 36_524)
        .saturating_sub(day_of_era / 146_096)
        / 365;
    let days_before = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era / 4)
        .saturating_sub(year_of_era / 100);
    let day_of_year = day_of_era.saturating_sub(days_before);
    let month_index = day_of_year.saturating_mul(5).saturating_add(2) / 153;
    let day = day_of_year
        .saturating_sub(month_index.saturating_mul(153).saturating_add(2) / 5)
        .saturating_add(1);
    let month = if month_index < 10 {
        month_index.saturating_add(3)
    } else {
        month_index.saturating_sub(9)
    };
    let year = year_of_era
        .saturating_add(era.saturating_mul(400))
        .saturating_add(i64::from(month <= 2));
    let (year, era) = if year > 0 {
        (year, "")
    } else {
        (year.saturating_neg().saturating_add(1), " BC")
    };
    (format!("{year:04}-{month:02}-{day:02}"), era)
}

fn time_of_day(micros: i64) -> String {
    let seconds = micros.div_euclid(1_000_000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let mut text = format!("{hours:02}:{minutes:02}:{:02}", seconds % 60);
    let fraction = micros.rem_euclid(1_000_000);
    if fraction != 0 {
        let _ = write!(text, ".{fraction:06}");
        text.truncate(text.trim_end_matches('0').len());
    }
    text
}

/// `micros` since 2000-01-01 UTC.
fn timestamp(micros: i64, zone: &str) -> String {
    match micros {
        i64::MIN => "-infinity".to_owned(),
        i64::MAX => "infinity".to_owned(),
        _ => {
            let (date, era) = date(micros.div_euclid(MICROS_PER_DAY));
            format!(
                "{date} {}{zone}{era}",
                time_of_day(micros.rem_euclid(MICROS_PER_DAY))
            )
        }
    }
}

/// An array of one dimension, or none, as `array_out` shows it, utils/adt/arrayfuncs.c.
fn array(bytes: &[u8]) -> Option<Vec<u8>> {
    let (header, mut rest) = bytes.split_first_chunk::<12>()?;
    let (words, _) = header.as_chunks::<4>();
    let [dimensions, _has_null, element] = words else {
        return None;
    };
    let element = u32::from_be_bytes(*element);
    let mut text = b"{".to_vec();
    match u32::from_be_bytes(*dimensions) {
        0 if rest.is_empty() => {}
        1 => {
            let (bounds, behind) = rest.split_first_chunk::<8>()?;
            rest = behind;
            let (count, _lower_bound) = bounds.split_first_chunk::<4>()?;
            for index in 0..u32::from_be_bytes(*count) {
                if index > 0 {
                    text.push(b',');
                }
                let value = take_value(&mut rest).filter(|value| value.missing == 0)?;
                match value.bytes {
                    None => text.extend_from_slice(b"NULL"),
                    // An array within an array is none of PostgreSQL's, and would be a way to make us recurse.
                    Some(_) if oid::ARRAYS.contains(&element) => return None,
                    Some(bytes) => put_element(&mut text, &decode(element, bytes)?),
                }
            }
            if !rest.is_empty() {
                return None;
            }
        }
        _ => return None,
    }
    text.push(b'}');
    Some(text)
}

fn put_element(text: &mut Vec<u8>, element: &[u8]) {
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'{' | b'}' | b',') || byte.is_ascii_whitespace();
    if !element.is_empty() && !element.iter().any(special) && !element.eq_ignore_ascii_case(b"null") {
        text.extend_from_slice(element);
        return;
    }
    text.push(b'"');
    for byte in element {
        if matches!(byte, b'"' | b'\\') {
            text.push(b'\\');
        }
        text.push(*byte);
    }
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Expectations are what PostgreSQL prints for the same bytes.
    #[track_caller]
    fn check(type_oid: u32, bytes: &[u8], expected: &str) {
        let text = decode(type_oid, bytes).map(|text| String::from_utf8_lossy(&text).into_owned());
        assert_eq!(text.as_deref(), Some(expected), "{bytes:?}");
    }

    #[test]
    fn scalars() {
        check(oid::BOOL, &[1], "t");
        check(oid::INT2, &[0xff, 0xfe], "-2");
        check(oid::INT4, &[0, 0, 1, 0], "256");
        check(oid::INT8, &i64::MIN.to_be_bytes(), "-9223372036854775808");
        check(oid::OID, &[0xff; 4], "4294967295");
        check(oid::FLOAT4, &1.5f32.to_be_bytes(), "1.5");
        check(oid::FLOAT8, &0.1f64.to_be_bytes(), "0.1");
        check(oid::FLOAT8, &f64::NEG_INFINITY.to_be_bytes(), "-Infinity");
        check(oid::TEXT, b"", "");
        check(oid::JSONB, b"\x01{}", "{}");
        check(oid::BYTEA, &[0, 0xff], "\\x00ff");
        check(
            oid::UUID,
            &[
                0xa0, 0xee, 0xbc, 0x99, 0x9c, 0x0b, 0x4e, 0xf8, 0xbb, 0x6d, 0x6b, 0xb9, 0xbd, 0x38, 0x0a,
                0x11,
            ],
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        );
    }

    #[test]
    fn numerics() {
        check(oid::NUMERIC, &[0, 0, 0, 0, 0, 0, 0, 0], "0");
        check(oid::NUMERIC, &[0, 1, 0, 0, 0, 0, 0, 0, 0, 7], "7");
        check(
            oid::NUMERIC,
            &[0, 3, 0, 1, 0x40, 0, 0, 2, 0, 1, 0x09, 0x29, 0x0d, 0x48],
            "-12345.34",
        );
        check(oid::NUMERIC, &[0, 1, 0xff, 0xff, 0, 0, 0, 4, 0, 5], "0.0005");
        check(oid::NUMERIC, &[0, 1, 0, 1, 0, 0, 0, 2, 0, 1], "10000.00");
        check(oid::NUMERIC, &[0, 0, 0, 0, 0xc0, 0, 0, 0], "NaN");
    }

    #[test]
    fn dates_and_times() {
        check(oid::DATE, &0i32.to_be_bytes(), "2000-01-01");
        check(oid::DATE, &(-1i32).to_be_bytes(), "1999-12-31");
        check(oid::DATE, &8_825i32.to_be_bytes(), "2024-02-29");
        check(oid::DATE, &(-730_120i32).to_be_bytes(), "0001-01-01");
        check(oid::DATE, &(-730_121i32).to_be_bytes(), "0001-12-31 BC");
        check(oid::DATE, &i32::MAX.to_be_bytes(), "infinity");
        check(oid::TIME, &3_661_500_000i64.to_be_bytes(), "01:01:01.5");
        check(
            oid::TIMESTAMP,
            &(-1i64).to_be_bytes(),
            "1999-12-31 23:59:59.999999",
        );
        check(
            oid::TIMESTAMPTZ,
            &(MICROS_PER_DAY * 366).to_be_bytes(),
            "2001-01-01 00:00:00+00",
        );
    }

    #[test]
    fn arrays() {
        let header = |element: u32, count: u32| {
            [1, 0, element, count, 1]
                .iter()
                .flat_map(|word| word.to_be_bytes())
                .collect::<Vec<u8>>()
        };
        let mut bytes = header(oid::INT4, 2);
        bytes.extend_from_slice(b"\0\0\0\x04\0\0\0\x05\xff\xff\xff\xff");
        check(1007, &bytes, "{5,NULL}");
        let mut bytes = header(oid::TEXT, 3);
        bytes.extend_from_slice(b"\0\0\0\0\0\0\0\x04null\0\0\0\x03a\"b");
        check(1009, &bytes, r#"{"","null","a\"b"}"#);
        check(1007, &[0; 12], "{}");
    }

    #[test]
    fn what_does_not_fit_is_shown_as_digits() {
        for (type_oid, bytes) in [
            (oid::INT4, &[1, 2][..]),
            (oid::BOOL, &[2]),
            (oid::NUMERIC, &[0; 7]),
            (600, &[1]),
            (1007, &[0; 13]),
            (0, b"x"),
        ] {
            assert_eq!(decode(type_oid, bytes), None);
            assert!(shown(type_oid, 1, bytes).starts_with(b"\\x"));
        }
        assert_eq!(&*shown(oid::INT4, 0, b"12"), b"12");
    }

    #[test]
    fn rows_that_are_cut_give_what_is_there() {
        let row = b"\0\x03\0\0\0\x02ab\xff\xff\xff\xff\0\0\0\x05xy";
        let values: Vec<_> = row_values(row).collect();
        assert_eq!(
            values,
            [
                Value {
                    bytes: Some(b"ab"),
                    missing: 0
                },
                Value {
                    bytes: None,
                    missing: 0
                },
                Value {
                    bytes: Some(b"xy"),
                    missing: 3
                }
            ]
        );
    }

    proptest! {
        #[test]
        fn any_bytes_of_any_type_are_shown(type_oid in prop_oneof![0u32..4000, proptest::sample::select(oid::ARRAYS.to_vec())],
                                           bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = shown(type_oid, 1, &bytes);
            let _ = row_values(&bytes).count();
        }
    }
}

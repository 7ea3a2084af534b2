//! The functions by which much gets out of or into the database, or that run texts as SQL, and which settings each needs.
//!
//! [`WAYS`] is the list: PostgreSQL's own functions of 13 to 18, those of its contrib extensions, and some of extensions that
//! are found on many servers. What is in it and what isn't follows from one question: could a person without the setting get
//! the bulk effect of a copy by calling the function? Names, sizes, numbers and states of the server aren't that.
//!
//! A test goes over every function of each of these versions and fails when one that could be a way is neither in the list
//! nor among those that are harmless for a stated reason (`ways/harmless.rs`). docs/ways.md is made from both.

mod harmless;
mod table;
#[cfg(test)]
mod tests;

use crate::settings::{Setting, Settings};

pub use harmless::harmless;
pub use table::WAYS;

/// A function of PostgreSQL or of an extension: all its overloads, as a text doesn't say which is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Way {
    /// As the catalogue has it. Of built-in functions the schema is `pg_catalog`; an extension's can be any.
    pub name: &'static str,
    /// The extension that brings it, if it isn't built in.
    pub extension: Option<&'static str>,
    /// The first version of PostgreSQL that had it; `6` stands for that and whatever was before. `13` for extensions that
    /// aren't PostgreSQL's own. From 13 on a test compares it with the catalogues; what is older is for the reader alone.
    pub since: &'static str,
    /// The last major version that has it, if that is behind us.
    pub until: Option<u8>,
    /// The OIDs of a built-in function's overloads. They are fixed (`pg_proc.dat`), and clients write them into `FunctionCall`
    /// messages. None for extensions, whose functions get whatever number is free.
    pub oids: &'static [u32],
    /// What it does, and so what it needs.
    pub class: WayClass,
    /// Which arguments it runs as SQL.
    pub sql: Sql,
}

/// What a way does, and so which settings it needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WayClass {
    /// Much gets out at once: `can_copy_to_clipboard`.
    Out(Medium),
    /// Much gets in at once: `can_paste_from_clipboard`.
    In(Medium),
    /// Both: both of them.
    OutAndIn(Medium),
    /// It moves nothing by itself, but what follows it will move data one way or the other: one of the two will do.
    OutOrIn(Medium),
    /// Much gets out, to where it may become a program or the server's configuration: `can_copy_to_clipboard` and
    /// `can_run_server_programs`.
    OutAndProgram(Medium),
    /// Much gets in, to where it may become a program or the server's configuration: `can_paste_from_clipboard` and
    /// `can_run_server_programs`.
    InAndProgram(Medium),
    /// It changes what the server runs or reads as its configuration: `can_run_server_programs`.
    Program(Medium),
    /// It only runs texts as SQL, which counts as what the texts say. Where they can't be read, `opaque_code` decides.
    DynamicSql,
    /// It sets the setting that its first argument names, which counts as SET does.
    Setting,
    /// It passes, for this reason. Here, and not only among the harmless functions, are those that clients call by number.
    Harmless(&'static str),
}

/// What the data goes through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Medium {
    /// Large objects.
    LargeObject,
    /// Files of the server.
    ServerFile,
    /// XML documents, each a whole result, table, schema or database in one row.
    Xml,
    /// Connections that the server itself opens.
    OtherServer,
    /// The stream of changes to tables.
    LogicalDecoding,
    /// Pages of tables and the write-ahead log, which hold the rows whatever their permissions are.
    Pages,
}

impl Medium {
    /// For messages and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LargeObject => "large objects",
            Self::ServerFile => "files of the server",
            Self::Xml => "XML documents",
            Self::OtherServer => "other servers",
            Self::LogicalDecoding => "logical decoding",
            Self::Pages => "pages and WAL",
        }
    }
}

/// Which arguments of a function are run as SQL. An argument that isn't a text (a number, true, false) is none. With named
/// notation (`query => …`) the place in the list says nothing, so there any text may be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sql {
    /// None.
    None,
    /// Those at these places, counted from 1. Each is run as a whole or put into a statement as it is, with nothing but the
    /// function's own words around it.
    At(&'static [u8]),
    /// That at `place`, but only in the overload that has this many arguments.
    AtOf {
        /// Counted from 1.
        place: u8,
        /// How many arguments the overload has.
        arguments: u8,
    },
    /// Every one.
    All,
}

impl Sql {
    /// Whether the argument at `place`, counted from 1, of a call with this many `arguments` is run as SQL.
    pub fn is_at(self, place: usize, arguments: usize) -> bool {
        match self {
            Self::None => false,
            Self::At(places) => places.iter().any(|&at| usize::from(at) == place),
            Self::AtOf {
                place: at,
                arguments: of,
            } => usize::from(at) == place && usize::from(of) == arguments,
            Self::All => true,
        }
    }
}

impl Way {
    /// Which argument, counted from 1, names a library that the server loads: if it is a path, that runs a program of one's choice.
    pub fn library_at(&self) -> Option<usize> {
        match self.name {
            "pg_create_logical_replication_slot" => Some(2),
            "pg_copy_logical_replication_slot" => Some(4),
            _ => None,
        }
    }

    /// Whether it writes where a read-only transaction doesn't keep it from that: files, other servers, slots, rows beside MVCC and, before
    /// PostgreSQL 16, large objects (`PreventCommandIfReadOnly` in be-fsstubs.c is of 16).
    pub fn writes(&self) -> bool {
        const HARMLESS_WRITERS: &[&str] = &[
            "heap_force_freeze",
            "heap_force_kill",
            "pg_copy_physical_replication_slot",
            "pg_create_physical_replication_slot",
            "pg_drop_replication_slot",
            "pg_import_system_collations",
            "pg_replication_slot_advance",
        ];
        match self.class {
            WayClass::In(_)
            | WayClass::OutAndIn(_)
            | WayClass::OutAndProgram(_)
            | WayClass::InAndProgram(_)
            | WayClass::Program(_) => true,
            WayClass::Out(medium) => matches!(medium, Medium::LogicalDecoding | Medium::OtherServer),
            WayClass::Harmless(_) => HARMLESS_WRITERS.contains(&self.name),
            WayClass::OutOrIn(_) | WayClass::DynamicSql | WayClass::Setting => false,
        }
    }

    /// The setting that forbids a call, if one does: the first that is off of those it needs. What it runs as SQL and which
    /// setting it sets is for the caller to judge.
    pub fn forbidden_by(&self, settings: &Settings) -> Option<Setting> {
        let out = (!settings.can_copy_to_clipboard).then_some(Setting::CanCopyToClipboard);
        let into = (!settings.can_paste_from_clipboard).then_some(Setting::CanPasteFromClipboard);
        let program = (!settings.can_run_server_programs).then_some(Setting::CanRunServerPrograms);
        match self.class {
            WayClass::Out(_) => out,
            WayClass::In(_) => into,
            WayClass::OutAndIn(_) => out.or(into),
            WayClass::OutOrIn(_) => into.and(out),
            WayClass::OutAndProgram(_) => out.or(program),
            WayClass::InAndProgram(_) => into.or(program),
            WayClass::Program(_) => program,
            WayClass::DynamicSql | WayClass::Setting | WayClass::Harmless(_) => None,
        }
    }
}

/// The way of this name, which is the identifier as the server has it: without quotes, folded, without schema.
pub fn way(name: &[u8]) -> Option<&'static Way> {
    if !may_be_way(name) {
        return None;
    }
    WAYS.binary_search_by(|way| way.name.as_bytes().cmp(name))
        .ok()
        .and_then(|at| WAYS.get(at))
}

/// The ways that an extension brings.
pub(crate) fn of_extension(extension: &[u8]) -> impl Iterator<Item = &'static Way> {
    WAYS.iter()
        .filter(move |way| way.extension.is_some_and(|name| name.as_bytes() == extension))
}

/// The way whose overload has this fixed number. Some numbers were given anew in a later version to a function that is no way;
/// they count as the way, as the version isn't known here.
pub fn way_of_oid(oid: u32) -> Option<&'static Way> {
    WAYS.iter().find(|way| way.oids.contains(&oid))
}

/// Whether a word could be the name of a way, in whatever case. Quick, and never wrong when it says no.
pub fn may_be_way(word: &[u8]) -> bool {
    let (Some(&first), Some(&last)) = (word.first(), word.last()) else {
        return false;
    };
    let Some(length) = u32::try_from(word.len())
        .ok()
        .and_then(|length| 1_u64.checked_shl(length))
    else {
        return false;
    };
    let lengths = |table: &[u64; LETTERS], byte: u8| table.get(letter(byte)).copied().unwrap_or_default();
    lengths(&LENGTHS_BY_FIRST, first) & lengths(&LENGTHS_BY_LAST, last) & length != 0
}

/// Letters, digits and the underscore fall into the 32 rows of a table by their low five bits, upper and lower case alike.
const LETTERS: usize = 32;

const fn letter(byte: u8) -> usize {
    #[expect(clippy::as_conversions, reason = "widens, and From is not const")]
    let low = (byte & 31) as usize;
    low
}

/// For each first letter, a bit for each length that the name of a way has.
static LENGTHS_BY_FIRST: [u64; LETTERS] = lengths(End::First);

/// For each last letter likewise.
static LENGTHS_BY_LAST: [u64; LETTERS] = lengths(End::Last);

#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "run by the compiler alone, which refuses what would go wrong"
)]
const fn lengths(end: End) -> [u64; LETTERS] {
    let mut table = [0; LETTERS];
    let mut at = 0;
    while at < WAYS.len() {
        let name = WAYS[at].name.as_bytes();
        let byte = match end {
            End::First => name[0],
            End::Last => name[name.len() - 1],
        };
        table[letter(byte)] |= 1 << name.len();
        at += 1;
    }
    table
}

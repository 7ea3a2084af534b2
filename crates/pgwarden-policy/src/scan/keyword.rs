//! Words that clauses are followed by.

/// Words that clauses are followed by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Keyword {
    /// Not a word.
    No,
    Comma,
    /// Any other word, or a name.
    Other,
    Copy,
    Delete,
    Distinct,
    Do,
    /// ALL, EXCEPT and the like, behind which an expression comes.
    EndsList,
    For,
    From,
    Grant,
    Group,
    Insert,
    Into,
    Join,
    Is,
    Key,
    Lock,
    Merge,
    Not,
    On,
    Only,
    Select,
    Table,
    Then,
    Truncate,
    Update,
    Using,
    Values,
    Within,
    /// Another reserved word, which can be neither a relation's name nor a function's.
    Reserved,
}

impl Keyword {
    /// Whether PostgreSQL takes the word for a name where a name is expected: it isn't reserved.
    pub(super) fn may_be_name(self) -> bool {
        matches!(
            self,
            Self::Other
                | Self::Copy
                | Self::Delete
                | Self::Insert
                | Self::Key
                | Self::Lock
                | Self::Merge
                | Self::Truncate
                | Self::Update
                | Self::Values
                | Self::Within
        )
    }
}

/// What an unquoted word says.
pub(super) fn keyword_of(word: &[u8]) -> Keyword {
    /// The longest of the words below.
    const WORD_BYTES_MAX: usize = 10;
    let mut lower = [0_u8; WORD_BYTES_MAX];
    let Some(lower) = lower.get_mut(..word.len()) else {
        return Keyword::Other;
    };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    match &*lower {
        b"copy" => Keyword::Copy,
        b"delete" => Keyword::Delete,
        b"distinct" => Keyword::Distinct,
        b"do" => Keyword::Do,
        b"where" | b"having" | b"window" | b"order" | b"limit" | b"offset" | b"fetch" | b"union"
        | b"intersect" | b"except" | b"returning" => Keyword::EndsList,
        b"for" => Keyword::For,
        b"from" => Keyword::From,
        b"grant" => Keyword::Grant,
        b"group" => Keyword::Group,
        b"insert" => Keyword::Insert,
        b"into" => Keyword::Into,
        b"join" => Keyword::Join,
        b"is" => Keyword::Is,
        b"key" => Keyword::Key,
        b"lock" => Keyword::Lock,
        b"merge" => Keyword::Merge,
        b"not" => Keyword::Not,
        b"on" => Keyword::On,
        b"only" => Keyword::Only,
        b"select" => Keyword::Select,
        b"table" => Keyword::Table,
        b"then" => Keyword::Then,
        b"truncate" => Keyword::Truncate,
        b"update" => Keyword::Update,
        b"using" => Keyword::Using,
        b"values" => Keyword::Values,
        b"within" => Keyword::Within,
        // The rest of the reserved words (gram.y, `reserved_keyword`).
        b"all" | b"analyse" | b"analyze" | b"and" | b"any" | b"array" | b"as" | b"asc" | b"asymmetric"
        | b"both" | b"case" | b"cast" | b"check" | b"collate" | b"column" | b"constraint" | b"create"
        | b"default" | b"deferrable" | b"desc" | b"else" | b"end" | b"false" | b"foreign" | b"in"
        | b"initially" | b"lateral" | b"leading" | b"null" | b"or" | b"placing" | b"primary"
        | b"references" | b"some" | b"symmetric" | b"to" | b"trailing" | b"true" | b"unique" | b"user"
        | b"variadic" | b"when" | b"with" => Keyword::Reserved,
        _ => Keyword::Other,
    }
}

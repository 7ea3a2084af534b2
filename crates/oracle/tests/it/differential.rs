use std::collections::BTreeMap;

use oracle::{Named, Outcome, Strings, compare};

use crate::corpus;
use crate::mutation::{Random, mutated};

/// What came of many comparisons.
#[derive(Default)]
struct Tally {
    statements: usize,
    named: Named,
    accepted: usize,
    split: usize,
    refused: usize,
    explained: BTreeMap<&'static str, usize>,
    /// The shortest of each kind, and how many there are.
    disagreements: BTreeMap<String, (usize, String)>,
}

impl Tally {
    fn add(&mut self, text: &str, strings: Strings) {
        match compare(text, strings) {
            Outcome::Refused => self.refused += 1,
            Outcome::Split => self.split += 1,
            Outcome::Agreement { statements, named } => {
                self.accepted += 1;
                self.statements += statements;
                self.named.relations += named.relations;
                self.named.may_be_relations += named.may_be_relations;
                self.named.functions += named.functions;
                self.named.may_be_functions += named.may_be_functions;
            }
            Outcome::Explained(reason) => *self.explained.entry(reason).or_default() += 1,
            Outcome::Disagreement(found) => {
                let mut key = format!("{} {:.60} {:.60}", found.about, found.parser, found.analyser);
                key.retain(|character| !character.is_ascii_digit());
                let shown = found.to_string();
                let entry = self.disagreements.entry(key).or_insert((0, shown.clone()));
                entry.0 += 1;
                if shown.len() < entry.1.len() {
                    entry.1 = shown;
                }
            }
        }
    }

    fn add_both(&mut self, text: &str) {
        self.add(text, Strings::Conforming);
        self.add(text, Strings::Escaping);
    }

    #[track_caller]
    #[expect(clippy::print_stderr, reason = "figures to be seen with --no-capture")]
    fn check(&self, accepted_min: usize) {
        let Self {
            statements,
            named,
            accepted,
            split,
            refused,
            explained,
            disagreements,
        } = self;
        eprintln!(
            "{accepted} texts accepted ({statements} statements), {split} split, {refused} refused; {explained:?} {named:?}"
        );
        let shown: Vec<_> = disagreements
            .values()
            .map(|(count, shown)| format!("{count} x {shown}"))
            .collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
        assert!(
            *accepted >= accepted_min,
            "the parser accepts {accepted} texts only"
        );
    }
}

#[test]
fn regression_tests() {
    let mut tally = Tally::default();
    for text in corpus::regress() {
        tally.add_both(&text);
    }
    tally.check(80_000);
}

#[test]
fn pairs_of_regression_tests() {
    let mut tally = Tally::default();
    for pair in corpus::regress().chunks(2) {
        tally.add_both(&pair.join(" "));
    }
    tally.check(40_000);
}

#[test]
fn captured_queries() {
    let mut tally = Tally::default();
    for text in corpus::captured().iter().chain(&corpus::ordinary()) {
        tally.add_both(text);
    }
    tally.check(200);
}

#[test]
fn seeds() {
    let mut tally = Tally::default();
    for text in corpus::seeds() {
        tally.add_both(&text);
    }
    tally.check(60);
}

/// `ORACLE_TEXTS` and `ORACLE_SEED` make them more and others.
#[test]
fn generated_texts() {
    const TEXTS: usize = 20_000;
    /// Longer ones tell no more and take long.
    const BYTES_MAX: usize = 4_000;
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse::<usize>().ok())
    };
    let mut random = Random::new(number("ORACLE_SEED").unwrap_or(5).try_into().unwrap());
    let mut texts = corpus::captured();
    texts.extend(corpus::ordinary());
    let regress = corpus::regress();
    for _ in 0..4 {
        texts.extend(corpus::seeds());
    }
    let mut tally = Tally::default();
    for _ in 0..number("ORACLE_TEXTS").unwrap_or(TEXTS) {
        let from = if random.once_in(2) { &regress } else { &texts };
        let text = mutated(&mut random, from);
        if text.len() <= BYTES_MAX && !text.contains('\0') {
            tally.add_both(&text);
        }
    }
    tally.check(5_000);
}

//! What is counted: every metric of pgwarden, as fields of one struct per subsystem.
//!
//! Labels are names of records and words of closed enums, never what a client typed.

mod facts_cache;
mod labels;

use pgwarden_policy::{Setting, StatementKind};
use pgwarden_recording::RecordingErrorKind;
use pgwarden_records::RecordName;
use prometheus::core::Collector;
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

use crate::cancel::CancelOutcome;

use facts_cache::FactsCacheMetrics;
use labels::Direction;
pub(crate) use labels::{
    CancelOrigin, CancelResult, LoginFailure, RecordingStage, ReloadResult, SessionOutcome, StatementVerdict,
};

/// The content type of [`Metrics::render`].
pub(crate) const TEXT_FORMAT: &str = prometheus::TEXT_FORMAT;

/// Seconds of a statement: from a primary-key lookup on the same host to a report that runs for minutes.
const STATEMENT_SECONDS: &[f64] = &[
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    30.0, 60.0, 300.0,
];

/// Seconds of a login: from a cached key on the same host to `login_timeout`.
const LOGIN_SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];

/// Every metric.
pub(crate) struct Metrics {
    registry: Registry,
    /// Sessions and their bytes.
    pub(crate) sessions: SessionMetrics,
    /// Logins, of people and to servers.
    pub(crate) logins: LoginMetrics,
    /// Cancel requests.
    pub(crate) cancels: CancelMetrics,
    /// Statements and what became of them.
    pub(crate) statements: StatementMetrics,
    /// The cache of facts.
    pub(crate) facts_cache: FactsCacheMetrics,
    /// Recordings.
    pub(crate) recording: RecordingMetrics,
    /// The configuration.
    pub(crate) config: ConfigMetrics,
}

/// Sessions and their bytes.
pub(crate) struct SessionMetrics {
    open: IntGaugeVec,
    total: IntCounterVec,
    /// Bytes passed on to servers.
    pub(crate) bytes_to_server: IntCounter,
    /// Bytes passed on to clients.
    pub(crate) bytes_to_client: IntCounter,
    /// Connections that a defect of pgwarden ended, logged in or not.
    pub(crate) panics: IntCounter,
}

/// Logins, of people and to servers.
pub(crate) struct LoginMetrics {
    /// From accept to the end of the SCRAM exchange, for logins that succeeded.
    pub(crate) seconds: Histogram,
    failures: IntCounterVec,
    backend_seconds: HistogramVec,
}

/// Cancel requests.
pub(crate) struct CancelMetrics {
    requests: IntCounterVec,
}

/// Statements and what became of them.
pub(crate) struct StatementMetrics {
    total: IntCounterVec,
    refusals: IntCounterVec,
    observed_refusals: IntCounterVec,
    seconds: HistogramVec,
    /// Copies that the server began without an approval.
    pub(crate) guard_trips: IntCounter,
}

/// Recordings.
#[derive(Clone)]
pub(crate) struct RecordingMetrics {
    bytes: IntCounterVec,
    /// Bytes that were passed on and are not in a file yet. Always 0 in mode `required`.
    pub(crate) lag_bytes: IntGauge,
    errors: IntCounterVec,
}

/// The configuration.
pub(crate) struct ConfigMetrics {
    reloads: IntCounterVec,
    last_reload_success: IntGauge,
}

impl Metrics {
    /// Registers everything in `registry`. Fails if it holds metrics of these names already.
    pub(crate) fn new(registry: Registry, version: &str) -> Result<Self, prometheus::Error> {
        let bytes = counters(
            &registry,
            "bytes_total",
            "Bytes of the protocol that were passed on, by direction",
            &["direction"],
        )?;
        let build = gauges(
            &registry,
            "build_info",
            "The version of pgwarden that runs; always 1",
            &["version"],
        )?;
        build.with_label_values(&[version]).set(1);
        let metrics = Metrics {
            sessions: SessionMetrics {
                open: gauges(
                    &registry,
                    "sessions",
                    "Sessions that are open, by record",
                    &["record"],
                )?,
                total: counters(
                    &registry,
                    "sessions_total",
                    "Sessions that have ended, by record and outcome",
                    &["record", "outcome"],
                )?,
                bytes_to_server: bytes.with_label_values(&[Direction::ToServer.as_str()]),
                bytes_to_client: bytes.with_label_values(&[Direction::ToClient.as_str()]),
                panics: registered(
                    &registry,
                    IntCounter::with_opts(options(
                        "panics_total",
                        "Connections that a defect of pgwarden ended",
                    ))?,
                )?,
            },
            logins: LoginMetrics {
                seconds: registered(
                    &registry,
                    Histogram::with_opts(histogram_options(
                        "login_seconds",
                        "Seconds that people's logins took, those that succeeded",
                        LOGIN_SECONDS,
                    ))?,
                )?,
                failures: counters(
                    &registry,
                    "login_failures_total",
                    "Logins that failed, by reason",
                    &["reason"],
                )?,
                backend_seconds: histograms(
                    &registry,
                    "backend_login_seconds",
                    "Seconds from connecting to a record's server until it was ready, by record",
                    LOGIN_SECONDS,
                )?,
            },
            cancels: CancelMetrics {
                requests: counters(
                    &registry,
                    "cancel_requests_total",
                    "Cancel requests, by who sent them and what became of them",
                    &["from", "result"],
                )?,
            },
            statements: StatementMetrics {
                total: counters(
                    &registry,
                    "statements_total",
                    "Statements that were judged, by record, kind and verdict",
                    &["record", "kind", "verdict"],
                )?,
                refusals: counters(
                    &registry,
                    "refusals_total",
                    "Statements that were refused, by record and the setting that refused",
                    &["record", "setting"],
                )?,
                observed_refusals: counters(
                    &registry,
                    "observed_refusals_total",
                    "Statements that monitor mode let through and enforce would have refused, by record and setting",
                    &["record", "setting"],
                )?,
                seconds: histograms(
                    &registry,
                    "statement_seconds",
                    "Seconds from passing a statement on until the server was done with it, by record",
                    STATEMENT_SECONDS,
                )?,
                guard_trips: registered(
                    &registry,
                    IntCounter::with_opts(options(
                        "guard_trips_total",
                        "Copies that a server began without an approval; each ended its session",
                    ))?,
                )?,
            },
            facts_cache: FactsCacheMetrics::new(&registry)?,
            recording: RecordingMetrics {
                bytes: counters(
                    &registry,
                    "recording_bytes_total",
                    "Bytes of recordings, by stage",
                    &["stage"],
                )?,
                lag_bytes: registered(
                    &registry,
                    IntGauge::with_opts(options(
                        "recording_lag_bytes",
                        "Bytes that were passed on and are not in a recording yet",
                    ))?,
                )?,
                errors: counters(
                    &registry,
                    "recording_errors_total",
                    "Failures to record, by kind",
                    &["kind"],
                )?,
            },
            config: ConfigMetrics {
                reloads: counters(
                    &registry,
                    "config_reload_total",
                    "Reloads of the configuration, by result",
                    &["result"],
                )?,
                last_reload_success: registered(
                    &registry,
                    IntGauge::with_opts(options(
                        "config_last_reload_success",
                        "Whether the configuration in the file is the one that holds: 1 or 0",
                    ))?,
                )?,
            },
            registry,
        };
        metrics.start_at_zero();
        Ok(metrics)
    }

    /// Rates need a first value, so what has not happened yet is shown as 0.
    fn start_at_zero(&self) {
        let Metrics {
            registry: _,
            sessions: _,
            logins,
            cancels,
            statements: _,
            facts_cache: _,
            recording,
            config,
        } = self;
        for from in CancelOrigin::ALL {
            for result in CancelResult::ALL {
                cancels
                    .requests
                    .with_label_values(&[from.as_str(), result.as_str()]);
            }
        }
        recording.lag_bytes.set(0);
        for reason in LoginFailure::ALL {
            logins.failures.with_label_values(&[reason.as_str()]);
        }
        for stage in RecordingStage::ALL {
            recording.bytes.with_label_values(&[stage.as_str()]);
        }
        for kind in RecordingErrorKind::ALL {
            recording.errors.with_label_values(&[kind.as_str()]);
        }
        for result in ReloadResult::ALL {
            config.reloads.with_label_values(&[result.as_str()]);
        }
    }

    /// Shows what has not happened yet on these records as 0. Statements are left out: every kind of every record would be
    /// thousands of series, most of which stay 0 for ever.
    pub(crate) fn prepare<'a>(&self, records: impl IntoIterator<Item = &'a RecordName>) {
        for record in records.into_iter().map(RecordName::as_str) {
            self.sessions.open.with_label_values(&[record]);
            for outcome in SessionOutcome::ALL {
                self.sessions.total.with_label_values(&[record, outcome.as_str()]);
            }
            let refusing =
                |setting: &&Setting| !matches!(setting, Setting::Enforcement | Setting::RefusalHint);
            for setting in Setting::ALL.iter().filter(refusing) {
                self.statements
                    .refusals
                    .with_label_values(&[record, setting.as_str()]);
                self.statements
                    .observed_refusals
                    .with_label_values(&[record, setting.as_str()]);
            }
            self.statements.seconds.with_label_values(&[record]);
            self.logins.backend_seconds.with_label_values(&[record]);
        }
    }

    /// The metrics of one record, looked up once for a session, so that its statements look up nothing.
    pub(crate) fn record(&self, record: &RecordName) -> RecordMetrics {
        let name = record.as_str();
        RecordMetrics {
            record: name.to_owned(),
            statement_seconds: self.statements.seconds.with_label_values(&[name]),
            backend_login_seconds: self.logins.backend_seconds.with_label_values(&[name]),
            open: self.sessions.open.with_label_values(&[name]),
            ended: self.sessions.total.clone(),
            statements: self.statements.total.clone(),
            met: Vec::new(),
            refusals: self.statements.refusals.clone(),
            observed_refusals: self.statements.observed_refusals.clone(),
        }
    }

    /// All metrics in Prometheus' text format.
    pub(crate) fn render(&self) -> Result<String, prometheus::Error> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        String::from_utf8(text).map_err(|error| prometheus::Error::Msg(error.to_string()))
    }
}

impl LoginMetrics {
    /// A login failed.
    pub(crate) fn failed(&self, reason: LoginFailure) {
        self.failures.with_label_values(&[reason.as_str()]).inc();
    }
}

impl CancelMetrics {
    /// A cancel request was dealt with.
    pub(crate) fn count(&self, outcome: &CancelOutcome) {
        let (from, result) = outcome.labels();
        self.requests
            .with_label_values(&[from.as_str(), result.as_str()])
            .inc();
    }
}

impl RecordingMetrics {
    /// The counter of bytes that have come this far.
    pub(crate) fn bytes(&self, stage: RecordingStage) -> IntCounter {
        self.bytes.with_label_values(&[stage.as_str()])
    }

    /// Something couldn't be recorded.
    pub(crate) fn failed(&self, kind: RecordingErrorKind) {
        self.errors.with_label_values(&[kind.as_str()]).inc();
    }
}

impl ConfigMetrics {
    /// The configuration of the start holds.
    pub(crate) fn loaded(&self) {
        self.last_reload_success.set(1);
    }

    /// The configuration was read anew.
    pub(crate) fn reloaded(&self, result: ReloadResult) {
        self.reloads.with_label_values(&[result.as_str()]).inc();
        self.last_reload_success.set(match result {
            ReloadResult::Applied => 1,
            ReloadResult::Invalid => 0,
        });
    }
}

/// The metrics of one record, held by one session.
pub(crate) struct RecordMetrics {
    record: String,
    /// From passing a statement on until the server was done with it.
    pub(crate) statement_seconds: Histogram,
    /// From connecting until `ReadyForQuery`.
    pub(crate) backend_login_seconds: Histogram,
    open: IntGauge,
    ended: IntCounterVec,
    statements: IntCounterVec,
    /// The counters that this session has used: few, as clients repeat themselves.
    met: Vec<((StatementKind, StatementVerdict), IntCounter)>,
    refusals: IntCounterVec,
    observed_refusals: IntCounterVec,
}

impl RecordMetrics {
    /// A session begins. It is open until the guard is finished or dropped.
    pub(crate) fn open(&self) -> OpenSession {
        self.open.inc();
        OpenSession {
            record: self.record.clone(),
            open: self.open.clone(),
            ended: self.ended.clone(),
            outcome: SessionOutcome::InternalError,
        }
    }

    /// A statement was judged.
    pub(crate) fn statement(&mut self, kind: StatementKind, verdict: StatementVerdict) {
        let key = (kind, verdict);
        if let Some((_, counter)) = self.met.iter().find(|(met, _)| *met == key) {
            counter.inc();
            return;
        }
        let counter = self
            .statements
            .with_label_values(&[&self.record, kind.as_str(), verdict.as_str()]);
        counter.inc();
        self.met.push((key, counter));
    }

    /// Something was refused: `setting` is [`pgwarden_policy::Refusal::setting_name`].
    pub(crate) fn refused(&self, setting: &'static str) {
        self.refusals.with_label_values(&[&self.record, setting]).inc();
    }

    /// Monitor mode let through what this setting refuses.
    pub(crate) fn observed(&self, setting: &'static str) {
        self.observed_refusals
            .with_label_values(&[&self.record, setting])
            .inc();
    }
}

/// A session that is open. Counts it out when dropped, however it ends.
#[must_use]
pub(crate) struct OpenSession {
    record: String,
    open: IntGauge,
    ended: IntCounterVec,
    outcome: SessionOutcome,
}

impl OpenSession {
    /// The session ended like this.
    pub(crate) fn finish(mut self, outcome: SessionOutcome) {
        self.outcome = outcome;
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        let outcome = if std::thread::panicking() {
            SessionOutcome::Panic
        } else {
            self.outcome
        };
        self.open.dec();
        self.ended
            .with_label_values(&[&self.record, outcome.as_str()])
            .inc();
    }
}

fn options(name: &str, help: &str) -> Opts {
    Opts::new(name, help).namespace("pgwarden")
}

fn histogram_options(name: &str, help: &str, buckets: &[f64]) -> HistogramOpts {
    HistogramOpts {
        common_opts: options(name, help),
        buckets: buckets.to_vec(),
    }
}

fn registered<M: Collector + Clone + 'static>(
    registry: &Registry,
    metric: M,
) -> Result<M, prometheus::Error> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

fn counters(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntCounterVec, prometheus::Error> {
    registered(registry, IntCounterVec::new(options(name, help), labels)?)
}

fn gauges(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntGaugeVec, prometheus::Error> {
    registered(registry, IntGaugeVec::new(options(name, help), labels)?)
}

/// By record.
fn histograms(
    registry: &Registry,
    name: &str,
    help: &str,
    buckets: &[f64],
) -> Result<HistogramVec, prometheus::Error> {
    registered(
        registry,
        HistogramVec::new(histogram_options(name, help, buckets), &["record"])?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::tests::{shared, snapshot};

    /// The lines of one metric.
    fn lines(text: &str, metric: &str) -> String {
        let mine = |line: &&str| {
            line.strip_prefix(metric)
                .is_some_and(|rest| rest.starts_with(['{', ' ']))
        };
        text.lines().filter(mine).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn everything_starts_at_zero() {
        insta::assert_snapshot!(shared().metrics.render().unwrap());
    }

    #[test]
    fn a_session_is_counted() {
        let shared = shared();
        let snapshot = snapshot("orders");
        let orders = snapshot.records().next().unwrap();
        let mut record = shared.metrics.record(orders);
        let first = record.open();
        let second = record.open();
        record.statement(StatementKind::Select, StatementVerdict::Allow);
        record.statement(StatementKind::Select, StatementVerdict::Allow);
        record.statement(StatementKind::CopyTo, StatementVerdict::Refuse);
        record.refused(Setting::CanExportCsv.as_str());
        record.observed(Setting::CanImportCsv.as_str());
        first.finish(SessionOutcome::Shutdown);
        let text = shared.metrics.render().unwrap();
        insta::assert_snapshot!(lines(&text, "pgwarden_sessions"), @r#"pgwarden_sessions{record="orders"} 1"#);
        insta::assert_snapshot!(lines(&text, "pgwarden_statements_total"), @r#"
        pgwarden_statements_total{kind="copy_to",record="orders",verdict="refuse"} 1
        pgwarden_statements_total{kind="select",record="orders",verdict="allow"} 2
        "#);
        for counted in [
            r#"pgwarden_sessions_total{outcome="shutdown",record="orders"} 1"#,
            r#"pgwarden_refusals_total{record="orders",setting="can_export_csv"} 1"#,
            r#"pgwarden_refusals_total{record="orders",setting="can_import_csv"} 0"#,
            r#"pgwarden_observed_refusals_total{record="orders",setting="can_import_csv"} 1"#,
        ] {
            assert!(text.contains(counted), "{counted} is not in {text}");
        }
        drop(second);
        assert!(
            shared
                .metrics
                .render()
                .unwrap()
                .contains(r#"pgwarden_sessions{record="orders"} 0"#)
        );
    }

    #[test]
    fn a_session_that_panics_is_counted_out() {
        let shared = shared();
        let snapshot = snapshot("orders");
        let record = shared.metrics.record(snapshot.records().next().unwrap());
        std::thread::spawn(move || {
            let _open = record.open();
            panic!("on purpose");
        })
        .join()
        .unwrap_err();
        let text = shared.metrics.render().unwrap();
        assert!(text.contains(r#"pgwarden_sessions{record="orders"} 0"#), "{text}");
        assert!(
            text.contains(r#"pgwarden_sessions_total{outcome="panic",record="orders"} 1"#),
            "{text}"
        );
    }

    #[test]
    fn two_of_a_name_are_an_error() {
        let registry = Registry::new();
        let _first = Metrics::new(registry.clone(), "1").unwrap();
        assert!(Metrics::new(registry, "1").is_err());
    }
}

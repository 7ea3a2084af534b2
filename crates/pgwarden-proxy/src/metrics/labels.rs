//! The values that labels may have: closed enums, a table each.

use pgwarden_recording::EndReason;

/// Makes an enum whose variants are the values of one label, in the order in which they are written.
macro_rules! label_values {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every value.
            #[allow(dead_code, reason = "not every label starts at zero")]
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The value of the label.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

label_values! {
    /// How a session ended: an [`EndReason`], or less.
    SessionOutcome {
        /// [`EndReason::ClientTerminated`].
        ClientTerminated = "client_terminated",
        /// [`EndReason::ClientVanished`].
        ClientVanished = "client_vanished",
        /// [`EndReason::ServerClosed`].
        ServerClosed = "server_closed",
        /// [`EndReason::BackendLoginFailed`].
        BackendLoginFailed = "backend_login_failed",
        /// [`EndReason::CopyGuard`].
        CopyGuard = "copy_guard",
        /// [`EndReason::LimitExceeded`].
        LimitExceeded = "limit_exceeded",
        /// [`EndReason::ProtocolViolation`].
        ProtocolViolation = "protocol_violation",
        /// [`EndReason::RecordDisabled`].
        RecordDisabled = "record_disabled",
        /// [`EndReason::GrantRevoked`].
        GrantRevoked = "grant_revoked",
        /// [`EndReason::Killed`].
        Killed = "killed",
        /// [`EndReason::Shutdown`].
        Shutdown = "shutdown",
        /// [`EndReason::IdleTimeout`].
        IdleTimeout = "idle_timeout",
        /// [`EndReason::MaxDuration`].
        MaxDuration = "max_duration",
        /// [`EndReason::RecordingFailed`].
        RecordingFailed = "recording_failed",
        /// [`EndReason::InternalError`], or dropped before it came to an end of its own.
        InternalError = "internal_error",
        /// A defect of pgwarden that was caught.
        Panic = "panic",
    }
}

impl From<EndReason> for SessionOutcome {
    fn from(reason: EndReason) -> Self {
        match reason {
            EndReason::ClientTerminated => SessionOutcome::ClientTerminated,
            EndReason::ClientVanished => SessionOutcome::ClientVanished,
            EndReason::ServerClosed => SessionOutcome::ServerClosed,
            EndReason::BackendLoginFailed => SessionOutcome::BackendLoginFailed,
            EndReason::CopyGuard => SessionOutcome::CopyGuard,
            EndReason::LimitExceeded => SessionOutcome::LimitExceeded,
            EndReason::ProtocolViolation => SessionOutcome::ProtocolViolation,
            EndReason::RecordDisabled => SessionOutcome::RecordDisabled,
            EndReason::GrantRevoked => SessionOutcome::GrantRevoked,
            EndReason::Killed => SessionOutcome::Killed,
            EndReason::Shutdown => SessionOutcome::Shutdown,
            EndReason::IdleTimeout => SessionOutcome::IdleTimeout,
            EndReason::MaxDuration => SessionOutcome::MaxDuration,
            EndReason::RecordingFailed => SessionOutcome::RecordingFailed,
            // `Other` is for reading what a newer version wrote; nothing here ends so.
            EndReason::InternalError | EndReason::Other => SessionOutcome::InternalError,
        }
    }
}

label_values! {
    /// Why a login failed.
    LoginFailure {
        /// The password was wrong.
        WrongPassword = "wrong_password",
        /// There is no such person, or they have no way to log in.
        UnknownPerson = "unknown_person",
        /// The person has to show a certificate, and showed none or another's.
        WrongCertificate = "wrong_certificate",
        /// The client came without TLS where it is required.
        TlsRequired = "tls_required",
        /// The TLS handshake with the client failed.
        TlsFailed = "tls_failed",
        /// No record was named.
        NoRecord = "no_record",
        /// There is no such record.
        UnknownRecord = "unknown_record",
        /// The record is disabled.
        RecordDisabled = "record_disabled",
        /// No grant holds for this person, place and time.
        NotGranted = "not_granted",
        /// The record doesn't offer this database.
        DatabaseNotAllowed = "database_not_allowed",
        /// A startup parameter was refused, as the SET that it is.
        ParameterRefused = "parameter_refused",
        /// A replication connection was refused.
        ReplicationRefused = "replication_refused",
        /// What arrived isn't a login by the protocol.
        ProtocolViolation = "protocol_violation",
        /// A protocol version or a feature that isn't supported.
        NotSupported = "not_supported",
        /// `login_timeout`.
        TimedOut = "timed_out",
        /// The client vanished.
        ClientLost = "client_lost",
        /// `max_sessions`, `max_sessions_per_user`.
        TooManySessions = "too_many_sessions",
        /// `max_logins`, `max_logins_per_address`.
        TooManyLogins = "too_many_logins",
        /// A balancer's connection without a valid PROXY header, or one that is no balancer's.
        ProxyHeader = "proxy_header",
        /// pgwarden is stopping.
        ShuttingDown = "shutting_down",
        /// The database can't be reached, or answers nothing that makes sense.
        BackendUnreachable = "backend_unreachable",
        /// The database offers no TLS where it is required, or its certificate is not accepted.
        BackendTls = "backend_tls",
        /// The database refuses the injected login, or there is no password for it.
        BackendCredential = "backend_credential",
        /// The database refuses for another reason, such as too many connections.
        BackendRefused = "backend_refused",
        /// A defect of pgwarden.
        Internal = "internal",
    }
}

label_values! {
    /// Who sent a cancel request.
    CancelOrigin {
        /// A client.
        Client = "client",
        /// A peer, for one of its clients.
        Peer = "peer",
    }
}

label_values! {
    /// What became of a cancel request.
    CancelResult {
        /// The server has dealt with it, asked by this process.
        Delivered = "delivered",
        /// The server has dealt with it, asked by a peer.
        PassedOn = "passed_on",
        /// Nobody has a session with this key.
        UnknownKey = "unknown_key",
        /// The server, or a peer, could not be asked.
        Failed = "failed",
        /// There were too many.
        Dropped = "dropped",
    }
}

label_values! {
    /// What became of a statement.
    StatementVerdict {
        /// It passed.
        Allow = "allow",
        /// It passed in monitor mode, and would have been refused.
        Observe = "observe",
        /// It was refused.
        Refuse = "refuse",
    }
}

label_values! {
    /// Which way bytes went.
    Direction {
        /// From the client to the server.
        ToServer = "to_server",
        /// From the server to the client.
        ToClient = "to_client",
    }
}

label_values! {
    /// How far bytes of recordings have come.
    RecordingStage {
        /// Written to the file of the session.
        Written = "written",
    }
}

label_values! {
    /// What became of a new configuration.
    ReloadResult {
        /// It holds.
        Applied = "applied",
        /// It was invalid and changed nothing.
        Invalid = "invalid",
    }
}

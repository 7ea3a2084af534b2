//! What PostgreSQL.

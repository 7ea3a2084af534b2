//! A database of a test's own.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use anyhow::{Context, Result};

use crate::cluster::Cluster;
use crate::program::{self, Output};
use crate::raw_client::RawClient;
use crate::unique::{random_hex, random_password};

/// A database and the login that owns it, both with names of their own; dropped from the server with the value,
/// whoever is still connected.
pub struct TestDb {
    cluster: Cluster,
    name: String,
    login: String,
    password: String,
    /// Length of the server's log when the database was made.
    log_start: u64,
}

impl TestDb {
    pub(crate) fn create(cluster: Cluster) -> Result<Self> {
        let name = format!("test_{}", random_hex(6));
        let login = format!("{name}_app");
        Self::create_named(cluster, name, login)
    }

    pub(crate) fn create_named(cluster: Cluster, name: String, login: String) -> Result<Self> {
        let log_start = std::fs::metadata(cluster.log_path()).map_or(0, |metadata| metadata.len());
        let password = random_password();
        let mut superuser = cluster.superuser("postgres")?;
        superuser.rows(&format!("create role {login} login password '{password}'"))?;
        superuser.rows(&format!("create database {name} owner {login}"))?;
        Ok(Self {
            cluster,
            name,
            login,
            password,
            log_start,
        })
    }

    /// The server it is on.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The role that owns the database: what pgwarden injects.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// That role's password.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// A connection string of libpq's form, past pgwarden, as the owner: for tokio-postgres.
    pub fn connection_string(&self) -> String {
        format!(
            "host=127.0.0.1 port={} user={} password={} dbname={}",
            self.cluster.port(),
            self.login,
            self.password,
            self.name
        )
    }

    /// Makes the owner a superuser, for what only one may do (COPY with files and programs).
    pub fn grant_superuser(&self) -> Result<()> {
        self.execute_as_superuser(&format!("alter role {} superuser", self.login))
    }

    /// Lets the owner connect for replication.
    pub fn grant_replication(&self) -> Result<()> {
        self.execute_as_superuser(&format!("alter role {} replication", self.login))
    }

    /// Runs SQL as the owner; an error of the server is an error.
    pub fn execute(&self, sql: &str) -> Result<()> {
        self.rows(sql)?;
        Ok(())
    }

    /// Runs SQL as superuser in this database.
    pub fn execute_as_superuser(&self, sql: &str) -> Result<()> {
        self.cluster.execute(&self.name, sql)
    }

    /// Rows of SQL that the owner runs, as text, NULL as an empty string.
    pub fn rows(&self, sql: &str) -> Result<Vec<Vec<String>>> {
        self.client()?.rows(sql)
    }

    /// The first column of the first row.
    pub fn scalar(&self, sql: &str) -> Result<String> {
        self.rows(sql)?
            .into_iter()
            .next()
            .and_then(|row| row.into_iter().next())
            .with_context(|| format!("no row from: {sql}"))
    }

    /// A wire connection past pgwarden, logged in as the owner: to compare with what pgwarden answers.
    pub fn client(&self) -> Result<RawClient> {
        RawClient::log_in(self.cluster.address(), &self.login, &self.name, &self.password)
    }

    /// Runs psql past pgwarden, as the owner, with `sql` on its standard input.
    pub fn psql(&self, sql: &str, args: &[&str]) -> Result<Output> {
        let mut command = program::psql(
            OsStr::new("127.0.0.1"),
            self.cluster.port(),
            &self.login,
            &self.password,
            Some(&self.name),
            args,
        );
        program::run(&mut command, sql.as_bytes())
    }

    /// How many connections of the owner the server has now, in whatever database.
    pub fn backends(&self) -> Result<usize> {
        let sql = format!(
            "select count(*) from pg_stat_activity where usename = '{}'",
            self.login
        );
        let rows = self.cluster.superuser("postgres")?.rows(&sql)?;
        let count = rows
            .first()
            .and_then(|row| row.first())
            .context("count connections")?;
        count.parse().context("read the count of connections")
    }

    /// What the server's log says of this database since it was made: an entry a line of its own, continuation
    /// lines kept with theirs.
    pub fn log(&self) -> Result<Vec<String>> {
        let mut file = File::open(self.cluster.log_path()).context("open the server's log")?;
        file.seek(SeekFrom::Start(self.log_start))
            .context("skip the older log")?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).context("read the server's log")?;
        let mut entries: Vec<String> = Vec::new();
        for line in String::from_utf8_lossy(&bytes).lines() {
            match (line.strip_prefix('\t'), entries.last_mut()) {
                (Some(continuation), Some(entry)) => {
                    entry.push('\n');
                    entry.push_str(continuation);
                }
                _ => entries.push(line.to_owned()),
            }
        }
        let ours = format!("@{} ", self.name);
        entries.retain(|entry| entry.lines().next().is_some_and(|first| first.contains(&ours)));
        Ok(entries)
    }

    /// Statements that reached the server over the owner's connections, in order: by Query and by Execute.
    pub fn statements(&self) -> Result<Vec<String>> {
        let ours = format!(" {}@{} LOG:  ", self.login, self.name);
        Ok(self
            .log()?
            .iter()
            .filter_map(|entry| {
                let (_, text) = entry.split_once(&ours)?;
                text.strip_prefix("statement: ")
                    .or_else(|| {
                        text.strip_prefix("execute ")?
                            .split_once(": ")
                            .map(|(_, sql)| sql)
                    })
                    .map(str::to_owned)
            })
            .collect())
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        // A server that is gone has nothing left to drop, and a failed clean-up must not hide a test's own failure.
        let Ok(mut superuser) = self.cluster.superuser("postgres") else {
            return;
        };
        let _ = superuser.rows(&format!("drop database if exists {} with (force)", self.name));
        let _ = superuser.rows(&format!("drop role if exists {}", self.login));
    }
}

impl std::fmt::Debug for TestDb {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} owned by {} on port {}",
            self.name,
            self.login,
            self.cluster.port()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{frontend, trace, wait_for};

    fn database() -> TestDb {
        Cluster::shared().unwrap().database().unwrap()
    }

    #[test]
    fn its_owner_works_in_it_and_it_goes_with_its_value() {
        let database = database();
        database
            .execute("create table t (a int); insert into t values (1), (2)")
            .unwrap();
        assert_eq!(database.scalar("select sum(a) from t").unwrap(), "3");
        assert_eq!(
            database
                .psql("select * from t order by 1", &[])
                .unwrap()
                .expect_success(),
            "1\n2\n"
        );
        let open = database.client().unwrap();
        let (cluster, name) = (database.cluster().clone(), database.name().to_owned());
        drop(database);
        let sql = format!("select 1 from pg_database where datname = '{name}'");
        assert!(
            cluster
                .superuser("postgres")
                .unwrap()
                .rows(&sql)
                .unwrap()
                .is_empty()
        );
        drop(open);
    }

    #[test]
    fn statements_are_those_of_the_owner() {
        let database = database();
        database.execute_as_superuser("select 'superuser'").unwrap();
        database.execute("select 'one'\n, 'two'").unwrap();
        let mut client = database.client().unwrap();
        let pipeline = [
            frontend::parse("", "select $1"),
            frontend::bind("", "", &[Some(b"x")]),
            frontend::execute("", 0),
        ];
        client.send(&pipeline.concat()).unwrap();
        client.send(&frontend::sync()).unwrap();
        client.receive_ready().unwrap();
        assert_eq!(
            database.statements().unwrap(),
            ["select 'one'\n, 'two'", "select $1"]
        );
    }

    #[test]
    fn connections_are_counted() {
        let database = database();
        assert_eq!(database.backends().unwrap(), 0);
        let client = database.client().unwrap();
        assert_eq!(database.backends().unwrap(), 1);
        drop(client);
        wait_for("the connection to end", || database.backends().unwrap() == 0);
    }

    #[test]
    fn a_wire_client_sees_every_message() {
        let database = database();
        let mut client = database.client().unwrap();
        assert!(client.backend_key().is_some());
        assert_eq!(
            trace(&client.query("select 1 as one, null; select 1/0").unwrap()),
            "B  RowDescription\n\
             B  DataRow \"1\" NULL\n\
             B  CommandComplete \"SELECT 1\"\n\
             B  ErrorResponse ERROR 22012 \"division by zero\"\n\
             B  ReadyForQuery Idle\n"
        );
    }

    #[test]
    fn a_wrong_password_is_an_answer() {
        let database = database();
        let mut client = RawClient::connect(database.cluster().address()).unwrap();
        let messages = client.try_login(&[("user", database.login())], "wrong").unwrap();
        assert_eq!(messages.last().unwrap().sqlstate().as_deref(), Some("28P01"));
    }
}

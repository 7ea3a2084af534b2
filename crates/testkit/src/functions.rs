//! The functions of a server and of the extensions that it offers.

use anyhow::{Context, Result};

use crate::database::TestDb;

/// A function, or one overload of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Function {
    /// The extension that brings it; empty for the server's own.
    pub extension: String,
    /// Its name, without schema.
    pub name: String,
    /// All that the catalogue says of it; none if only a script names it: one of an older version of the extension, or of an
    /// extension that can't be created on this machine.
    pub overload: Option<Overload>,
}

/// What the catalogue says of a function.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overload {
    /// As `pg_get_function_identity_arguments` writes them, with their names.
    pub arguments: String,
    /// The type of its result.
    pub result: String,
    /// `internal`, `c`, `sql` …
    pub language: String,
    /// What its code is called in C; empty in other languages.
    pub symbol: String,
    /// `pg_proc.provolatile`: `v`, `s` or `i`.
    pub volatility: String,
    /// The fixed number of a built-in function.
    pub oid: Option<u32>,
}

/// `FirstGenbkiObjectId` (access/transam.h): from there on numbers are given when the catalogue is built, and differ between builds.
const UNFIXED: &str = "10000";

/// All functions but those that somebody created by hand. Creates every extension that can be created in the database.
pub fn functions(database: &TestDb) -> Result<Vec<Function>> {
    let mut superuser = database.cluster().superuser(database.name())?;
    for row in superuser.rows("select name from pg_available_extensions order by name")? {
        let name = row.first().context("read an extension's name")?;
        // Some need what isn't here, say the library of Perl; their scripts are read all the same.
        let _ = superuser.rows(&format!("create extension if not exists \"{name}\" cascade"));
    }
    let installed = superuser.rows(&format!(
        "select coalesce(e.extname, ''), p.proname, pg_get_function_identity_arguments(p.oid), format_type(p.prorettype, null),
                l.lanname, case when l.lanname in ('internal', 'c') then p.prosrc else '' end, p.provolatile,
                case when p.oid < {UNFIXED} then p.oid::text else '' end
         from pg_proc p join pg_language l on l.oid = p.prolang
         left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
         left join pg_extension e on e.oid = d.refobjid
         where p.oid < 16384 or e.oid is not null"
    ))?;
    let mut functions: Vec<Function> = installed
        .into_iter()
        .map(|row| {
            let [
                extension,
                name,
                arguments,
                result,
                language,
                symbol,
                volatility,
                oid,
            ] = <[String; 8]>::try_from(row).ok().context("read a function")?;
            let overload = Overload {
                arguments,
                result,
                language,
                symbol,
                volatility,
                oid: oid.parse().ok(),
            };
            Ok(Function {
                extension,
                name,
                overload: Some(overload),
            })
        })
        .collect::<Result<_>>()?;
    let in_scripts = superuser.rows(
        r#"select distinct split_part(file, '--', 1), found[1]
           from (select setting || '/extension' as directory from pg_config where name = 'SHAREDIR') as share,
                pg_ls_dir(directory) as file,
                regexp_matches(pg_read_file(directory || '/' || file),
                    'create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+(?:@extschema@\.|pg_catalog\.)?"?(\w+)"?\s*\(',
                    'gi') as found
           where file like '%--%.sql'"#,
    )?;
    for row in in_scripts {
        let [extension, name] = <[String; 2]>::try_from(row)
            .ok()
            .context("read a function of a script")?;
        let is_known = |function: &Function| function.extension == extension && function.name == name;
        if !functions.iter().any(is_known) {
            functions.push(Function {
                extension,
                name,
                overload: None,
            });
        }
    }
    functions.sort();
    Ok(functions)
}

// Go's lib/pq: the protocol in Go, behind database/sql.
package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"
)

var refused = os.Getenv("PGWARDEN_MATRIX_REFUSED") != ""

func show(title string, values ...interface{}) {
	fmt.Printf("%s:", title)
	for _, value := range values {
		if bytes, ok := value.([]byte); ok {
			value = string(bytes)
		}
		fmt.Printf(" %#v", value)
	}
	fmt.Println()
}

func digest(text string) string {
	return fmt.Sprintf("%d bytes, sha256 %x", len(text), sha256.Sum256([]byte(text)))
}

func describe(err error) string {
	var found *pq.Error
	if !errors.As(err, &found) {
		return strings.ReplaceAll(err.Error(), os.Getenv("PGPORT"), "...")
	}
	fields := *found
	if refused {
		fields.File, fields.Line, fields.Routine = "", "", ""
	}
	return fmt.Sprintf("%+v", fields)
}

// Prints the error of a part, if it has one.
func step(title string, part func() error) {
	fmt.Printf("== %s\n", title)
	if err := part(); err != nil {
		fmt.Println("error", describe(err))
	}
}

type querier interface {
	Query(query string, args ...interface{}) (*sql.Rows, error)
}

// All rows of all results, each value as the driver gives it.
func rows(db querier, query string, args ...interface{}) error {
	result, err := db.Query(query, args...)
	if err != nil {
		return err
	}
	defer result.Close()
	return read(result)
}

func read(result *sql.Rows) error {
	for {
		columns, err := result.Columns()
		if err != nil {
			return err
		}
		for result.Next() {
			values := make([]interface{}, len(columns))
			targets := make([]interface{}, len(columns))
			for n := range values {
				targets[n] = &values[n]
			}
			if err := result.Scan(targets...); err != nil {
				return err
			}
			show("row", values...)
		}
		if err := result.Err(); err != nil {
			return err
		}
		if !result.NextResultSet() {
			return result.Err()
		}
		fmt.Println("next result")
	}
}

func exec(db interface {
	Exec(query string, args ...interface{}) (sql.Result, error)
}, query string, args ...interface{}) error {
	result, err := db.Exec(query, args...)
	if err != nil {
		return err
	}
	affected, err := result.RowsAffected()
	show("affected", affected)
	return err
}

// The way of this driver to send COPY data: a statement that is executed once a row, and without parameters at the end.
func copyIn(db *sql.DB, statement string, lines [][]interface{}) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	copying, err := tx.Prepare(statement)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if _, err := copying.Exec(line...); err != nil {
			return err
		}
	}
	result, err := copying.Exec()
	if err != nil {
		return err
	}
	affected, err := result.RowsAffected()
	show("copied", affected, err)
	if err := copying.Close(); err != nil {
		return err
	}
	return tx.Commit()
}

func open(more string) *sql.DB {
	db, err := sql.Open("postgres", more)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

func waitUntil(db *sql.DB, query string) error {
	for deadline := time.Now().Add(30 * time.Second); ; {
		var found bool
		if err := db.QueryRow(query).Scan(&found); err != nil {
			return err
		}
		if found {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.New("did not come about: " + query)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

const types = "select $1::int, $2::int8, $3::float8, $4::text, $5::bytea, $6::bool, $7::timestamptz, $8::int[], $9::text, $10::jsonb, 12345678901234567890.5::numeric, 'infinity'::float8, '1 day'::interval"

func typed() []interface{} {
	at := time.Date(2024, 2, 29, 23, 59, 59, 999999000, time.UTC)
	return []interface{}{7, int64(1) << 40, 1.5, "grüße ☃ \\ ' 𝄞", []byte{0, 1, 255}, true, at, pq.Array([]int64{1, 2, 3}), nil, `{"k": ["v", null]}`}
}

func everything(db *sql.DB) {
	step("types", func() error { return rows(db, types, typed()...) })
	step("columns", func() error {
		result, err := db.Query("select 1::int, 'x'::varchar(10), 1.5::numeric(10,2), now(), array['a']")
		if err != nil {
			return err
		}
		defer result.Close()
		columns, err := result.ColumnTypes()
		for _, column := range columns {
			length, variable := column.Length()
			precision, scale, isDecimal := column.DecimalSize()
			show(column.Name(), column.DatabaseTypeName(), length, variable, precision, scale, isDecimal)
		}
		return err
	})
	step("binary parameters", func() error {
		binary := open("binary_parameters=yes")
		defer binary.Close()
		return rows(binary, "select $1::text, $2::bytea, $3::text", "grüße", []byte{0, 1, 255}, nil)
	})
	step("tables", func() error {
		return exec(db, "create type mood as enum ('sad', 'happy'); create table person (id serial primary key, name text not null unique, age int check (age >= 0), mood mood)")
	})
	for _, query := range []string{"selekt 1", "select * from nowhere", "select nothing\n  from person", "insert into person (age) values (1)", "insert into person (name, age) values ('x', -1)",
		"select 1/0", "do $$ begin raise exception 'own' using errcode = 'P0042', detail = 'd', hint = 'h'; end $$", "", ";", "select 1; select 2", "select 1; select 1/0; select 3", "insert into person (name) values ('gone'); select 1/0"} {
		step("simple "+query, func() error { return rows(db, query) })
		step("extended "+query, func() error {
			statement, err := db.Prepare(query)
			if err != nil {
				return err
			}
			defer statement.Close()
			result, err := statement.Query()
			if err != nil {
				return err
			}
			defer result.Close()
			return read(result)
		})
	}
	step("parameter", func() error { return rows(db, "select $1::int", "x") })
	step("returning", func() error {
		return rows(db, "insert into person (name) values ($1) returning id > 0, name, mood", "first")
	})

	step("a transaction", func() error {
		tx, err := db.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelSerializable, ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		step("isolation", func() error {
			return rows(tx, "select current_setting('transaction_isolation'), current_setting('transaction_read_only')")
		})
		return exec(tx, "insert into person (name) values ('never')")
	})
	step("savepoints", func() error {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback()
		step("kept", func() error { return exec(tx, "insert into person (name) values ($1)", "kept") })
		step("savepoint", func() error { return exec(tx, "savepoint one") })
		step("a failure", func() error { return exec(tx, "insert into person (name) values ($1)", "kept") })
		step("failed", func() error { return rows(tx, "select 1") })
		step("rollback to", func() error { return exec(tx, "rollback to one") })
		return tx.Commit()
	})
	step("a failed commit", func() error {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		step("a failure", func() error { return exec(tx, "select 1/0") })
		return tx.Commit()
	})
	step("prepared", func() error {
		statement, err := db.Prepare("select * from person where name = $1")
		if err != nil {
			return err
		}
		defer statement.Close()
		for _, before := range []string{"select", "alter table person add column extra text", "select"} {
			step(before, func() error { return exec(db, before) })
			step("rows", func() error {
				result, err := statement.Query("kept")
				if err != nil {
					return err
				}
				defer result.Close()
				columns, err := result.Columns()
				show("columns", columns)
				return err
			})
		}
		return nil
	})

	step("COPY", func() error {
		if err := exec(db, "create table bulk (id int, name text, data bytea, at timestamptz)"); err != nil {
			return err
		}
		var lines [][]interface{}
		for n := 0; n < 20000; n++ {
			lines = append(lines, []interface{}{n, "grüße\t\\", []byte{0, 255}, time.Unix(int64(n), 0).UTC()})
		}
		return copyIn(db, pq.CopyIn("bulk", "id", "name", "data", "at"), lines)
	})
	step("what came", func() error { return rows(db, "select count(*), sum(id), min(name), max(data), max(at) from bulk") })
	step("COPY of a schema", func() error { return copyIn(db, pq.CopyInSchema("public", "bulk", "id"), [][]interface{}{{1}, {nil}}) })
	step("bad data", func() error { return copyIn(db, pq.CopyIn("bulk", "id"), [][]interface{}{{"six"}}) })
	step("no such table", func() error { return copyIn(db, pq.CopyIn("nowhere", "id"), nil) })
	step("left", func() error {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		copying, err := tx.Prepare(pq.CopyIn("bulk", "id"))
		if err != nil {
			return err
		}
		copying.Exec(1)
		step("another statement meanwhile", func() error { return rows(tx, "select 1") })
		return tx.Rollback()
	})
	step("COPY TO, which the driver does not know", func() error {
		other := open("")
		defer other.Close()
		return rows(other, "copy person to stdout")
	})
	step("count", func() error { return rows(db, "select count(*) from bulk") })

	step("large values", func() error {
		text := strings.Repeat("ä☃x", 1800000)
		var found string
		err := db.QueryRow("select $1::text", text).Scan(&found)
		show("text", digest(found))
		return err
	})
	step("many rows, left", func() error {
		result, err := db.Query("select g, repeat('x', 100) from generate_series(1, $1::int) g", 50000)
		if err != nil {
			return err
		}
		show("first", result.Next())
		return result.Close()
	})
	step("notices", func() error {
		base, err := pq.NewConnector("application_name=matrix search_path=pg_catalog")
		if err != nil {
			return err
		}
		noticing := sql.OpenDB(pq.ConnectorWithNoticeHandler(base, func(notice *pq.Error) { fmt.Println("notice", describe(notice)) }))
		defer noticing.Close()
		step("settings", func() error {
			return rows(noticing, "select current_setting('application_name'), current_setting('search_path')")
		})
		return exec(noticing, "do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint', detail = 'd'; end $$")
	})
	step("a listener", func() error {
		listener := pq.NewListener("", time.Second, time.Second, func(event pq.ListenerEventType, err error) { show("event", int(event), err) })
		defer listener.Close()
		for _, channel := range []string{"channel", "Other"} {
			if err := listener.Listen(channel); err != nil {
				return err
			}
		}
		step("twice", func() error { return listener.Listen("channel") })
		if err := exec(db, "notify channel, 'one'; select pg_notify('Other', 'grüße')"); err != nil {
			return err
		}
		for n := 0; n < 2; n++ {
			select {
			case found := <-listener.Notify:
				show("notification", found.Channel, found.Extra)
			case <-time.After(30 * time.Second):
				return errors.New("no notification")
			}
		}
		step("ping", listener.Ping)
		return listener.UnlistenAll()
	})
	step("a pool", func() error {
		pool := open("")
		defer pool.Close()
		pool.SetMaxOpenConns(5)
		sums := make([]int, 40)
		var all sync.WaitGroup
		for n := range sums {
			all.Add(1)
			go func(n int) {
				defer all.Done()
				if err := pool.QueryRow("select sum(g) from generate_series(1, $1::int) g", n).Scan(&sums[n]); err != nil && n > 0 {
					fmt.Println("error", describe(err))
				}
			}(n)
		}
		all.Wait()
		show("sums", sums)
		return nil
	})
	step("cancel", func() error {
		watch := open("")
		defer watch.Close()
		ctx, cancel := context.WithCancel(context.Background())
		var watched error
		go func() {
			watched = waitUntil(watch, "select exists (select from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid() and datname = current_database())")
			cancel()
		}()
		_, err := db.ExecContext(ctx, "select pg_sleep(60)")
		show("watched", watched)
		return err
	})
	step("after it", func() error { return rows(db, "select 'next'") })
	step("statement_timeout", func() error {
		limited := open("statement_timeout=50")
		defer limited.Close()
		return exec(limited, "select pg_sleep(60)")
	})
	step("options", func() error {
		with := open("options='-c statement_timeout=12s -c search_path=pg_catalog' fallback_application_name=fallback client_encoding=UTF8")
		defer with.Close()
		return rows(with, "select current_setting('statement_timeout'), current_setting('search_path'), current_setting('application_name')")
	})
	step("no such setting", func() error {
		with := open("no_such_setting=1")
		defer with.Close()
		return with.Ping()
	})
	step("no such database", func() error {
		with := open("dbname=nowhere")
		defer with.Close()
		return with.Ping()
	})
}

func refusals(db *sql.DB) {
	count := func() error { return rows(db, "select count(*) from customers") }
	for _, statement := range []string{"copy customers to stdout", "copy customers from stdin", "copy (select * from customers) to stdout (format binary)", "select 1; copy customers to stdout"} {
		step(statement, func() error { return exec(db, statement) })
		step("goes on", count)
		step("prepared "+statement, func() error { return exec(db, statement+" -- $1", 1) })
		step("goes on", count)
	}
	step("CopyIn", func() error { return copyIn(db, pq.CopyIn("customers", "id", "name"), [][]interface{}{{11, "new"}}) })
	step("goes on", count)
	step("savepoints", func() error {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback()
		step("kept", func() error { return exec(tx, "insert into customers values (12, 'kept'); savepoint one") })
		step("copy", func() error { return exec(tx, "copy customers to stdout") })
		step("failed", func() error { return rows(tx, "select 1") })
		step("rollback to", func() error { return exec(tx, "rollback to one") })
		return tx.Commit()
	})
	step("goes on", count)
	step("ordinary work", func() error {
		return exec(db, "create type mood as enum ('sad'); create temp table t (m mood); do $$ begin perform 1; end $$; notify channel")
	})
	step("row", func() error {
		return rows(db, "insert into customers values ($1, $2) returning *", 20, "COPY customers TO stdout")
	})
	step("types", func() error { return rows(db, types, typed()...) })
	step("settings", func() error {
		with := open("application_name=matrix options='-c statement_timeout=12s'")
		defer with.Close()
		return rows(with, "select current_setting('application_name'), current_setting('statement_timeout')")
	})
	step("goes on", count)
}

func main() {
	db := open("")
	defer db.Close()
	if refused {
		refusals(db)
	} else {
		everything(db)
	}
}

"""SQLAlchemy with each of its dialects for PostgreSQL. Asyncpg's is driven from the synchronous API's bridge, as the ORM does."""

import asyncio
import datetime
import decimal
import os
import ssl

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import create_async_engine
from transcript import REFUSED, digest, nameless, show

TLS = os.environ["PGSSLMODE"] == "verify-full"


def tls_context():
    return ssl.create_default_context(cafile=os.environ["PGSSLROOTCERT"])


# psycopg and asyncpg find libpq's variables by themselves.
ARGUMENTS = {"psycopg2": {}, "psycopg": {}, "asyncpg": {}, "pg8000": {"ssl_context": tls_context()} if TLS else {}}


def url(driver):
    return sa.URL.create(f"postgresql+{driver}", os.environ["PGUSER"], os.environ["PGPASSWORD"], os.environ["PGHOST"], int(os.environ["PGPORT"]), os.environ["PGDATABASE"])


class Base(orm.DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    __table_args__ = (sa.Index("author_lower", sa.text("lower(name)")), {"comment": "who writes"})
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(100), unique=True)
    tags: orm.Mapped[list[str]] = orm.mapped_column(ARRAY(sa.Text), default=list)
    more: orm.Mapped[dict] = orm.mapped_column(JSONB, default=dict)
    born: orm.Mapped[datetime.date | None]
    kind: orm.Mapped[str] = orm.mapped_column(sa.Enum("novel", "poem", name="kind"), default="novel")
    books: orm.Mapped[list["Book"]] = orm.relationship(back_populates="author", cascade="all, delete-orphan", order_by="Book.id")


class Book(Base):
    __tablename__ = "book"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    title: orm.Mapped[str]
    price: orm.Mapped[decimal.Decimal] = orm.mapped_column(sa.Numeric(10, 2), sa.CheckConstraint("price >= 0"))
    author_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("author.id", ondelete="CASCADE"))
    author: orm.Mapped[Author] = orm.relationship(back_populates="books")


def attempt(title, part):
    print(f"== {title}", flush=True)
    try:
        part()
    except Exception as error:
        print(type(error).__name__, getattr(error, "code", None), nameless(str(getattr(error, "orig", error))), flush=True)


def work(connection):
    """All that ordinary programs do, on one connection."""
    attempt("create", lambda: (Base.metadata.create_all(connection), connection.commit()))

    def mapped():
        with orm.Session(connection) as session:
            session.add_all([Author(name=f"Author {n}", tags=["a", "ü☃"], more={"n": [n, None]}, born=datetime.date(1900, 1, 1), books=[Book(title=f"Book {n}.{m}", price=decimal.Decimal("9.95")) for m in range(3)]) for n in range(100)])
            session.flush()
            show("ids", session.scalars(sa.select(sa.func.count(Book.id))).all())
            found = session.scalars(sa.select(Author).options(orm.selectinload(Author.books)).where(Author.tags.contains(["a"])).order_by(Author.id).limit(3)).all()
            show("found", [(author.name, author.more, [book.title for book in author.books]) for author in found])
            show("joined", session.execute(sa.select(Author.name, sa.func.sum(Book.price)).join(Book).group_by(Author.name).order_by(Author.name).limit(2)).all())
            try:
                with session.begin_nested():
                    session.add(Author(name="Author 1"))
            except sa.exc.IntegrityError as error:
                show("savepoint", type(error.orig).__name__)
            found[0].name = "renamed"
            session.delete(found[1])
            session.commit()
            show("after", session.scalar(sa.select(sa.func.count(Book.id))))

    attempt("ORM", mapped)

    def core():
        show("many", connection.execute(sa.insert(Author).returning(Author.id), [{"name": f"many {n}"} for n in range(2000)]).all()[-1] is not None)
        show("without returning", connection.execute(sa.insert(Book), [{"title": "t", "price": 1, "author_id": 1} for n in range(500)]).rowcount)
        show("upsert", connection.execute(insert(Author).values(name="renamed", tags=["new"]).on_conflict_do_update(index_elements=["name"], set_={"tags": ["new"]}).returning(Author.tags)).all())
        result = connection.execute(sa.select(Author.id), execution_options={"stream_results": True, "max_row_buffer": 50})
        show("streamed", sum(1 for _ in result))
        show("large", digest(connection.scalar(sa.select(sa.literal("ä☃x" * 500_000)))))
        connection.commit()

    attempt("core", core)

    for statement in ("selekt 1", "select * from nowhere", "select 1/0", "insert into book (title, price, author_id) values ('x', -1, 1)"):
        attempt(statement, lambda: connection.execute(sa.text(statement)))
        connection.rollback()

    def reflection():
        inspector = sa.inspect(connection)
        show("schemas", sorted(inspector.get_schema_names()))
        for name in sorted(inspector.get_table_names()):
            show(name, [(column["name"], str(column["type"]), column["nullable"], column["default"]) for column in inspector.get_columns(name)])
            show("keys", (inspector.get_pk_constraint(name), inspector.get_foreign_keys(name), inspector.get_unique_constraints(name), inspector.get_check_constraints(name), inspector.get_indexes(name), inspector.get_table_comment(name)))
        show("rest", (inspector.get_view_names(), inspector.get_materialized_view_names(), inspector.get_sequence_names(), inspector.get_enums(), inspector.get_domains()))
        reflected = sa.MetaData()
        reflected.reflect(connection)
        show("reflected", sorted(reflected.tables))
        connection.rollback()

    attempt("reflection", reflection)
    attempt("drop", lambda: (Base.metadata.drop_all(connection), connection.commit()))


def isolation(engine):
    for level in ("SERIALIZABLE", "AUTOCOMMIT"):
        with engine.connect().execution_options(isolation_level=level) as connection:
            show(level, connection.scalar(sa.text("show transaction_isolation")))


async def asynchronous(part):
    engine = create_async_engine(url("asyncpg"))
    async with engine.connect() as connection:
        await connection.run_sync(part)
    await engine.dispose()


def copies(connection):
    for statement in ("copy customers to stdout", "copy customers from stdin"):
        attempt(statement, lambda: connection.execute(sa.text(statement)))
        connection.rollback()
        show("goes on", connection.scalar(sa.text("select count(*) from customers")))
        connection.rollback()


for driver, arguments in ARGUMENTS.items():
    print(f"==== {driver}", flush=True)
    part = (lambda connection: (copies(connection), work(connection))) if REFUSED else work
    if driver == "asyncpg":
        asyncio.run(asynchronous(part))
        continue
    engine = sa.create_engine(url(driver), connect_args=arguments)
    with engine.connect() as connection:
        part(connection)
    attempt("isolation", lambda: isolation(engine))
    engine.dispose()

"""Django's PostgreSQL backend: its own migrations, and the ORM."""

import datetime
import io
import os
import re
import uuid

import django
from django.conf import settings
from transcript import REFUSED, digest, nameless, show

OPTIONS = {"sslmode": os.environ["PGSSLMODE"]}
if "PGSSLROOTCERT" in os.environ:
    OPTIONS["sslrootcert"] = os.environ["PGSSLROOTCERT"]
DATABASE = {"ENGINE": "django.db.backends.postgresql", "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"], "USER": os.environ["PGUSER"],
            "PASSWORD": os.environ["PGPASSWORD"], "NAME": os.environ["PGDATABASE"]}
settings.configure(
    DATABASES={"default": DATABASE | {"OPTIONS": OPTIONS}, "bound": DATABASE | {"OPTIONS": OPTIONS | {"server_side_binding": True}}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.admin", "django.contrib.messages", "library"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True, SECRET_KEY="for the scenario only",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]}}],
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections, models, transaction  # noqa: E402
from library.models import Author, Book  # noqa: E402


def attempt(title, part):
    print(f"== {title}", flush=True)
    try:
        part()
    except Exception as error:
        print(type(error).__name__, nameless(str(error)), getattr(error.__cause__, "sqlstate", None), flush=True)


def command(*arguments, **options):
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return re.sub(r"\d\.\d+s", "...", out.getvalue())


def orm(using):
    authors = Author.objects.using(using)
    books = Book.objects.using(using)
    authors.all().delete()

    def create():
        made = authors.bulk_create([Author(name=f"Author {n}", tags=["a", "ü☃"], more={"n": n}, born=datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone.utc)) for n in range(500)], batch_size=100)
        books.bulk_create([Book(title=f"Book {n}", price="9.95", author=made[n % 50], cover=bytes([n % 256]), number=uuid.UUID(int=n)) for n in range(1000)])
        show("count", (authors.count(), books.count()))

    attempt("bulk_create", create)

    def queries():
        show("joined", list(books.select_related("author").filter(author__tags__contains=["a"], author__more__n__lt=3).order_by("id").values_list("title", "author__name", "price")[:3]))
        show("aggregated", authors.annotate(n=models.Count("book")).order_by("-n", "name").values_list("name", "n")[:2])
        show("prefetched", sum(len(author.book_set.all()) for author in authors.prefetch_related("book_set")))
        show("iterator", sum(1 for _ in books.iterator(chunk_size=70)))
        with transaction.atomic(using=using):
            show("iterator in a transaction", sum(1 for _ in books.iterator(chunk_size=70)))
        show("updated", books.filter(price__lt=20).update(price=models.F("price") + 1))
        show("get_or_create", [author[1] for author in (authors.get_or_create(name="new"), authors.get_or_create(name="new"))])
        show("upsert", len(authors.bulk_create([Author(name="new", tags=["again"])], update_conflicts=True, unique_fields=["name"], update_fields=["tags"])))
        show("explain", "Scan" in books.filter(title="x").explain())

    attempt("queries", queries)

    def nested():
        with transaction.atomic(using=using):
            authors.create(name="outer")
            try:
                with transaction.atomic(using=using):
                    authors.create(name="outer")
            except django.db.IntegrityError as error:
                show("inner", (error.__cause__.sqlstate, error.__cause__.diag.constraint_name))
            show("locked", authors.select_for_update(of=("self",)).get(name="outer").name)
        show("kept", authors.filter(name="outer").exists())

    attempt("transactions", nested)
    attempt("a check", lambda: books.create(title="x", price=-1, author=authors.first()))
    attempt("a large value", lambda: show("large", digest(authors.create(name="large", more={"x": "ä" * 1_000_000}).more["x"])))

    def raw():
        with connections[using].cursor() as cursor:
            cursor.execute("select %s, %s", ["it's", 1])
            show("row", cursor.fetchall())
            cursor.executemany("update library_author set name = name where id = %s", [(1,), (2,)])
            cursor.execute("select 1/0")

    attempt("raw", raw)


def copies():
    def copy(statement):
        with connections["default"].cursor() as cursor, cursor.copy(statement) as copying:
            show("copied", len(list(copying.rows())) if "to stdout" in statement else copying.write_row((11, "new")))

    for statement in ("copy customers to stdout", "copy customers from stdin"):
        attempt(statement, lambda: copy(statement))
        with connections["default"].cursor() as cursor:
            cursor.execute("select count(*) from customers")
            show("goes on", cursor.fetchall())


if REFUSED:
    copies()
attempt("migrate", lambda: print(command("migrate", run_syncdb=True, verbosity=1)))
for using in ("default", "bound"):
    print(f"==== {using}", flush=True)
    orm(using)
attempt("inspectdb", lambda: show("inspectdb", command("inspectdb")))
attempt("sqlflush", lambda: show("sqlflush", command("sqlflush")))
attempt("flush", lambda: show("flush", command("flush", interactive=False)))
connections.close_all()

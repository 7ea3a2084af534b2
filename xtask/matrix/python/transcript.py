"""How the scenarios in Python print what they see."""

import contextlib
import hashlib
import os
import time

REFUSED = "PGWARDEN_MATRIX_REFUSED" in os.environ

# Where servers are of several versions, as in the refused scenario, lines of their source are no use.
SOURCE = () if REFUSED else ("source_file", "source_line", "source_function")

# What drivers of the DB API call the fields of an error; those that are empty aren't printed.
DIAGNOSTICS = [
    "severity", "severity_nonlocalized", "sqlstate", "message_primary", "message_detail", "message_hint",
    "statement_position", "internal_position", "internal_query", "context", "schema_name", "table_name", "column_name",
    "datatype_name", "constraint_name", *SOURCE,
]


def show(label, value):
    print(f"{label}: {value!r}", flush=True)


def digest(data):
    """A large value, in short."""
    if isinstance(data, str):
        data = data.encode()
    return f"{len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()[:16]}"


def describe(error):
    """All that a driver tells about an error."""
    diagnostics = getattr(error, "diag", None)
    if diagnostics is not None and diagnostics.sqlstate:
        fields = {name: getattr(diagnostics, name, None) for name in DIAGNOSTICS}
        return {name: value for name, value in fields.items() if value is not None}
    if hasattr(error, "as_dict"):
        fields = error.as_dict()
        hidden = {"server_source_filename", "server_source_line", "server_source_function"} if REFUSED else set()
        fields = {name: fields[name] for name in sorted(fields) if fields[name] is not None and name not in hidden}
        return fields if "message" in fields else (fields, nameless(str(error)))
    if error.args and isinstance(error.args[0], dict):  # pg8000: the fields of the message as they came.
        fields = error.args[0]
        return {name: fields[name] for name in sorted(fields) if not (REFUSED and name in "FLR")}
    return nameless(str(error))


def nameless(text):
    """A text without the address that this run had."""
    return text.replace(f"port {os.environ['PGPORT']}", "port ...").replace(f":{os.environ['PGPORT']}", ":...")


@contextlib.contextmanager
def step(title, after=None):
    """A part of the scenario: its error ends it and is printed, then `after` is called, which puts the connection right."""
    print(f"== {title}", flush=True)
    try:
        yield
    except Exception as error:
        print(f"{type(error).__module__.split('.')[0]}.{type(error).__name__}", describe(error), flush=True)
        if after is not None:
            after()


def wait_until(condition, what, seconds=30):
    """Asks until the answer is yes."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come about")
        time.sleep(0.01)

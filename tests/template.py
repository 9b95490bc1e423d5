"""One database with every migration in it; the database of each worker is copied from it."""

import gc
import hashlib
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import django
from django.db.migrations.loader import MigrationLoader

PREFIX = "test_best_template_"


@contextmanager
def copied(connection, *, keep):
    """While this lasts, a test database that has to be made is made as a copy.

    The lock lasts as long, so that no two workers make the template and nobody drops it before it
    is copied; PostgreSQL gives it back when the connection ends, however it ends.
    """
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        if not (keep and exists(cursor, connection.creation._get_test_db_name())):
            name = PREFIX + key()
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
            if not exists(cursor, name):
                make(connection, cursor, name)
                drop_former(cursor, name)
            connection.settings_dict["TEST"]["TEMPLATE"] = name
        yield


def key():
    """A hash of the migrations: of their files, of the modules these import, of what they load."""
    loaded = MigrationLoader(None).disk_migrations.values()
    files = {Path(sys.modules[migration.__module__].__file__) for migration in loaded}
    for file in list(files):
        imported = re.findall(r"^(?:from|import) ([\w.]+)", file.read_text("utf-8"), re.MULTILINE)
        places = {getattr(sys.modules[name], "__file__", None) for name in imported}
        files |= {Path(place) for place in places if place}
        files |= set((file.parent.parent / "fixtures").glob("*"))
    digest = hashlib.sha256(django.get_version().encode())
    # A migration that is called otherwise is another one.
    for name, content in sorted((file.name, file.read_bytes()) for file in files):
        digest.update(name.encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def exists(cursor, name):
    cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def make(connection, cursor, name):
    """Migrate a database under another name first: what was interrupted is never copied."""
    creation, test = connection.creation, connection.settings_dict["TEST"]
    own, former = test["NAME"], connection.settings_dict["NAME"]
    test["NAME"] = draft = f"{name}_draft"
    # Migrating makes tens of thousands of classes: looking for garbage is a third of its time.
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    gc.set_threshold(*usual)
    creation.destroy_test_db(former, verbosity=0, keepdb=True)
    test["NAME"] = own
    cursor.execute(f"ALTER DATABASE {draft} RENAME TO {name}")


def drop_former(cursor, name):
    """Drop the templates of other migrations, unless somebody makes or copies one just now."""
    cursor.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s",
        [PREFIX, name],
    )
    for (former,) in cursor.fetchall():
        lock = [former.removesuffix("_draft")]
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", lock)
        if cursor.fetchone()[0]:
            cursor.execute(f"DROP DATABASE {former}")
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", lock)

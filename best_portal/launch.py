"""What `start.py` does once the packages are there: run, test, manage and measure the portal."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg2

from best_portal.embedded import DataFolder, Servers
from best_portal.env import TRUE
from best_portal.processes import SIGNALS, Children, StartError, Stopped, call, say

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]
OWN_SERVERS = {"DATABASE_URL": "start_postgres", "REDIS_URL": "start_valkey"}
# What a command beside the running portal takes over from it.
SHARED = (*OWN_SERVERS, "PUBLIC_URL", "DEMO", "HTTPS")
FIRST_PAGE_PATIENCE = 90
ROLES = {
    "manager": "Leitung / manager",
    "advisor": "Beratung / advisor",
    "founder": "Gründung / founder",
    "funder": "Fördergeber / funder",
    "evaluator": "Evaluation / evaluator",
}


def main(data, command, *arguments):
    """Do one command of start.py; return the exit code."""
    SIGNALS.heed()
    chosen = Path(data) if data else None
    try:
        match command:
            case "run":
                return run(chosen or ROOT / "var")
            case "test":
                return test(arguments)
            case "manage":
                return manage(chosen or ROOT / "var", arguments)
            case "bench":
                return bench(chosen, arguments)
    except StartError as refusal:
        say(str(refusal))
        return 1
    except Stopped as stopped:
        return 128 + stopped.args[0]


# --- surroundings ---


def surroundings(servers, folder, *, port=8000):
    """Start what the environment does not name already; return the portal's environment."""
    own = {
        name: getattr(servers, start)()
        for name, start in OWN_SERVERS.items()
        if name not in os.environ
    }
    return {**defaults(folder, port, demo="DATABASE_URL" in own), **own, **os.environ}


def defaults(folder, port, *, demo):
    """Return what a portal on the own machine needs; what the environment says counts more."""
    mail = folder.path / "mail"
    mail.mkdir(mode=0o700, exist_ok=True)
    secret = {} if "SECRET_KEY" in os.environ else {"SECRET_KEY_FILE": str(folder.secret_file())}
    return {
        **secret,
        "HTTPS": "0",
        # The sweeps of beat would push the address off the screen.
        "LOG_LEVEL": "WARNING",
        # Invented people never get into a database that somebody else keeps, unless asked for.
        "DEMO": "1" if demo and "HTTPS" not in os.environ else "0",
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(mail),
        "SMS_BACKEND": "best_portal.outbox.sms.FileBackend",
        "SMS_FILE_PATH": str(mail),
        "FILES_ROOT": str(folder.path / "files"),
        "PUBLIC_URL": f"http://localhost:{port}",
    }


@contextmanager
def leaving():
    """Nothing disturbs the way out: whoever asks us to end twice gets an orderly end once."""
    try:
        yield
    finally:
        SIGNALS.leaving = True


@contextmanager
def served(folder, *, throw_away=False, port=8000):
    """Run the servers of a folder we own; yield the children and the portal's environment."""
    with ExitStack() as stack:
        children = Children()
        stack.callback(folder.close)
        servers = Servers(folder, children, throw_away=throw_away)
        stack.enter_context(servers.socket_folder())
        stack.callback(children.stop)
        stack.enter_context(leaving())
        environment = surroundings(servers, folder, port=port)
        yield children, environment


@contextmanager
def throw_away_folder():
    path = Path(tempfile.mkdtemp(prefix="best-"))
    if os.geteuid() == 0:
        path.chmod(0o711)
    try:
        folder = DataFolder(path)
        folder.own()
        yield folder
    finally:
        shutil.rmtree(path, ignore_errors=True)


def asked(environment, query):
    """Return the first row of a query, None where there is none."""
    connection = psycopg2.connect(environment["DATABASE_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
    finally:
        connection.close()


def has_table(environment, name):
    return asked(environment, f"SELECT to_regclass('{name}')") != [(None,)]


def step(*arguments, environment):
    """Run a management command as one of our own steps; its words go to standard error."""
    done = subprocess.run([*MANAGE, *arguments], env=environment, stdout=sys.stderr)
    if done.returncode:
        raise StartError(f"`manage.py {arguments[0]}` failed; see above.")


def prepare_database(environment):
    say("Bringing the database up to date ...")
    step("migrate", "--noinput", "--verbosity=0", environment=environment)
    if not has_table(environment, "portal_cache"):
        step("createcachetable", "--verbosity=0", environment=environment)


# --- python3 start.py ---


def run(path):
    """Run web, worker and beat in front until somebody asks to end or one of them dies."""
    folder = DataFolder(path)
    if not folder.own():
        there = folder.announced()
        where = f", {there['url']}" if "url" in there else ""
        raise StartError(
            f"The data folder {path} is in use (process {there.get('process', 'starting')}"
            f"{where}). End it there with Ctrl-C, or run a second portal: "
            "PORT=8001 python3 start.py --data DIR"
        )
    port = free_port()
    with served(folder, port=port) as (children, environment):
        prepare_database(environment)
        announce(folder, environment)
        load_demo(environment, folder)
        start_portal(children, environment, folder, port)
        try:
            if await_first_page(children, port):
                announce(folder, environment, url=f"http://localhost:{port}/")
                greet(environment, port)
            elif not children.first_dead():
                say(f"http://localhost:{port}/ does not answer yet; the lines above may say why.")
            while not (dead := children.first_dead()):
                time.sleep(0.2)
        except Stopped:
            say("\nEnding ...")
            return 0
        say(f"{dead[0]} has ended unexpectedly (exit code {dead[1]}). Everything else is stopped.")
        return 1


def announce(folder, environment, **facts):
    shared = {name: environment[name] for name in SHARED if name in environment}
    folder.announce(environment=shared, **facts)


def load_demo(environment, folder):
    """Load the demo into a database nobody has an account in yet."""
    if not wants_demo(environment) or accounts(environment):
        return
    say("Loading the demo; this takes a minute, once ...")
    if "DATABASE_URL" not in os.environ:
        folder.half_demo.touch()
    step("demo", environment=environment)
    folder.half_demo.unlink(missing_ok=True)


def wants_demo(environment):
    return environment["DEMO"].strip().lower() in TRUE


def free_port():
    """Return the port asked for with PORT, if nobody has it yet."""
    asked_for = os.environ.get("PORT", "8000")
    if not asked_for.isdecimal() or not 0 < int(asked_for) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not {asked_for!r}.")
    port = int(asked_for)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise StartError(f"Port {port} needs root. Choose one above 1023: PORT=8001") from error
        except OSError as error:
            raise StartError(
                f"Port {port} is taken by another program. "
                f"Choose another: PORT={port + 1 if port < 65535 else 8001} python3 start.py"
            ) from error
    return port


def start_portal(children, environment, folder, port):
    def start(name, *module):
        # Celery warns of root at length; here it is a container's or a CI's root.
        quiet = ("-W", "ignore:You're running the worker with superuser")
        children.start(
            name, [sys.executable, "-P", *quiet, "-m", *module], env=environment, cwd=ROOT
        )

    celery = ("celery", "-A", "best_portal", "--quiet")
    start(
        "web",
        *("gunicorn", "best_portal.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--preload"),
        *("--log-level", "warning", "--no-control-socket"),
    )
    # Threads: the pool of processes needs shared memory, which not every container has.
    start(
        "worker",
        *(*celery, "worker", "--pool", "threads", "--concurrency", "2"),
        *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
    )
    schedule = folder.path / "beat-schedule"
    start("beat", *celery, "beat", "--loglevel", "WARNING", "--schedule", schedule, "--pidfile", "")


def await_first_page(children, port):
    """Wait until the portal answers; return whether it did."""
    deadline = time.monotonic() + FIRST_PAGE_PATIENCE
    while time.monotonic() < deadline and not children.first_dead():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/bereit/")
            if connection.getresponse().status == 200:
                return True
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    return False


def accounts(environment):
    """Return one account of each role, for signing in to try things out."""
    return asked(
        environment,
        "SELECT DISTINCT ON (role) role, email FROM accounts_user WHERE is_active"
        " ORDER BY role, id",
    )


def greet(environment, port):
    lines = ["", f"  Das Portal läuft / The portal runs:  http://localhost:{port}/"]
    if wants_demo(environment) and (people := dict(accounts(environment))):
        lines.append(f"  Anmelden mit einem Klick / Sign in:  http://localhost:{port}/demo/")
        lines += [
            f"    {label:24} {people[role]}" for role, label in ROLES.items() if role in people
        ]
    if environment["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
        lines.append(f"  E-Mails liegen in / Mails are in:    {environment['EMAIL_FILE_PATH']}")
    lines += ["  Beenden / End:                       Ctrl-C", ""]
    print("\n".join(lines), flush=True)


# --- python3 start.py test, manage, bench ---


PARALLEL = ["-n", "2"]


def test(arguments):
    """Run pytest on servers that are thrown away afterwards."""
    parallel = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    command = [sys.executable, "-m", "pytest", *([] if parallel else PARALLEL), *arguments]
    with throw_away_folder() as folder, served(folder, throw_away=True) as (_, environment):
        servers = {name: environment[name] for name in OWN_SERVERS}
        settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        return call(command, {**os.environ, **servers, **settings}, cwd=ROOT)


def manage(path, arguments):
    """Run a management command on the running portal's servers, or on some started for it."""
    command = [*MANAGE, *arguments]
    folder = DataFolder(path)
    if OWN_SERVERS.keys() <= os.environ.keys():
        return call(command, {**defaults(folder, 8000, demo=False), **os.environ})
    if not folder.own_or_visit():
        shared = folder.announced().get("environment", {})
        return call(command, {**defaults(folder, 8000, demo=True), **shared, **os.environ})
    with served(folder) as (_, environment):
        if "DATABASE_URL" not in os.environ and not has_table(environment, "django_migrations"):
            prepare_database(environment)
        announce(folder, environment)
        code = call(command, environment)
        folder.wait_for_guests()
        return code


def bench(path, arguments):
    """Measure the portal on servers that are thrown away, or on the folder or servers named."""
    if path or "DATABASE_URL" in os.environ:
        return manage(path or ROOT / "var", ["bench", *arguments])
    with throw_away_folder() as folder, served(folder, throw_away=True) as (_, environment):
        prepare_database(environment)
        return call([*MANAGE, "bench", *arguments], environment)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

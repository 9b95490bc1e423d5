"""`start.py` as people use it: from a terminal, with everything below it real."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 240
# What would turn the portal away from its own servers, its own settings or its own database.
FOREIGN = {
    *("DATABASE_URL", "REDIS_URL", "REDIS_KEY_PREFIX", "SECRET_KEY", "SECRET_KEY_FILE"),
    *("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "HTTPS", "DEBUG", "PORT", "PUBLIC_URL"),
    *("EMAIL_BACKEND", "EMAIL_FILE_PATH", "SMS_BACKEND", "SMS_FILE_PATH", "FILES_ROOT", "CLAMD"),
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        Path(sys.prefix).resolve() != (ROOT / ".venv").resolve(),
        reason="start.py is tried in the .venv that it has made",
    ),
]


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**kept, "DEMO": "0", **more}


def start(*arguments, **more):
    """Return the finished process of a start.py that ends by itself."""
    return subprocess.run(
        [sys.executable, ROOT / "start.py", *map(str, arguments)],
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@contextmanager
def portal(data):
    """Run a portal on a data folder until it greets; it is killed if the test forgets it."""
    port = free_port()
    log = data.parent / f"{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, ROOT / "start.py", "--data", str(data)],
            env=environment(PORT=str(port)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    process.port, process.log = port, log
    try:
        deadline = time.monotonic() + PATIENCE
        # Whoever asks sooner may see its first page before it says that it runs.
        while f"http://localhost:{port}/" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        assert status("/bereit/", port) == 200
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def short_path():
    """A folder for everybody to pass through, with room for the names of sockets below it."""
    with tempfile.TemporaryDirectory(prefix="best-") as path:
        Path(path).chmod(0o711)
        yield Path(path)


@pytest.fixture(scope="session")
def stopped(tmp_path_factory):
    """A data folder made from nothing and left in order, once for all workers; copy it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    data = shared / "stopped"
    with (shared / "stopped.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            draft = tmp_path_factory.mktemp("draft") / "data"
            made = start("--data", draft, "manage", "check")
            assert made.returncode == 0, made.stderr
            assert not [path for path in draft.rglob("*") if path.is_socket()]
            assert not {"running.json", "postmaster.pid"} & {path.name for path in draft.rglob("*")}
            draft.rename(data)
    return data


def copy(stopped, data):
    """Return a data folder of one's own, made before and stopped; owners are kept."""
    subprocess.run(["cp", "-a", stopped, data], check=True)
    return data


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(path, port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def children(pid):
    """Return the numbers of all processes below this one, with their command lines."""
    table = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in table.stdout.splitlines()]
    found, parents = {}, {str(pid)}
    while parents:
        below = {row[0]: row[-1] for row in rows if row[1] in parents}
        found |= below
        parents = set(below)
    return found


def left_of(processes):
    """Return those that have not ended, a moment granted."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        left = [pid for pid in processes if Path(f"/proc/{pid}").exists() and not zombie(pid)]
        if not left:
            return []
        time.sleep(0.1)
    return [processes[pid] for pid in left]


def zombie(pid):
    """Where nobody waits for orphans, an ended process stays in the table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_portal_runs_until_ctrl_c_and_leaves_no_process(short_path):
    data = short_path / "Größe und Maß"
    with portal(data) as process:
        below = children(process.pid)
        assert any("gunicorn" in args for args in below.values())
        assert any("worker" in args for args in below.values())
        assert any(" beat " in args for args in below.values())
        assert {path.name for path in (data / "run").iterdir() if path.is_socket()} == {
            ".s.PGSQL.5432",
            "valkey.sock",
        }
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    assert left_of(below) == []
    assert f"http://localhost:{process.port}/" in process.log.read_text()
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_second_start_keeps_the_data_and_shares_them_with_commands(stopped, tmp_path):
    data = copy(stopped, tmp_path / "data")
    code = "from django.core.cache import cache; {}"
    write = start("--data", data, "manage", "shell", "-v0", "-c", code.format("cache.set('a', 7)"))
    assert write.returncode == 0, write.stderr
    with portal(data) as process:
        read = start(
            "--data", data, "manage", "shell", "-v0", "-c", code.format("print(cache.get('a'))")
        )
        second = start("--data", data, PORT=str(free_port()))
        assert status("/bereit/", process.port) == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    in_use = f"is in use (process {process.pid}, http://localhost:{process.port}/)"
    assert (second.returncode, in_use in second.stderr) == (1, True), second.stderr
    assert read.stdout == "7\n", "a command beside the running portal answers, and nothing else"


@pytest.mark.parametrize("victim", ["celery -A best_portal --quiet worker", "valkey"])
def test_when_one_process_dies_the_portal_names_it_and_ends(stopped, tmp_path, victim):
    with portal(copy(stopped, tmp_path / "data")) as process:
        below = children(process.pid)
        pid = min(int(pid) for pid, args in below.items() if victim in args)
        os.kill(pid, signal.SIGKILL)
        assert process.wait(PATIENCE) == 1
    assert left_of(below) == []
    assert "has ended unexpectedly" in process.log.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the children")
def test_a_killed_start_py_takes_everything_along_and_starts_again(stopped, short_path):
    data = copy(stopped, short_path / "data")
    with portal(data) as process:
        below = children(process.pid)
        process.kill()
        process.wait()
        assert left_of(below) == []
    with portal(data) as process:
        assert status("/bereit/", process.port) == 200
        below = children(process.pid)
    assert left_of(below) == []


def test_a_busy_port_gets_a_sentence_with_a_cure(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = start("--data", tmp_path / "data", PORT=str(port))
    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert "PORT=" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_path_too_long_for_sockets_is_served_from_a_short_one(stopped, tmp_path):
    data = copy(stopped, tmp_path / ("very-long-name-" * 8))
    code = "from django.conf import settings; print(settings.DATABASES['default']['HOST'])"
    answer = start("--data", data, "manage", "shell", "-v0", "-c", code)
    assert answer.returncode == 0, answer.stderr
    sockets = Path(answer.stdout.strip())
    assert len(str(sockets)) < 90
    assert not sockets.exists(), "the folder goes with its sockets"


def test_commands_at_once_share_the_servers_of_the_first(stopped, tmp_path):
    data = copy(stopped, tmp_path / "data")
    code = "import time; from django.db import connection as c; time.sleep({}); c.cursor()"
    both = [
        subprocess.Popen(
            [sys.executable, ROOT / "start.py", "--data", data, "manage", "shell", "-v0", "-c", c],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for c in (code.format(2), code.format(4))
    ]
    assert [process.wait(PATIENCE) for process in both] == [0, 0]


def test_a_command_hands_its_exit_code_on(stopped, tmp_path):
    code = "import sys; sys.exit(7)"
    answer = start("--data", copy(stopped, tmp_path / "data"), "manage", "shell", "-v0", "-c", code)
    assert answer.returncode == 7


@pytest.mark.parametrize(
    ("arguments", "more", "words"),
    [
        (["frobnicate"], {}, "no command 'frobnicate'"),
        (["--data"], {}, "Write the folder after --data"),
        (["--database", "x"], {}, "Write the folder after --data"),
        ([], {"PORT": "eighty"}, "PORT must be a number"),
        ([], {"PORT": "70000"}, "PORT must be a number"),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence(tmp_path, arguments, more, words):
    data = [] if arguments else ["--data", tmp_path / "data"]
    refused = start(*data, *arguments, **more)
    assert refused.returncode == 1
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_demo_interrupted_while_loading_begins_anew(stopped, tmp_path):
    data = copy(stopped, tmp_path / "data")
    code = "from best_portal.accounts.models import User; {}"
    make = code.format("User.objects.create_user('a@beispiel.example', role='founder', name='A')")
    start("--data", data, "manage", "shell", "-v0", "-c", make)
    (data / "demo-unfinished").touch()
    count = code.format("print(User.objects.count())")
    for _ in range(2):
        answer = start("--data", data, "manage", "shell", "-v0", "-c", count)
        assert answer.stdout == "0\n", answer.stderr
    assert not (data / "demo-unfinished").exists()


def test_help_names_every_command():
    answer = start("--help")
    assert answer.returncode == 0
    assert all(word in answer.stdout for word in ("test", "manage", "bench", "--data", "PORT"))

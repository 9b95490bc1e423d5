"""The store: bytes in a folder no web server shows, under names nobody can guess."""

import os
import re
import secrets
import shutil
import time
from pathlib import Path

from django.apps import apps
from django.conf import settings

NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}-[0-9a-f]{32}")
PIECE = 64 * 1024
# So long something may be under way from a page to the database.
UNDER_WAY_SECONDS = 24 * 60 * 60


def folder():
    return Path(settings.FILES_ROOT)


def path_of(name):
    """The path of a stored file; refuses whatever is no name of ours."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return folder() / name


def keep(file, sha256):
    """Write the bytes under a new name, all or nothing, and return the name."""
    name = f"{sha256[:2]}/{sha256[2:4]}/{sha256}-{secrets.token_hex(16)}"
    path = path_of(name)
    for parent in (folder(), path.parent.parent, path.parent):
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A name of its own until all of it is on the disk: a cut is never found under the real one.
    draft = path.with_name(f".{path.name}")
    try:
        with open(draft, "xb", opener=for_us_alone) as target:
            shutil.copyfileobj(file, target)
            target.flush()
            os.fsync(target.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
        file.seek(0)
    sync(path.parent)
    return name


def for_us_alone(path, flags):
    return os.open(path, flags, mode=0o600)


def sync(directory):
    """Make a new name survive a power cut, too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def has(name):
    return path_of(name).is_file()


def open_file(name):
    return path_of(name).open("rb")


def pieces(name):
    """The bytes in pieces; the file is opened with the first and closed after the last."""
    with open_file(name) as file:
        while piece := file.read(PIECE):
            yield piece


def forget(name):
    path_of(name).unlink(missing_ok=True)


def known_names():
    """The names kept in a column `stored_as`, of whichever model has one."""
    return {
        name
        for model in apps.get_models()
        if any(field.name == "stored_as" for field in model._meta.local_concrete_fields)
        for name in model._base_manager.values_list("stored_as", flat=True)
    }


def left_behind(known):
    """The names of files no row knows, old enough that none will: what a cut-off upload left."""
    before = time.time() - UNDER_WAY_SECONDS
    for path in folder().glob("??/??/*"):
        name = path.relative_to(folder()).as_posix()
        if name not in known and NAME.fullmatch(name) and path.stat().st_mtime < before:
            yield name

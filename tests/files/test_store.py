"""The store: names nobody can guess, for us alone, all of a file or nothing of it."""

import io
import os
import stat
import time
from pathlib import Path

import pytest

from best_portal.files import store

HASH = "ab" + "0" * 62


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def keep(content=b"Muster"):
    return store.keep(io.BytesIO(content), HASH)


def test_a_file_lies_two_folders_deep_under_its_hash_and_chance(folder):
    name, other = keep(), keep()

    assert name.startswith(f"ab/00/{HASH}-")
    assert name != other
    assert (folder / name).read_bytes() == b"Muster"
    assert b"".join(store.pieces(name)) == b"Muster"


def test_nobody_else_on_the_machine_reads_it(folder):
    path = folder / keep()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(each.stat().st_mode) for each in list(path.parents)[:3]} == {0o700}


def test_a_file_cut_off_is_not_there(folder):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        store.keep(Broken(), HASH)

    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "", "ab/00/x", f"{HASH}\n"])
def test_no_other_file_is_opened(name):
    with pytest.raises(FileNotFoundError):
        store.open_file(name)
    with pytest.raises(FileNotFoundError):
        store.forget(name)


def test_what_nobody_knows_is_found_after_a_day(folder):
    known, fresh, old = keep(), keep(), keep()
    yesterday = time.time() - 25 * 60 * 60
    for name in (known, old):
        os.utime(folder / name, (yesterday, yesterday))

    assert list(store.left_behind({known})) == [old]
    assert Path(folder / fresh).exists()

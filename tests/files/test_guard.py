"""What people bring is looked at before it is kept: its name, its content, what is packed in."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from best_portal.files.guard import check
from best_portal.files.kinds import ODS
from best_portal.files.refusals import RefusedFile
from best_portal.files.texts import MOST, words_of
from tests.files.hostile_files import (
    PDF,
    hostile_files,
    office,
    open_document,
    picture,
    rels,
)

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_MEMORY_MB = 300
# In a process of its own: what the tests before have used is not counted.
MEASURE = """
import io, json, resource, sys
import django
django.setup()
from best_portal.files.guard import check
from best_portal.files.refusals import RefusedFile
from tests.files.hostile_files import hostile_files
kept = []
for what, (name, content) in hostile_files().items():
    try:
        check(io.BytesIO(content), name)
        kept.append(what)
    except RefusedFile:
        pass
if sys.platform == "linux":
    # What getrusage says begins with the memory of whoever started us.
    lines = dict(line.split(":", 1) for line in open("/proc/self/status"))
    peak = int(lines["VmHWM"].split()[0]) / 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
print(json.dumps({"kept": kept, "peak": peak}))
"""
GPS = 0x8825
ORIENTATION, MADE_BY = 0x0112, 0x010F
LOADED = {
    "brief.docx": office(
        core=b"<w:document xmlns:w='w'><w:p><w:t>Liebe</w:t><w:t> Leute</w:t></w:p></w:document>"
    ),
    "liste.xlsx": office(
        "xlsx", ("xl/sharedStrings.xml", b"<sst><si><t>Liebe Leute</t></si></sst>")
    ),
    "brief.odt": open_document(
        content=b"<o xmlns:t='t'><t:p>Liebe <t:span>Leute</t:span></t:p></o>"
    ),
    "liste.ods": open_document(kind=ODS, content=b"<o xmlns:t='t'><t:p>Liebe Leute</t:p></o>"),
    "brief.txt": "Liebe Leute, schöne Grüße".encode(),
    "alt.csv": "Liebe Leute;Größe".encode("cp1252"),
    "neu.csv": "Liebe Leute;Größe".encode("utf-16"),
}


def checked(name, content):
    return check(io.BytesIO(content), name)


@pytest.mark.parametrize(("what", "file"), hostile_files().items(), ids=hostile_files().keys())
def test_a_hostile_file_is_refused_with_a_sentence(what, file, english):
    with pytest.raises(RefusedFile) as refusal:
        checked(*file)

    [sentence] = refusal.value.messages
    assert sentence.endswith(".")


@pytest.mark.slow
def test_refusing_them_all_takes_little_memory():
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, env=environment, check=True
    )
    measured = json.loads(done.stdout.splitlines()[-1])

    assert measured["kept"] == []
    assert len(hostile_files()) >= 30
    assert measured["peak"] < MOST_MEMORY_MB


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Satzung.pdf", PDF),
        ("SATZUNG.PDF", PDF),
        ("bild.png", picture()),
        ("bild.jpeg", picture("JPEG")),
        (
            "link.docx",
            office("docx", ("word/_rels/x.xml.rels", rels("https://x.example", "hyperlink"))),
        ),
        ("Vereinbarung 1.2.2026.pdf", PDF),
        *LOADED.items(),
    ],
)
def test_an_ordinary_file_is_kept_as_it_is(name, content):
    file = checked(name, content)

    assert file.name == name
    assert file.size == len(file.content.read())
    if not file.kind.is_picture:
        file.content.seek(0)
        assert file.content.read() == content


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_photo_is_kept_upright_without_place_time_and_device(form):
    notes = Image.Exif()
    notes[ORIENTATION], notes[MADE_BY] = 6, "Geheimkamera"
    notes[GPS] = {1: "N", 2: (52.0, 31.0, 0.0)}
    photo = picture(form, (8, 6), exif=notes, **({"comment": b"Geheim"} if form == "JPEG" else {}))
    assert b"Geheimkamera" in photo

    file = checked(f"foto.{form.lower()}", photo)

    content = file.content.read()
    assert b"Geheim" not in content
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.size == (6, 8)
        assert dict(kept.getexif()) == {}


def test_what_hangs_behind_a_photo_is_not_kept():
    file = checked("foto.jpg", picture("JPEG") + b"<?php system($_GET[0]); ?>")

    assert b"php" not in file.content.read()


@pytest.mark.parametrize(("name", "content"), LOADED.items())
def test_the_words_in_a_file_are_found(name, content):
    file = checked(name, content)

    assert words_of(file.content, file.kind.media_type).startswith("Liebe Leute")


def test_words_end_somewhere():
    file = checked("lang.txt", "wörter ".encode() * 100_000)

    assert len(words_of(file.content, "text/plain")) == MOST


def test_empty_elements_take_no_memory_for_ever():
    file = checked("leer.odt", open_document(content=b"<o>" + b"<a/>" * 600_000 + b"<p>x</p></o>"))

    assert words_of(file.content, file.kind.media_type) == ""

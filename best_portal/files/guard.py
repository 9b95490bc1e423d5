"""What a file must be before it is kept: name and content agree, and nothing in it acts."""

import hashlib
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import puremagic
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from best_portal.files import archives, clamd, pictures
from best_portal.files.kinds import (
    KINDS,
    OLD_OFFICE,
    OTHER_PICTURES,
    PROGRAMS,
    WITH_MACROS,
    Kind,
)
from best_portal.files.names import safe_name
from best_portal.files.refusals import HAS_MACROS, RefusedFile
from best_portal.imports.guard import MEGABYTE, OLE, is_binary, size_of

HEAD, TAIL = 8192, 2048
PIECE = 64 * 1024
# What a text file never holds; form feeds and escapes of old printers are left alone.
NEVER_IN_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
# The marks of pages and pictures that act; no list or letter in plain text begins so.
ACTING = {".html", ".htm", ".svg", ".svgz", ".php"}


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its name made safe, its kind, and the bytes to keep."""

    name: str
    kind: Kind
    content: BinaryIO
    size: int
    sha256: str


def check(file, name):
    """Return what may be kept of a file somebody brought; raises RefusedFile with the way out.

    Of a photo everything but the picture is left out, and it is turned upright.
    """
    name = safe_name(name)
    size = size_of(file)
    if not size:
        raise RefusedFile(_("The file is empty."), "empty")
    if size > settings.FILES_MAX_MB * MEGABYTE:
        raise RefusedFile(
            _("The file is larger than %(most)s MB. Make it smaller or split it."),
            "too_large",
            {"most": settings.FILES_MAX_MB},
        )
    kind = kind_of(name)
    check_content(file, size, kind)
    clamd.scan(file)
    if kind.is_picture:
        file = pictures.cleaned(file)
    return Checked(name, kind, file, size_of(file), digest_of(file))


def kind_of(name):
    """The kind a name promises; refuses those that are not taken, each with what to do."""
    *parts, ending = name.lower().split(".")
    if ending in WITH_MACROS:
        raise RefusedFile(HAS_MACROS, "macros")
    if ending in OLD_OFFICE:
        raise RefusedFile(
            _("This is an old Office file. Save it as .docx, .xlsx or PDF and upload that file."),
            "old_office",
        )
    if ending in OTHER_PICTURES:
        raise RefusedFile(
            _("Pictures are taken as JPEG or PNG only. Save it as one of them and upload that."),
            "other_picture",
        )
    if ending not in KINDS or not parts:
        raise RefusedFile(
            _(
                "This kind of file is not taken. Possible are PDF, Word (.docx), Excel (.xlsx), "
                "OpenDocument (.odt, .ods), JPEG, PNG and plain text (.txt, .csv)."
            ),
            "other_kind",
        )
    if PROGRAMS.intersection(part.strip() for part in parts[1:]):
        raise RefusedFile(
            _("The name has two endings, like a program in disguise. Rename the file first."),
            "two_endings",
        )
    return KINDS[ending]


def check_content(file, size, kind):
    head = file.read(HEAD)
    file.seek(max(size - TAIL, 0))
    tail = file.read()
    file.seek(0)
    if kind.is_text:
        return check_text(file, head)
    if kind.is_archive and head.startswith(OLE):
        raise RefusedFile(archives.HAS_PASSWORD, "encrypted")
    if not head.startswith(kind.begins) or kind.recognised not in recognised(head):
        raise RefusedFile(DISAGREES, "disagrees", {"ending": kind.endings[0].upper()})
    if kind.is_archive:
        return archives.check(file, size, kind)
    if kind.media_type == "application/pdf" and b"%%EOF" not in tail:
        raise RefusedFile(
            _("The PDF is not complete. Save or scan it again and upload that file."), "cut_off"
        )
    if zipfile.is_zipfile(file):
        raise RefusedFile(_("Another file is hidden in this one. It is not kept."), "two_in_one")
    file.seek(0)
    return None


def check_text(file, head):
    """Refuse what is no text in one of the usual codes, or a page that would act."""
    if is_binary(head) or ACTING & recognised(head):
        raise RefusedFile(DISAGREES, "disagrees", {"ending": "TXT"})
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        while piece := file.read(PIECE):
            if len(piece.translate(None, NEVER_IN_TEXT)) != len(piece):
                raise RefusedFile(DISAGREES, "disagrees", {"ending": "TXT"})
    file.seek(0)


def recognised(head):
    """The endings a library that knows thousands of kinds gives this beginning."""
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def digest_of(file):
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


DISAGREES = _(
    "The name says %(ending)s, but the content is something else. Open the file in its program, "
    "save it again and upload that file."
)

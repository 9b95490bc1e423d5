"""What a Word, Excel or OpenDocument file must be: an archive of plain parts, not too large."""

import re
import zipfile

from django.utils.translation import gettext_lazy as _

from best_portal.files.kinds import PROGRAMS
from best_portal.files.refusals import DAMAGED, HAS_MACROS, RefusedFile
from best_portal.imports.guard import DOCTYPE, MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED

PIECE = 64 * 1024
MACROS = ("vbaproject", "macrosheets/", "dialogsheets/", "activex/", "basic/", "scripts/")
# What a part links to is the reader's click; these a program fetches unasked.
TAG = re.compile(rb"<[^>]*>")
FETCHED = re.compile(rb"attachedTemplate|oleObject|/frame", re.IGNORECASE)
ELSEWHERE = re.compile(rb"\bTarget\s*=\s*[\"'](?:https?:|ftp:|\\\\|file://[^/])", re.IGNORECASE)
SMALL_PART = 1024 * 1024

HAS_PASSWORD = _(
    "The file has a password, so it cannot be checked. Save it without one and upload that file."
)
INFLATES = _(
    "The file unpacks to far more than a document needs. Save it as PDF and upload that file."
)
OTHER_ARCHIVE = _(
    "The name says %(ending)s, but the content is another archive. Upload the files one by one."
)
FETCHES = _(
    "The file fetches something from elsewhere when it is opened. Save it as PDF and upload that."
)


def check(file, size, kind):
    """Look through an office file without unpacking it to memory or disk."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            check_members(members, size)
            check_kind(archive, members, kind)
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels", ".vml", ".rdf")):
                    check_xml(archive, member)
    except RefusedFile:
        raise
    except Exception as error:  # a hand-made archive breaks zipfile and zlib in every way there is
        raise RefusedFile(DAMAGED, "damaged") from error
    finally:
        file.seek(0)


def check_members(members, size):
    names = [member.filename.lower() for member in members]
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * size:
        raise RefusedFile(INFLATES, "inflates")
    if any(member.flag_bits & 1 for member in members):
        raise RefusedFile(HAS_PASSWORD, "encrypted")
    if len(set(names)) != len(names) or any(leads_outside(name) for name in names):
        raise RefusedFile(DAMAGED, "paths")
    if any(word in name for word in MACROS for name in names):
        raise RefusedFile(HAS_MACROS, "macros")
    # Drawings in SVG are a usual part of an office file.
    if any(name.rpartition(".")[2] in PROGRAMS - {"svg"} for name in names):
        raise RefusedFile(_("A program is packed into this file. It is not kept."), "program")


def leads_outside(name):
    """Whether whoever unpacks this file would write outside the folder."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def check_kind(archive, members, kind):
    """Whether the archive is what its ending says, and not one that carries a program."""
    names = {member.filename for member in members}
    is_it = kind.core in names
    if kind.is_open_document:
        first = members[0]
        is_it = is_it and first.filename == "mimetype" and first.file_size < 200
        is_it = is_it and archive.read(first) == kind.media_type.encode()
        if b"encryption-data" in part_of(archive, "META-INF/manifest.xml"):
            raise RefusedFile(HAS_PASSWORD, "encrypted")
    else:
        is_it = is_it and "[Content_Types].xml" in names
        if b"macroenabled" in part_of(archive, "[Content_Types].xml").lower():
            raise RefusedFile(HAS_MACROS, "macros")
    if not is_it:
        raise RefusedFile(OTHER_ARCHIVE, "other_archive", {"ending": kind.endings[0].upper()})


def part_of(archive, name):
    """The beginning of a part; nothing where there is none."""
    try:
        with archive.open(name) as part:
            return part.read(SMALL_PART)
    except KeyError:
        return b""


def check_xml(archive, member):
    """Read a part in small pieces: no document type, nothing that is fetched unasked."""
    is_links, tail = member.filename.lower().endswith(".rels"), b""
    with archive.open(member) as part:
        while piece := part.read(PIECE):
            seen = tail + piece
            if any(word in seen for word in DOCTYPE):
                raise RefusedFile(DAMAGED, "document_type")
            if is_links and fetches(seen):
                raise RefusedFile(FETCHES, "fetches")
            tail = piece[-1024:]


def fetches(links):
    return any(FETCHED.search(tag) and ELSEWHERE.search(tag) for tag in TAG.findall(links))

"""What a file must be before anything opens it: its real type, its size, what an archive holds."""

import io
import zipfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024
MAX_FILE = 10 * MEGABYTE
MAX_UNPACKED = 50 * MEGABYTE
MAX_PART = 5 * MEGABYTE  # styles, relations and the like are built up as a whole tree
MAX_RATIO = 100
MAX_MEMBERS = 200
MAX_COLUMNS = 100
# 16,384 columns with six tags each are the widest row Excel can write.
MAX_TAGS_IN_ONE_ROW = 100_000
# What openpyxl reads in a few seconds: 20,000 entries of 20 columns are some 1.6 million tags.
MAX_TAGS = 2_500_000
MAX_ROWS = 150_000

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMED = ("xl/worksheets/", "xl/sharedstrings")
MACROS = ("vbaproject", "xl/macrosheets/", "xl/dialogsheets/", "xl/activex/")
DOCTYPE = [
    word.encode(code)
    for word in ("<!DOCTYPE", "<!doctype")
    for code in ("ascii", "utf-16-le", "utf-16-be")
]

SAVE_AS_XLSX = _(
    "This is an old Excel file (.xls) or one with a password. Open it in Excel or LibreOffice, "
    "save it as “Excel workbook (.xlsx)” without a password and upload that file."
)
OTHER_TYPE = _(
    "Only Excel files (.xlsx) and text files (.csv) can be read. Open the list in your spreadsheet "
    "program, save it as .xlsx and upload that file."
)
HAS_MACROS = _(
    "This Excel file contains macros, and files with macros are not accepted. Save it as "
    "“Excel workbook (.xlsx)” without macros and upload that file."
)
DAMAGED = _(
    "This Excel file is damaged or was not made by a spreadsheet program. Open it in Excel or "
    "LibreOffice, save it again as .xlsx and upload that file."
)
NOT_TEXT = _(
    "The name says text (.csv), but the content is something else. Save the list as .xlsx or .csv "
    "and upload that file."
)
INFLATES = _(
    "This Excel file unpacks to far more than a list needs. Copy the table into a new, empty "
    "workbook, save that as .xlsx and upload it."
)
TOO_MANY = _(
    "The list has more than 20,000 entries. Split it, for example by year, and bring the parts "
    "one by one."
)


class UnreadableFile(ValidationError):  # noqa: N818 - named for the reader of a sentence
    """The file cannot be read; the message says what to do."""


def size_of(file):
    """The size in bytes, without reading."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def check_file(file, name):
    """Return "xlsx" or "csv"; refuse every other file with the way out, reading 8 KB at most."""
    size = size_of(file)
    if not size:
        raise UnreadableFile(_("The file is empty. Choose the file that holds the list."), "empty")
    if size > MAX_FILE:
        raise UnreadableFile(
            _(
                "The file is larger than 10 MB. Split the list, for example by year, and bring the "
                "parts one by one."
            ),
            "too_large",
        )
    head = file.read(8192)
    file.seek(0)
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix == "xls" or head.startswith(OLE):
        raise UnreadableFile(SAVE_AS_XLSX, "old_excel")
    if suffix in ("xlsm", "xlsb", "xltm"):
        raise UnreadableFile(HAS_MACROS, "macros")
    if suffix == "xlsx":
        if not head.startswith(ZIP):
            raise UnreadableFile(DAMAGED, "not_excel")
        return "xlsx"
    if suffix in ("csv", "txt", "tsv", "tab"):
        if is_binary(head):
            raise UnreadableFile(NOT_TEXT, "not_text")
        return "csv"
    raise UnreadableFile(OTHER_TYPE, "other_type")


def is_binary(head):
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 is text full of zeros
        return False
    if head.startswith(
        (ZIP, OLE, b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"PK")
    ):
        return True
    if head.lstrip()[:200].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        return True
    zeros = head.count(0)
    return bool(zeros) and zeros < len(head) // 4  # more than that may be UTF-16 without a mark


def check_archive(file):
    """Refuse an .xlsx whose parts are too many, too big, programs, or not plain XML."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(members, size_of(file))
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, member)
    except UnreadableFile:
        raise
    except Exception as error:  # a hand-made archive breaks zipfile and zlib in every way there is
        raise UnreadableFile(DAMAGED, "damaged") from error
    finally:
        file.seek(0)


def _check_members(members, size):
    names = [member.filename.lower() for member in members]
    if len(members) > MAX_MEMBERS:
        raise UnreadableFile(INFLATES, "too_many_members")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile(SAVE_AS_XLSX, "encrypted")
    if any(word in name for word in MACROS for name in names):
        raise UnreadableFile(HAS_MACROS, "macros")
    if "mimetype" in names or "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise UnreadableFile(OTHER_TYPE, "other_archive")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * size:
        raise UnreadableFile(INFLATES, "inflates")


def _check_xml(archive, member):
    """Look through a part in small pieces: no document type, no more than can be held or read."""
    streamed = member.filename.lower().startswith(STREAMED)
    if not streamed and member.file_size > MAX_PART:
        raise UnreadableFile(INFLATES, "part_too_large")
    tags, rows, in_row, tail = 0, 0, 0, b""
    with archive.open(member) as part:
        while piece := part.read(64 * 1024):
            seen = tail + piece
            if any(word in seen for word in DOCTYPE):
                raise UnreadableFile(DAMAGED, "document_type")
            closed = max(piece.rfind(b"</row"), piece.rfind(b"</si"))
            in_row = piece.count(b"<", closed) if closed >= 0 else in_row + piece.count(b"<")
            tags, rows = tags + piece.count(b"<"), rows + piece.count(b"<row")
            if streamed and in_row > MAX_TAGS_IN_ONE_ROW:
                raise UnreadableFile(INFLATES, "row_too_large")
            if streamed and (tags > MAX_TAGS or rows > MAX_ROWS):
                raise UnreadableFile(INFLATES, "too_much_in_it")
            tail = piece[-20:]

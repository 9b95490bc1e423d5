"""The one place that knows how a PDF is made: it lays out what the press needs, and explains it.

WeasyPrint runs in a process of its own (reports/press.py) with limits on memory and time, because
a document can be larger than the machine; the caller lives on whatever happens there.
"""

import hashlib
import json
import logging
import mimetypes
import signal
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reports.press_room import PressRoom

logger = logging.getLogger(__name__)

MIB = 2**20
FONT_SETS = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek", "greek-ext")
FONT_WEIGHTS = (400, 600)
# What stands beside the European emblem is in one of eight fonts, and Ubuntu is the free one of
# them (Regulation (EU) 2021/1060, Annex IX, by funding.md §5).
STATEMENT_SETS = ("latin", "latin-ext")

PROBLEMS = {
    "too_large": _("The report is too large to be printed in one piece. Choose a shorter period."),
    "too_long": _(
        "Printing the report took too long and was stopped. Try again; if it happens again, choose "
        "a shorter period."
    ),
    "pango": _(
        "This server cannot print PDF files yet, because the library Pango is missing. Ask its "
        "operator to run: apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0"
    ),
    "markup": _(
        "The report could not be printed, because its template is faulty. Please tell the operator "
        "of the portal; your data are unchanged."
    ),
    "fault": _(
        "Printing the report failed. Try again; if it happens again, tell the operator of the "
        "portal."
    ),
}

OUT_OF_MEMORY = (signal.SIGABRT, signal.SIGSEGV, signal.SIGTRAP, signal.SIGXFSZ, signal.SIGKILL)


class PrintError(Exception):
    """The press refused or was stopped; `messages` is a sentence for the user, `detail` for us.

    As with a ValidationError, the sentence is in the language of whoever asks for it."""

    def __init__(self, problem, detail=""):
        super().__init__(f"{problem}: {detail}")
        self.problem = problem
        self.detail = detail

    @property
    def messages(self):
        return [str(PROBLEMS[self.problem])]

    @property
    def is_worth_another_try(self):
        """Whatever else happened may not happen again; the other problems would."""
        return self.problem == "fault"


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF: the same figures for machines."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True)
class Printed:
    """A finished PDF."""

    content: bytes
    pages: int


@dataclass(frozen=True)
class Limits:
    """What one printing may cost."""

    memory: int
    cpu: int
    wall: int

    @classmethod
    def from_settings(cls):
        return cls(
            memory=settings.PDF_MEMORY_MB * MIB,
            cpu=settings.PDF_CPU_SECONDS,
            wall=settings.PDF_WALL_SECONDS,
        )


def own_assets():
    """Name every file a template may refer to as asset:NAME."""
    fonts, static = settings.NODE_MODULES / "@fontsource", settings.BASE_DIR / "static"
    files = [static / "css" / "paper.css", static / "img" / "eu-emblem.svg"]
    files += [
        fonts / "fira-sans" / "files" / f"fira-sans-{characters}-{weight}-normal.woff"
        for characters in FONT_SETS
        for weight in FONT_WEIGHTS
    ]
    files += [
        fonts / "ubuntu" / "files" / f"ubuntu-{characters}-400-normal.woff"
        for characters in STATEMENT_SETS
    ]
    return {path.name: path for path in files}


def render(
    html,
    *,
    title,
    identifier,
    created,
    attachments=(),
    pictures=None,
    limits=None,
    room=None,
):
    """Print HTML as PDF/A-3a and PDF/UA-1; the same input gives the same bytes.

    `pictures` are SVG drawings by name, to be shown as asset:NAME; `created` is the moment written
    into the file (None: no moment), `identifier` what tells this document from every other. Raises
    PrintError. Whoever prints several things does so in one PressRoom that is staffed already.
    """
    limits = limits or Limits.from_settings()
    with tempfile.TemporaryDirectory(prefix="sheet-") as name:
        folder = Path(name)
        lay_out(
            folder,
            html,
            title=title,
            identifier=identifier,
            created=created,
            attachments=attachments,
            pictures=pictures or {},
            limits=limits,
        )
        if room:
            return _result(folder, room.print(folder, limits.wall))
        with PressRoom() as own:
            own.staff(1)
            return _result(folder, own.print(folder, limits.wall))


def lay_out(folder, html, *, title, identifier, created, attachments, pictures, limits):
    """Put into a folder what the press asks for."""
    folder = Path(folder)
    if not (isinstance(created, datetime) or (created is None and not attachments)):
        raise TypeError("created must be a moment, so that equal input gives equal bytes.")
    (folder / "document.html").write_text(html, encoding="utf-8")
    assets = own_assets()
    for number, (name, svg) in enumerate(sorted(pictures.items())):
        assets[name] = folder / f"picture-{number}.svg"
        assets[name].write_text(svg, encoding="utf-8")
    for number, attachment in enumerate(attachments):
        (folder / f"attachment-{number}").write_bytes(attachment.content)
    job = {
        "title": title,
        "identifier": hashlib.sha256(identifier.encode()).hexdigest()[:32],
        "created": created and created.replace(microsecond=0).isoformat(),
        "memory": limits.memory,
        "cpu": limits.cpu,
        "assets": {
            name: {"path": str(path), "type": _type_of(path.name)} for name, path in assets.items()
        },
        "attachments": [
            {
                "name": item.name,
                "file": f"attachment-{number}",
                "type": _type_of(item.name),
                "description": item.description,
            }
            for number, item in enumerate(attachments)
        ],
    }
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    (folder / "stderr").touch()


def _type_of(name):
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _result(folder, status):
    if status == 0:
        pages = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))["pages"]
        return Printed((folder / "document.pdf").read_bytes(), pages)
    try:
        outcome = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        complaint = (folder / "stderr").read_text(errors="replace")[:3000]
        outcome = {"problem": _verdict(status), "detail": f"status {status}\n{complaint}"}
    logger.error("No PDF (%s): %s", outcome["problem"], outcome["detail"])
    raise PrintError(outcome["problem"], outcome["detail"])


def _verdict(status):
    """Name what ended a press that could not speak any more."""
    if status in (None, -signal.SIGXCPU):
        return "too_long"
    # C libraries give up with one of these when memory ends; SIGKILL is the kernel's answer to it.
    if status in {-number for number in OUT_OF_MEMORY}:
        return "too_large"
    return "fault"

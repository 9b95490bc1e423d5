"""The printing press: a process that turns HTML files into PDFs, each in a fork of its own.

Started by reports/press_room.py as `python -m reports.press`. It knows neither Django nor the
portal's secrets. Every line of its input names a folder with a job.json; document.pdf appears
there, and outcome.json unless the fork was ended. The answer is a line with its exit status.
"""

import base64
import contextlib
import ctypes
import gc
import json
import logging
import os
import re
import resource
import signal
import sys
import tempfile
import traceback
import zlib
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pikepdf

# Inline pictures in our own templates are small; anything larger was not drawn by us.
DATA_URL_LIMIT = 1_000_000
DATA_URL = re.compile(r"data:(image/svg\+xml|image/png)(;charset=utf-8)?(;base64)?,", re.IGNORECASE)
# A report of 700 rows has 1 MB; this is room for the longest annex and no more.
FILE_LIMIT = 100 * 2**20

# What the streams have in which a blank more means nothing: pages, drawings, tables of letters.
DRAWING_KEYS = {"/Length", "/Filter", "/Type", "/Subtype", "/BBox", "/Resources", "/Group"}
DRAWING_KEYS |= {"/Matrix", "/StructParents", "/PatternType", "/PaintType", "/TilingType"}
DRAWING_KEYS |= {"/XStep", "/YStep"}

UA_SCHEMA = """\
<rdf:Description rdf:about=""
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 this file meets</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
"""


class PangoMissingError(Exception):
    """WeasyPrint cannot start, because the system library Pango is not there."""


class MarkupError(Exception):
    """WeasyPrint complained about the document; a paper with a fault is not printed."""


class Complaints(logging.Handler):
    """Collects what WeasyPrint would only have logged."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        if len(self.lines) < 20:
            self.lines.append(record.getMessage()[:300])


def fence_in(job):
    """Limit memory, time and files."""
    memory, cpu = job["memory"], job["cpu"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, FILE_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_with_the_caller():
    """Linux: a worker killed without warning takes its press with it, and that its fork."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def forbid(folder, assets):
    """Second wall behind the fetcher: no network, no process, no file outside the folder.

    Libraries written in C pass it by, which is why it is the second wall and not the first.
    """
    libraries = [path for path in sys.path if path and Path(path) != Path.cwd()]
    readable = (
        *(str(folder), sys.prefix, sys.base_prefix, "/usr/lib", "/usr/share"),
        *libraries,
        *(asset["path"] for asset in assets.values()),
    )
    network_or_process = (
        "socket.",
        "subprocess.",
        "os.exec",
        "os.posix_spawn",
        "os.fork",
        "ftplib.",
    )

    def watch(event, arguments):
        if event.startswith(network_or_process) or event in ("os.system", "urllib.Request"):
            raise PermissionError(f"The press does nothing of the kind: {event}")
        if event == "open" and isinstance(arguments[0], str | bytes):
            path = arguments[0] if isinstance(arguments[0], str) else arguments[0].decode()
            if path.startswith("/") and not path.startswith(readable):
                raise PermissionError(f"The press does not open {path}")

    sys.addaudithook(watch)


def fetcher_of(assets, weasyprint_urls):
    """Return the only door for pictures, fonts, styles: our assets by name, small data: images."""

    class OwnAssetsOnly(weasyprint_urls.URLFetcher):
        def fetch(self, url, headers=None):
            if url.startswith("asset:"):
                asset = assets[url.removeprefix("asset:").partition("#")[0]]
                body, kind = Path(asset["path"]).read_bytes(), asset["type"]
            elif len(url) <= DATA_URL_LIMIT and (match := DATA_URL.match(url)):
                body, kind = unquote_to_bytes(url[match.end() :]), match[1].lower()
                if match[3]:
                    body = base64.b64decode(body, validate=True)
            else:
                raise PermissionError("Only the portal's own assets may be printed.")
            return weasyprint_urls.URLFetcherResponse(url, body, {"Content-Type": kind})

    return OwnAssetsOnly()


def load_weasyprint():
    try:
        import weasyprint  # slow, and it fails at import where Pango is missing
    except OSError as error:
        raise PangoMissingError(str(error)) from error
    return weasyprint


def typeset(weasyprint, job, folder):
    """Write WeasyPrint's PDF/A-3a; any complaint of WeasyPrint refuses the document."""
    complaints = Complaints()
    for logger in (logging.getLogger("weasyprint"), logging.getLogger("fontTools")):
        logger.propagate = False
        logger.handlers = [complaints]
        logger.setLevel(logging.WARNING if logger.name == "weasyprint" else logging.ERROR)
    created = job["created"]
    page = weasyprint.HTML(
        string=(folder / "document.html").read_text(encoding="utf-8"),
        base_url="asset:",
        url_fetcher=fetcher_of(job["assets"], weasyprint.urls),
    )
    document = page.render(presentational_hints=False)
    document.metadata.title = job["title"]
    document.metadata.created = document.metadata.modified = created
    document.metadata.generator = "BEST-Portal"
    document.metadata.attachments = [
        weasyprint.Attachment(
            string=(folder / item["file"]).read_bytes(),
            name=item["name"],
            description=item["description"],
            relationship="Data",
            created=datetime.fromisoformat(created),
            modified=datetime.fromisoformat(created),
        )
        for item in job["attachments"]
    ]
    document.write_pdf(
        folder / "draft.pdf",
        pdf_variant="pdf/a-3a",
        pdf_identifier=job["identifier"].encode(),
        full_fonts=False,
    )
    if complaints.lines:
        raise MarkupError("\n".join(complaints.lines))
    return len(document.pages)


def finish(job, folder):
    """Say what WeasyPrint leaves out: PDF/UA, the scope of headers, types of attachments."""
    types = {item["name"]: item["type"] for item in job["attachments"]}
    with pikepdf.open(folder / "draft.pdf") as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        if "</rdf:RDF>" not in xmp:
            raise MarkupError("The metadata of the PDF have an unknown shape.")
        xmp = xmp.replace("</rdf:RDF>", f"{UA_SCHEMA}</rdf:RDF>")
        pdf.Root.Metadata = pikepdf.Stream(pdf, xmp.encode(), Type="/Metadata", Subtype="/XML")
        for thing in pdf.objects:
            if not isinstance(thing, pikepdf.Dictionary):
                continue
            if thing.get("/S") == "/TH":
                in_head = thing.P.P.get("/S") == "/THead"
                thing.A.Scope = pikepdf.Name("/Column" if in_head else "/Row")
            elif thing.get("/Type") == "/Filespec":
                thing.EF.F.Subtype = pikepdf.Name("/" + types[str(thing.UF)])
        if "/AF" in pdf.Root:
            pdf.Root.AF = pikepdf.Array({item.objgen: item for item in pdf.Root.AF}.values())
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                end_clearly(thing)
        # Packed objects are a third of the size; left plain where the packing ends with CR itself.
        for compress in (True, False):
            pdf.save(
                folder / "document.pdf",
                deterministic_id=True,
                # PDF/A wants its metadata readable without unpacking.
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                compress_streams=compress,
            )
            if b"\r\nendstream" not in (folder / "document.pdf").read_bytes():
                break


def end_clearly(stream):
    """Give a stream that ends with CR another end: with the LF behind it, it looks like a CRLF.

    Readers that look for the end of a line there find the stream a byte too short, and
    page-validation is one of them. A blank more changes the check sum, which is what ends a
    packed drawing or table of letters; whatever else it is gets wrapped.
    """
    packed = stream.read_raw_bytes()
    if not packed.endswith(b"\r"):
        return
    if stream.get("/Filter") == "/FlateDecode" and set(stream.keys()) <= DRAWING_KEYS:
        drawing = stream.read_bytes()
        if drawing.isascii():
            stream.write(zlib.compress(drawing + b"\n"), filter=pikepdf.Name.FlateDecode)
            return
    filters = stream.get("/Filter", pikepdf.Array())
    filters = filters if isinstance(filters, pikepdf.Array) else pikepdf.Array([filters])
    wrapped = base64.a85encode(packed) + b"~>"
    stream.write(wrapped, filter=pikepdf.Array([pikepdf.Name.ASCII85Decode, *filters]))


def work(folder):
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    fence_in(job)
    weasyprint = load_weasyprint()
    forbid(folder, job["assets"])
    pages = typeset(weasyprint, job, folder)
    finish(job, folder)
    return {"pages": pages}


def print_in(folder):
    """Print, and say in outcome.json how it went; the exit status says the same in short."""
    try:
        outcome = work(folder)
    except PangoMissingError as error:
        outcome = {"problem": "pango", "detail": str(error)}
    except MarkupError as error:
        outcome = {"problem": "markup", "detail": str(error)}
    # A library in C that finds no memory may come back without saying why.
    except (MemoryError, RecursionError, SystemError) as error:
        outcome = {"problem": "too_large", "detail": repr(error)}
    except Exception:
        outcome = {"problem": "fault", "detail": traceback.format_exc()[-3000:]}
    (folder / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")
    return 1 if "problem" in outcome else 0


def fork_for(folder):
    """Print in a process of its own and return how that ended, below zero the signal."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 1
    try:
        end_with_the_caller()
        os.environ |= {"HOME": str(folder), "TMPDIR": str(folder)}
        tempfile.tempdir = None
        with (folder / "stderr").open("wb") as stderr:
            os.dup2(stderr.fileno(), 2)
        status = print_in(folder)
    finally:
        # The clearing up at the end of a process belongs to the press alone.
        os._exit(status)


def main():
    end_with_the_caller()
    # WeasyPrint says on the standard output what it misses; only answers go where the caller reads.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # Unpacking a font, fontTools would write into it when it did; equal input gives equal bytes.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    # What a fork makes is needed until it ends; looking for waste took a quarter of the time.
    gc.disable()
    with contextlib.suppress(PangoMissingError):
        load_weasyprint()
    for line in sys.stdin.buffer:
        folder = Path(os.fsdecode(line.removesuffix(b"\n")))
        print(fork_for(folder), file=answers, flush=True)


if __name__ == "__main__":
    main()

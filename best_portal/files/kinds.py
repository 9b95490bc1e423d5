"""Which kinds of file are taken, and which of the others deserve a sentence of their own."""

from dataclasses import dataclass

from best_portal.imports.guard import ZIP

OFFICE = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Kind:
    """One kind of file: its endings, its name on the web, how it begins.

    `recognised` is the ending a second opinion on the content must name; plain text has neither.
    """

    endings: tuple
    media_type: str
    begins: bytes = b""
    recognised: str = ""
    # The part without which an archive is no document of this kind.
    core: str = ""

    @property
    def is_archive(self):
        return bool(self.core)

    @property
    def is_picture(self):
        return self.media_type.startswith("image/")

    @property
    def is_text(self):
        return self.media_type.startswith("text/")

    @property
    def is_open_document(self):
        return self.media_type.startswith(ODF)


PDF = Kind(("pdf",), "application/pdf", b"%PDF-", ".pdf")
DOCX = Kind(("docx",), f"{OFFICE}.wordprocessingml.document", ZIP, ".zip", core="word/document.xml")
XLSX = Kind(("xlsx",), f"{OFFICE}.spreadsheetml.sheet", ZIP, ".zip", core="xl/workbook.xml")
ODT = Kind(("odt",), f"{ODF}.text", ZIP, ".zip", core="content.xml")
ODS = Kind(("ods",), f"{ODF}.spreadsheet", ZIP, ".zip", core="content.xml")
JPEG = Kind(("jpg", "jpeg"), "image/jpeg", b"\xff\xd8\xff", ".jpg")
PNG = Kind(("png",), "image/png", b"\x89PNG\r\n\x1a\n", ".png")
TXT = Kind(("txt",), "text/plain")
CSV = Kind(("csv",), "text/csv")

KINDS = {
    ending: kind
    for kind in (PDF, DOCX, XLSX, ODT, ODS, JPEG, PNG, TXT, CSV)
    for ending in kind.endings
}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS.values()}
# What a browser offers in its file dialogue; the media types let a phone offer its camera.
ACCEPT = ",".join([*(f".{ending}" for ending in KINDS), "image/jpeg", "image/png"])
ACCEPT_PHOTO = "image/jpeg,image/png"

OLD_OFFICE = ("doc", "xls", "ppt", "dot", "xlt")
WITH_MACROS = ("docm", "dotm", "xlsm", "xlsb", "xltm", "pptm", "xlam")
OTHER_PICTURES = ("heic", "heif", "webp", "gif", "tif", "tiff", "bmp", "avif")
# No document has such a part in its name, and whoever sees only the beginning is misled.
PROGRAMS = {
    *("exe", "dll", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "hta", "scr", "jar"),
    *("lnk", "msi", "cpl", "reg", "sh", "php", "asp", "aspx", "jsp", "html", "htm", "xhtml"),
    *("svg", "svgz"),
}

"""The demo's papers: statutes, plans, extracts and photos, some of them about to end."""

import io
from datetime import timedelta

import pikepdf
from PIL import Image, ImageDraw

from best_portal.files.guard import check
from enterprises.models import Document, DocumentKind, Organisation

PAPER = (620, 877)
# kind, title, days until it ends, whether the founders see it
PAPERS = (
    (DocumentKind.STATUTE, "Satzung", None, True),
    (DocumentKind.REGISTER_EXTRACT, "Registerauszug", 25, True),
    (DocumentKind.BUSINESS_PLAN, "Businessplan", None, True),
    (DocumentKind.DECLARATION, "Erklärung zur Gemeinnützigkeit", -12, False),
    (DocumentKind.NOTICE, "Bescheid des Finanzamts", 300, False),
)


def hand_in_papers(people, today):
    """Every third organisation has some, and the founders bring a photo each."""
    organisations = list(Organisation.objects.order_by("pk")[::3])
    for number, organisation in enumerate(organisations):
        for kind, title, days, is_shared in PAPERS[: 1 + number % len(PAPERS)]:
            document = hand_in(
                people.team[number % 2],
                organisation,
                f"{title}.pdf",
                written_sheet(organisation)
                if kind == DocumentKind.BUSINESS_PLAN
                else sheet(f"{title}: {organisation}", "PDF"),
                kind=kind,
                is_shared=is_shared,
                valid_until=None if days is None else today + timedelta(days=days + number),
                note="Aus der Beratung",
            )
            if kind == DocumentKind.BUSINESS_PLAN:
                document.versions.get().read()
                plan = "Jahr;Umsatz;Kosten\n1;42.000,00;39.500,00\n2;61.000,00;55.200,00\n"
                document.renew(
                    by=people.manager,
                    file=check(io.BytesIO(plan.encode()), "Businessplan Zahlen.csv"),
                    note="Die Zahlen dazu, neu gerechnet",
                )
    for founder in people.founders:
        for organisation in Organisation.objects.visible_to(founder):
            photo = sheet(f"Unser Laden: {organisation}", "JPEG")
            hand_in(founder, organisation, "Unser Laden.jpg", photo, kind=DocumentKind.PHOTO)


def written_sheet(organisation):
    """A PDF with words in it, which the search finds; the others are scans."""
    lines = [
        f"Businessplan: {organisation}",
        "Muster, erfunden für die Vorführung",
        "Das Ladenlokal liegt nahe der U-Bahn, der Mietvertrag läuft fünf Jahre.",
        "Die Anschubfinanzierung kommt aus Mitgliedsdarlehen.",
    ]
    told = " T* ".join(f"({line}) Tj" for line in lines)
    with pikepdf.new() as paper:
        paper.add_blank_page(page_size=PAPER)
        letters = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        page = paper.pages[0]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=letters))
        content = f"BT /F1 14 Tf 20 TL 60 780 Td {told} ET".encode("cp1252", "replace")
        page.Contents = paper.make_stream(content)
        file = io.BytesIO()
        paper.save(file, deterministic_id=True)
    return file.getvalue()


def hand_in(by, organisation, name, content, **fields):
    file = check(io.BytesIO(content), name)
    return Document.objects.bring(by=by, organisation=organisation, file=file, **fields)


def sheet(words, form):
    """One page with these words on it; invented, and saying so."""
    page = Image.new("RGB", PAPER, "white")
    drawing = ImageDraw.Draw(page)
    drawing.text((60, 80), words, fill="black", font_size=26)
    drawing.text((60, 130), "Muster, erfunden für die Vorführung", fill="dimgray", font_size=18)
    file = io.BytesIO()
    page.save(file, form)
    return file.getvalue()

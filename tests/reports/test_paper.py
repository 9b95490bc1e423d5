"""The three papers: accessible, archivable, in German, each in its funder's own form."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import page
import pikepdf
import pypdf
import pytest

from reports import paper, pdf
from reports.document import Change, Document, FinancingLine, Indicator, Milestone, Section, plain
from reports.tables import sheets_of
from tests.reports.samples import make_annex, make_cover, make_document

FORMS = ("senate", "esf", "efre")
PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


@pytest.fixture(scope="module")
def printed():
    """Each form printed once for all tests here."""
    return {form: paper.produce(make_document(form)) for form in FORMS}


@pytest.fixture(params=FORMS)
def form(request):
    return request.param


def opened(printed):
    return pikepdf.open(io.BytesIO(printed.content))


def text_of(printed):
    reader = pypdf.PdfReader(io.BytesIO(printed.content))
    return "\n".join(sheet.extract_text() for sheet in reader.pages)


def structure(pdf, tag):
    return [
        thing
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == tag
    ]


@pytest.mark.parametrize("profile", PROFILES, ids=("ua-1", "a-3a"))
def test_the_file_meets_the_standard(printed, form, profile, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(printed[form].content)

    verdict = page.validate_pdf(str(file), profile=profile)

    assert [(failure.rule_id, failure.message) for failure in verdict.failures] == []
    assert verdict.is_compliant


def test_the_file_says_what_it_is_and_in_which_language(printed, form):
    document = make_document(form)

    with opened(printed[form]) as pdf:
        assert str(pdf.Root.Lang) == "de"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == document.title
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()
        assert len(pdf.pages) == printed[form].pages


def test_a_long_plan_begins_below_its_heading():
    lines = tuple(
        FinancingLine("expense", f"2.{number}", f"Ausgaben Nummer {number}", Decimal("1000.00"))
        for number in range(1, 15)
    )
    document = replace(make_document("efre"), finances=lines)

    reader = pypdf.PdfReader(io.BytesIO(paper.produce(document).content))
    texts = [" ".join(sheet.extract_text().split()) for sheet in reader.pages]
    [begun] = [text for text in texts if "Mittelverwendung" in text and "Pos." in text]
    assert "Ausgaben Nummer 2" in begun
    # What goes on has its sum with the last line.
    [ended] = [text for text in texts if "Ausgaben Nummer 14" in text and "Pos." in text]
    assert "Summe" in ended


def test_headers_of_tables_say_whether_they_head_a_column_or_a_row(printed, form):
    with opened(printed[form]) as pdf:
        headers = structure(pdf, "/TH")
        tables = structure(pdf, "/Table")

        assert {str(header.A.Scope) for header in headers} == {"/Column", "/Row"}
        # page-validation does not notice a table without any header.
        for table in tables:
            assert "/TH" in {str(cell.S) for row in rows_of(table) for cell in row.K}


def rows_of(element):
    for child in element.K:
        if child.get("/S") == "/TR":
            yield child
        elif child.get("/S") in ("/THead", "/TBody", "/TFoot"):
            yield from rows_of(child)


def test_every_picture_has_words(printed, form):
    with opened(printed[form]) as pdf:
        figures = structure(pdf, "/Figure")

        assert len(figures) >= 3
        assert all(str(figure.get("/Alt", "")).strip() for figure in figures)


def test_headings_form_one_tree(printed, form):
    with opened(printed[form]) as pdf:
        assert len(structure(pdf, "/H1")) == 1
        assert structure(pdf, "/H2")


def test_only_our_own_fonts_are_in_it_and_all_of_them_are_embedded(printed, form):
    with opened(printed[form]) as pdf:
        fonts = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        ]

        names = {str(font.FontName).split("+")[-1] for font in fonts}
        # Beside the European emblem stands one of the fonts the Union allows.
        beside_the_emblem = {"Ubuntu"} if form != "senate" else set()
        assert names == {"Fira-Paper", "Fira-Paper-Semi-Bold"} | beside_the_emblem
        assert all(any(f"/FontFile{kind}" in font for kind in ("", 2, 3)) for font in fonts)


def test_names_from_many_languages_need_no_other_font():
    cover = make_cover(grantee_contact="Şükran Łukaszewska, Đặng Ẽmÿ, Ольга Ґудзь, Ελένη, GROẞ €")

    printed = paper.produce(make_document(cover=cover, annex=(), breakdowns=()))

    assert "Şükran Łukaszewska, Đặng Ẽmÿ, Ольга Ґудзь, Ελένη, GROẞ €" in text_of(printed)
    with opened(printed) as pdf:
        names = {
            str(thing.FontName).split("+")[-1]
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and "/FontName" in thing
        }
    assert {name[:10] for name in names} == {"Fira-Paper"}


def test_the_figures_are_attached_for_machines(printed, form):
    document = make_document(form)

    with opened(printed[form]) as pdf:
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        relations = {str(item.UF): str(item.AFRelationship) for item in pdf.Root.AF}
        types = {str(item.UF): str(item.EF.F.Subtype) for item in pdf.Root.AF}

    assert Document.from_json(files["bericht.json"].decode()) == document
    assert files["kennzahlen.csv"] == paper.figures_csv(document)
    assert files["beratungen.csv"] == paper.annex_csv(document)
    assert set(relations) == set(files)
    assert set(relations.values()) == {"/Data"}
    assert types["beratungen.csv"] == "/text/csv"
    assert types["bericht.json"] == "/application/json"


def test_the_csv_opens_in_a_german_spreadsheet():
    content = paper.annex_csv(make_document(rows=3)).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(content), delimiter=";"))

    assert rows[0][:4] == ["Nr.", "Datum", "Art", "Minuten"]
    assert rows[1][:4] == ["1", "01.12.2002", "Beratung", "30"]
    assert "412,75" in paper.figures_csv(make_document()).decode("utf-8-sig")


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠A1", "  =1"]
)
def test_a_formula_in_a_text_is_only_text_in_the_csv(formula):
    row = replace(make_annex(1)[0], result=formula)

    content = paper.annex_csv(make_document(annex=(row,))).decode("utf-8-sig")

    cell = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1][-1]
    assert cell == f"'{formula}"


def test_the_same_document_gives_the_same_bytes(printed, form):
    assert paper.produce(make_document(form)).content == printed[form].content


def test_other_figures_give_another_file(printed):
    other = make_document(indicators=())

    assert paper.produce(other).content != printed["senate"].content


def test_the_text_can_be_taken_out_again(printed, form):
    text = text_of(printed[form])

    for words in (
        "Modellprojekt Soziale",
        "Muster-Netzwerk",
        "IV B 2 - 6912/02",
        "01.12.2002",
        "194.900,50\u00a0EUR",
        "BEST-BER",
        "412,75",
        "Boxhagener Platz",
        f"Seite 1 von {printed[form].pages}",
    ):
        assert words in text


def test_each_funder_gets_its_own_form(printed):
    texts = {form: text_of(printed[form]) for form in FORMS}

    own = {
        "senate": ("Eingangsstempel", "2.2 Ausgaben", "5 Prüfvermerk", "ANBest-P"),
        "esf": ("Teil B. Indikatorenblatt", "Vereinbarung Nr.", "A.2 Innovativer Ansatz"),
        "efre": ("Projektdatenblatt", "Stand der Indikatoren", "Lokale Foren aufbauen"),
    }
    for form, words in own.items():
        for word in words:
            assert word in texts[form]
            assert not [
                other
                for other in FORMS
                if other != form and word in texts[other] and word != "Lokale Foren aufbauen"
            ]


def test_every_form_confirms_what_the_authority_asks_and_leaves_it_room(printed, form):
    text = text_of(printed[form]).replace("\n", " ")

    for words in (
        "notwendig waren und wirtschaftlich und sparsam",
        "mit den Büchern und Belegen übereinstimmen",
        "nicht auch aus einer anderen Zuwendung bezahlt",
        "bis zum Ende der Aufbewahrungsfrist",
        "Zum Vorsteuerabzug",
        "Von der Bewilligungsbehörde auszufüllen",
    ):
        assert words in text


def test_old_programmes_carry_no_codes_or_sentences_of_today(printed, form):
    text = text_of(printed[form])

    for word in ("EECO", "RCO", "RCR", "Kofinanziert von der Europäischen Union", "EurekaPlus"):
        assert word not in text


def test_an_approved_early_start_stands_on_the_cover_of_each_form(form):
    approved = paper.typeset(make_document(form, cover=make_cover(form, early_start="01.11.2002")))
    usual = paper.typeset(make_document(form))

    cover = approved.html.partition("<h2")[0]
    assert "Vorzeitiger" in cover
    assert "01.11.2002" in cover
    assert "01.11.2002" not in usual.html


def test_not_asked_is_a_dash_and_a_counted_zero_a_zero():
    nothing = Indicator("BEST-X", "Namenlos", "Anzahl", None, Decimal(0), None)

    html = paper.typeset(make_document(indicators=(nothing,))).html

    cells = html.split("Namenlos")[1].split("</tr>")[0]
    assert [part.split("</td>")[0] for part in cells.split('<td class="figure">')[1:]] == [
        "–",
        "0",
        "–",
        "–",
    ]


def test_a_milestone_stands_below_its_indicator_on_paper_and_in_every_file():
    agreed = Indicator(
        "BEST-X",
        "Namenlos",
        "Anzahl",
        Decimal(20),
        Decimal(3),
        Decimal(9),
        # As the time before kept the only one, and one more.
        milestone=Decimal("8.5"),
        milestone_on=date(2026, 3, 31),
        milestones=(Milestone(Decimal(15), date(2026, 9, 30)),),
    )
    document = make_document(indicators=(agreed,))

    line = paper.typeset(document).html.split("Etappenziel bis 31.03.2026")[1].split("</tr>")[0]
    figures = paper.figures_csv(document).decode("utf-8-sig")
    _, _, rows = next(sheet for sheet in sheets_of(plain(document)) if sheet[0] == "Indikatoren")

    assert '<td class="figure">8,5</td>' in line
    assert "Namenlos;Etappenziel bis 31.03.2026;8,5" in figures
    assert "Namenlos;Etappenziel bis 30.09.2026;15" in figures
    assert rows[1][1:4] == ("Namenlos: Etappenziel bis 31.03.2026", "Anzahl", Decimal("8.5"))
    assert rows[2][1:4] == ("Namenlos: Etappenziel bis 30.09.2026", "Anzahl", Decimal(15))


def test_an_interim_report_is_ticked_as_one():
    interim = paper.typeset(make_document()).html
    final = paper.typeset(make_document(cover=make_cover(kind="final"))).html

    assert '<span class="box">X</span> Zwischennachweis' in interim
    assert '<span class="box"></span> Verwendungsnachweis' in interim
    assert '<span class="box">X</span> Verwendungsnachweis' in final


def test_a_corrected_version_says_what_changed(form):
    document = make_document(
        form, changes=(Change("BEST-BER", "293", "294"),), change_reason="Ein Fall nachgetragen"
    )

    html = paper.typeset(document).html

    assert "Änderungen gegenüber der vorigen Version" in html
    assert "Ein Fall nachgetragen" in html


def test_an_empty_report_is_a_whole_paper(form, tmp_path):
    document = make_document(
        form,
        cover=make_cover(form, notices=(), granted_total=None, rate=None, logos=(), areas=()),
        narrative=(Section("x", "Leer"),),
        indicators=(),
        breakdowns=(),
        finances=(),
        annex=(),
        rules=(),
        counted={},
    )

    printed = paper.produce(document)

    assert "Zu diesem Punkt liegen keine Angaben vor." in text_of(printed)
    assert "keine Beratung gezählt" in text_of(printed)
    (tmp_path / "x.pdf").write_bytes(printed.content)
    for profile in PROFILES:
        assert page.validate_pdf(str(tmp_path / "x.pdf"), profile=profile).is_compliant


@pytest.mark.slow
def test_seven_hundred_consultations_fit_into_a_fifth_of_the_limits(tmp_path):
    document = make_document(rows=700)

    printed = paper.produce(document)

    with opened(printed) as pdf:
        assert len(structure(pdf, "/TR")) >= 700
    (tmp_path / "x.pdf").write_bytes(printed.content)
    for profile in PROFILES:
        assert page.validate_pdf(str(tmp_path / "x.pdf"), profile=profile).is_compliant


def test_long_texts_and_endless_words_stay_cheap_and_within_the_page(form):
    text = "Wir haben viel zu sagen. " * 400
    document = make_document(
        form,
        rows=1,
        narrative=(Section("x", "Lang", (text, "x" * 10_000)),),
        annex=(replace(make_annex(1)[0], result=text),),
        indicators=(replace(make_document().indicators[3], reason=text, name="y" * 250),),
    )

    printed = paper.produce(document, limits=pdf.Limits(memory=600 * pdf.MIB, cpu=15, wall=150))

    words = text_of(printed).split()
    assert words.count("sagen.") == 3 * 400

"""The pages of public money received: lists, names and whom they mean, the import."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from best_portal.accounts.models import Role
from best_portal.imports.models import BatchStatus
from enterprises.models import Basis, Beneficiary, Operation, OperationImport, Organisation
from tests.enterprises.published import efre_file, esf_file, row
from tests.enterprises.test_operation_imports import bring
from tests.factories import (
    make_beneficiary,
    make_founder,
    make_operation,
    make_operation_import,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def page(sign_in):
    return sign_in(make_user(Role.MANAGER))


def address(name, *args):
    return reverse(f"enterprises:{name}", args=args)


def shown(page, **question):
    answer = page.get(address("operations"), question)
    return [operation.name for operation in answer.context["page"]]


# --- the list ---


def test_the_list_shows_every_operation_with_its_totals(page):
    organisation = make_organisation(name="Beispielhaus")
    known = make_beneficiary(organisation=organisation, basis=Basis.SAME_NAME)
    make_operation(beneficiary=known, amount=1000, share=50)
    make_operation(amount=234)

    answer = page.get(address("operations"))

    assert answer.context["totals"]["total"] == 1234
    assert answer.context["totals"]["eu_total"] == 500
    html = answer.content.decode()
    assert "Beispielhaus" in html
    assert "1.234,00" in html


def test_the_list_is_filtered_by_every_question(page):
    organisation = make_organisation()
    known = make_beneficiary(name="Küche eG", organisation=organisation, basis=Basis.SAME_NAME)
    left = make_beneficiary()
    left.leave(by=make_user())
    make_operation(name="A", beneficiary=known, starts_on="2022-01-01", ends_on="2023-06-30")
    make_operation(name="B", fund="efre", period="2014–2020", starts_on="2015-01-01", amount=9000)
    make_operation(name="C", beneficiary=left, starts_on="2024-01-01", category="117 Lernen")

    assert shown(page) == ["C", "A", "B"]
    assert shown(page, q="kueche") == []
    assert shown(page, q="küche") == ["A"]
    assert shown(page, q="lernen") == ["C"]
    assert shown(page, organisation=organisation.pk) == ["A"]
    assert shown(page, fund="efre") == ["B"]
    assert shown(page, period="2014–2020") == ["B"]
    assert shown(page, year="2023") == ["A", "B"]
    assert shown(page, file="with") == ["A"]
    assert shown(page, file="without") == ["C", "B"]
    assert shown(page, file="open") == ["B"]
    assert shown(page, sort="largest")[0] == "B"
    assert shown(page, fund="land") == []


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_full(page, rows, django_assert_max_num_queries):
    batch = make_operation_import()
    for _each in range(rows):
        make_operation(batch=batch)

    with django_assert_max_num_queries(9):
        answer = page.get(address("operations"))

    assert len(answer.context["page"].object_list) == rows


def test_the_list_comes_as_a_file_with_real_days_and_numbers(page):
    make_operation(name="=1+1", starts_on="2022-04-04", amount="91100.16", share="49.92")

    answer = page.get(address("operations_export", "xlsx"), {"fund": "esf"})
    _headings, line = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values

    fund, *_others, name, _summary, start, _end, amount, _rate, eu_amount = line[:12]
    assert (fund, name, f"{start:%Y-%m-%d}") == ("ESF", "=1+1", "2022-04-04")
    assert (amount, eu_amount) == (91100.16, 45477.2)
    csv = b"".join(page.get(address("operations_export", "csv"))).decode()
    assert "'=1+1" in csv
    assert "91100,16" in csv
    assert page.get(address("operations_export", "csv"), {"fund": "land"}).status_code == 302
    assert page.get(address("operations_export", "pdf")).status_code == 404


def test_one_operation_tells_what_the_list_prints_and_where_it_stands(page):
    batch = make_operation_import(period="2021–2027", published_on="2024-06-30")
    operation = make_operation(batch=batch, summary="Erste\nZweite", share=40, postcode="13357")

    html = page.get(address("operation", operation.pk)).content.decode()

    assert "Erste<br>Zweite" in html
    assert "ESF 2021–2027" in html
    assert "30.06.2024" in html
    assert "13357" in html


def test_an_operation_that_was_restated_says_so(page):
    later = make_operation()
    earlier = make_operation(replaced_by=later, beneficiary=later.beneficiary)

    assert later.get_absolute_url() in page.get(earlier.get_absolute_url()).content.decode()


# --- whom a name means ---


def test_a_name_is_compared_with_the_files_it_may_mean_and_linked(page):
    near, other = make_organisation(name="Beispielhaus"), make_organisation(name="Anderes")
    beneficiary = make_operation(
        beneficiary=make_beneficiary(name="Zentrum Beispielhaus gGmbH")
    ).beneficiary

    answer = page.get(beneficiary.get_absolute_url())
    assert answer.context["candidates"] == [near]
    page.post(beneficiary.get_absolute_url(), {"organisation": other.pk})

    assert Beneficiary.objects.get().organisation == other
    linked = page.get(beneficiary.get_absolute_url())
    assert linked.context["candidates"] == [near]


def test_a_name_can_be_none_of_them_and_is_said_once(page):
    beneficiary = make_beneficiary()

    for _click in range(2):
        answer = page.post(address("beneficiary_leave", beneficiary.pk), follow=True)

    assert answer.status_code == 200
    assert Beneficiary.objects.get().basis == Basis.DECIDED


def test_saying_the_same_again_is_a_sentence_and_nothing_is_lost(page):
    organisation, beneficiary = make_organisation(name="Beispielhaus"), make_beneficiary()
    beneficiary.link(organisation, by=make_user())

    answer = page.post(beneficiary.get_absolute_url(), {"organisation": organisation.pk})

    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_file_is_opened_for_a_name_and_filled_with_what_it_tells(page):
    beneficiary = make_operation(beneficiary=make_beneficiary(name="Muster e.V.")).beneficiary
    here = address("beneficiary_file", beneficiary.pk)

    form = page.get(here).context["form"]
    assert (form["name"].value(), form["kind"].value()) == ("Muster e.V.", "association")
    answer = page.post(
        here,
        {
            "name": "Muster e.V.",
            "kind": "association",
            "stage": "consolidation",
            "since": "2024-05-02",
            "legal_form": "ev",
        },
        follow=True,
    )

    organisation = Organisation.objects.get()
    assert Beneficiary.objects.get().organisation == organisation
    assert answer.context["funding_totals"]["count"] == 1


# --- the case file ---


def test_the_case_file_shows_what_was_received_with_source_and_sum(page):
    organisation = make_organisation(name="Muster")
    known = make_beneficiary(name="Muster eG", organisation=organisation, basis=Basis.SAME_NAME)
    batch = make_operation_import(fund="efre", published_on="2024-06-30")
    for amount in (1000, 234):
        make_operation(beneficiary=known, batch=batch, amount=amount, fund="efre")
    make_operation(amount=99_999)

    html = page.get(organisation.get_absolute_url()).content.decode()

    assert "1.234,00" in html
    assert "EFRE, " in html
    assert "99.999" not in html


def test_the_case_file_points_to_names_on_the_lists_nobody_has_looked_at(page):
    organisation = make_organisation(name="Muster Träger")
    printed = make_beneficiary(name="Muster-Träger gGmbH")

    html = page.get(organisation.get_absolute_url()).content.decode()

    assert printed.get_absolute_url() in html


def test_a_founder_sees_what_was_received_but_no_page_of_the_lists(sign_in):
    organisation = make_organisation(name="Muster Träger")
    known = make_beneficiary(organisation=organisation, basis=Basis.SAME_NAME)
    make_beneficiary(name="Muster-Träger gGmbH")
    operation = make_operation(beneficiary=known, name="Lernküche")
    page = sign_in(make_founder(organisation))

    html = page.get(organisation.get_absolute_url()).content.decode()

    assert "Lernküche" in html
    assert "oeffentliche-mittel" not in html
    for name in ("operation", "beneficiary"):
        assert page.get(address(name, operation.pk)).status_code == 403


# --- the import ---


def test_a_list_is_brought_from_upload_to_result(page):
    content = efre_file().getvalue()
    file = SimpleUploadedFile("efre_berlin_2021_2027.xlsx", content)

    columns = page.post(address("operations_import"), {"fund": "efre", "file": file}, follow=True)
    batch = OperationImport.objects.get()
    assert columns.redirect_chain == [(address("operations_import_columns", batch.pk), 302)]
    chosen = {
        name: field.initial
        for name, field in columns.context["form"].fields.items()
        if field.initial
    }
    preview = page.post(address("operations_import_columns", batch.pk), chosen, follow=True)
    assert preview.context["batch"].figures["operations"] == 1
    result = page.post(address("operations_import_commit", batch.pk), follow=True)

    assert result.context["batch"].status == BatchStatus.COMMITTED
    assert "142.500,00" in result.content.decode()
    assert Operation.objects.get().batch.uploaded_by == batch.uploaded_by


def test_the_upload_needs_a_fund_and_a_list(page):
    for content in (b"", b"%PDF-1.7", esf_file(headings="a,b").getvalue()):
        file = SimpleUploadedFile("liste.csv", content)
        answer = page.post(address("operations_import"), {"fund": "esf", "file": file})
        assert answer.context["form"].errors["file"]
    file = SimpleUploadedFile("liste.csv", esf_file().getvalue())
    answer = page.post(address("operations_import"), {"fund": "land", "file": file})
    assert answer.context["form"].errors["fund"]
    assert not OperationImport.objects.exists()


def test_doubtful_names_are_asked_in_the_preview_and_no_answer_is_taken_for_one(page):
    known = make_organisation(name="Beispielhaus")
    batch = bring(row("Zentrum Beispielhaus gGmbH"), row("Zentrum Beispielhaus e.V.", "B"))

    preview = page.get(address("operations_import_preview", batch.pk))
    assert [form.initial for form in preview.context["questions"].fields.values()] == ["", ""]
    page.post(address("operations_import_answer", batch.pk), {"name_0": known.pk})
    again = page.get(address("operations_import_preview", batch.pk))
    assert again.context["batch"].becoming == {"linked": 1, "doubtful": 1}
    page.post(address("operations_import_commit", batch.pk))

    assert Beneficiary.objects.get(organisation=known).basis == Basis.DECIDED
    assert Beneficiary.objects.get(organisation=None).basis == Basis.OPEN


def test_an_answer_nobody_offered_is_not_kept(page):
    make_organisation(name="Beispielhaus")
    other = make_organisation(name="Ganz Andere")
    batch = bring(row("Zentrum Beispielhaus gGmbH"))

    page.post(address("operations_import_answer", batch.pk), {"name_0": other.pk})

    assert OperationImport.objects.get().answers == {}


def test_what_a_list_says_is_shown_as_printed(page):
    hostile = "<img src=x onerror=alert(1)>"
    bring(row(hostile, hostile)).commit(by=None)

    operation = Operation.objects.get()
    for where in (
        address("operations"),
        operation.get_absolute_url(),
        operation.beneficiary.get_absolute_url(),
    ):
        html = page.get(where).content.decode()
        assert hostile not in html
        assert "&lt;img src=x" in html

"""The pages of the import: for the team and the management, every step, every refusal."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.imports.models import BatchStatus
from consultations.models import Consultation, ImportBatch
from enterprises.models import Organisation
from tests.consultations.test_imports import ROW, log_file, make_batch
from tests.factories import make_district, make_organisation, make_project, make_user

STEPS = {
    "import_preview": "get",
    "import_columns": "get",
    "import_rejected": "get",
    "import_answer": "post",
    "import_commit": "post",
    "import_discard": "post",
    "import_undo": "post",
}
OTHERS = (Role.FOUNDER, Role.FUNDER, Role.EVALUATOR)


def address(name, *args):
    return reverse(f"consultations:{name}", args=args)


def upload(page, project, content=None, name="log.csv"):
    file = SimpleUploadedFile(name, log_file(ROW).getvalue() if content is None else content)
    return page.post(address("import"), {"project": project.pk, "file": file}, follow=True)


@pytest.mark.django_db
def test_an_advisor_brings_a_log_from_upload_to_result(sign_in):
    make_district(name="Musterplatz")
    advisor = make_user()
    project = make_project(team=[advisor])
    page = sign_in(advisor)

    columns = upload(page, project)
    batch = ImportBatch.objects.get()
    assert columns.redirect_chain == [(address("import_columns", batch.pk), 302)]
    chosen = columns.context["form"].initial | {
        name: field.initial
        for name, field in columns.context["form"].fields.items()
        if field.initial
    }
    preview = page.post(address("import_columns", batch.pk), chosen, follow=True)
    assert preview.context["batch"].figures["imported"] == 1
    result = page.post(address("import_commit", batch.pk), follow=True)

    assert result.context["batch"].status == BatchStatus.COMMITTED
    assert Consultation.objects.get().logged_by == advisor
    assert Consultation.objects.get().internal_note == "Satzung\n=1+1"


@pytest.mark.django_db
@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_comes_in(sign_in, role):
    page, batch = sign_in(make_user(role)), make_batch()

    assert page.get(address("import")).status_code == 403
    for name, method in STEPS.items():
        assert getattr(page, method)(address(name, batch.pk)).status_code == 403


@pytest.mark.django_db
def test_another_advisors_import_does_not_exist(sign_in):
    batch = make_batch()
    page = sign_in(make_user())

    for name, method in STEPS.items():
        expected = 403 if name == "import_undo" else 404
        assert getattr(page, method)(address(name, batch.pk)).status_code == expected
    assert batch.file_name not in page.get(address("import")).content.decode()


@pytest.mark.django_db
def test_what_changes_something_is_never_a_link(sign_in):
    page, batch = sign_in(make_user(Role.MANAGER)), make_batch()

    for name, method in STEPS.items():
        if method == "post":
            assert page.get(address(name, batch.pk)).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "log.csv"),
        (b"%PDF-1.7", "log.pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "log.xls"),
        (b"PK\x03\x04", "log.xlsx"),
        (b"nothing;here", "log.csv"),
        (b"x" * (10 * 1024 * 1024 + 1), "log.csv"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(sign_in, content, name):
    advisor = make_user()
    project = make_project(team=[advisor])

    answer = upload(sign_in(advisor), project, content, name)

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert answer.context["form"]["project"].value() == str(project.pk)
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
def test_only_own_projects_can_be_chosen(sign_in):
    answer = upload(sign_in(make_user()), make_project())

    assert "project" in answer.context["form"].errors


@pytest.mark.django_db
def test_a_meaning_chosen_twice_is_refused_and_nothing_chosen_is_lost(sign_in):
    batch = make_batch()
    page = sign_in(batch.uploaded_by)

    answer = page.post(
        address("import_columns", batch.pk),
        {"column_1": "date", "column_2": "date", "column_6": "note", "unit": "minutes"},
    )

    form = answer.context["form"]
    assert form.errors["column_2"]
    assert form["column_6"].value() == "note"
    assert ImportBatch.objects.get().unit == "hours"


@pytest.mark.django_db
def test_the_preview_asks_for_columns_first_where_some_are_missing(sign_in):
    batch = make_batch("1.1.2024;2", headings="Datum;Dauer")
    page = sign_in(batch.uploaded_by)

    answer = page.get(address("import_preview", batch.pk))

    assert answer.url == address("import_columns", batch.pk)
    assert page.get(answer.url).status_code == 200


@pytest.mark.django_db
def test_the_preview_shows_every_problem_and_can_show_only_those(sign_in):
    wrong = ROW.replace("05.02.", "31.02.").replace("Beratung", "<b>Kaffee</b>")
    batch = make_batch(ROW, wrong)
    page = sign_in(batch.uploaded_by)

    everything = page.get(address("import_preview", batch.pk))
    problems = page.get(address("import_preview", batch.pk), {"rows": "problems"})

    assert [line.row for line in everything.context["page"]] == [2, 3]
    (line,) = problems.context["page"]
    assert [problem.code for problem in line.problems] == ["impossible_date", "unknown_kind"]
    assert "<b>Kaffee" not in problems.content.decode()
    assert "&lt;b&gt;Kaffee" in problems.content.decode()


@pytest.mark.django_db
def test_rejected_rows_come_back_as_a_file_to_correct_and_bring_again(sign_in):
    wrong = ROW.replace("05.02.", "31.02.").replace("Kiezküche", "+49 Küche")
    batch = make_batch(ROW, wrong).commit(by=None)
    page = sign_in(batch.uploaded_by)

    answer = page.get(address("import_rejected", batch.pk))

    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    cells = [cell for row in book.active for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "=1+1" in [cell.value for cell in cells]
    book.active["B2"] = "28.02.2024"
    corrected = io.BytesIO()
    book.save(corrected)
    upload(page, batch.project, corrected.getvalue(), "abgelehnt.xlsx")
    again = ImportBatch.objects.latest("pk").commit(by=None)
    assert (again.outcome["imported"], again.outcome["rejected"]) == (1, 0)
    assert Consultation.objects.filter(organisation__name="+49 Küche").exists()


@pytest.mark.django_db
def test_near_names_are_asked_about_in_the_preview(sign_in):
    known = make_organisation(name="Kiezküche Grün")
    batch = make_batch(ROW.replace("Kiezküche", "Kiezküche Grun eG"))
    page = sign_in(batch.uploaded_by)

    preview = page.get(address("import_preview", batch.pk))
    assert list(preview.context["questions"].fields) == ["name_0"]
    page.post(address("import_answer", batch.pk), {"name_0": known.pk})
    page.post(address("import_commit", batch.pk))

    assert Organisation.objects.count() == 1
    assert Consultation.objects.get().organisation == known


@pytest.mark.django_db
def test_a_second_click_imports_nothing_twice(sign_in):
    batch = make_batch()
    page = sign_in(batch.uploaded_by)

    for _click in range(2):
        answer = page.post(address("import_commit", batch.pk), follow=True)

    assert answer.status_code == 200
    assert Consultation.objects.count() == 1


@pytest.mark.django_db
def test_the_management_undoes_an_import_and_an_advisor_cannot(sign_in, client):
    batch = make_batch().commit(by=None)

    page = sign_in(make_user(Role.MANAGER))
    answer = page.post(address("import_undo", batch.pk), follow=True)

    assert answer.status_code == 200
    assert not Consultation.objects.valid().exists()


@pytest.mark.django_db
def test_a_file_put_aside_leaves_an_empty_page(sign_in):
    batch = make_batch()
    page = sign_in(batch.uploaded_by)

    page.post(address("import_discard", batch.pk))

    assert page.get(address("import_preview", batch.pk)).status_code == 200
    assert page.get(address("import_rejected", batch.pk)).status_code == 200
    assert page.get(address("import_columns", batch.pk)).status_code == 302


@pytest.mark.django_db
def test_the_preview_costs_the_same_however_many_rows(sign_in, django_assert_max_num_queries):
    counts = []
    for rows in (1, 300):
        batch = make_batch(*(ROW.replace("=1+1", f"Notiz {n}") for n in range(rows)))
        page = sign_in(batch.uploaded_by)
        page.get(address("import_preview", batch.pk))
        with django_assert_max_num_queries(25) as queries:
            page.get(address("import_preview", batch.pk))
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_what_a_file_calls_itself_is_shown_as_typed(sign_in):
    hostile = "<img src=x onerror=alert(1)>"
    make_organisation(name="Kiezküche Grün")
    batch = make_batch(
        ROW.replace("Kiezküche", f"Kiezküche Grün {hostile}"),
        ROW.replace("Beratung", hostile).replace("Musterpl.", hostile),
        headings="Nr.;Datum;von;bis;Std.;Art;Initiative;Gebiet;Bearbeiter;Personen;Thema;"
        + hostile,
    )
    ImportBatch.objects.update(file_name=f"{hostile}.csv")
    page = sign_in(batch.uploaded_by)

    for step in ("import_columns", "import_preview"):
        shown = page.get(address(step, batch.pk)).content.decode()
        assert hostile not in shown
        assert "&lt;img src=x" in shown
    assert hostile not in page.get(address("import")).content.decode()

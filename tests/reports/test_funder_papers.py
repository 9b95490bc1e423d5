"""Papers handed over to the funder: what they hold, who sees them, that they stay, the mail."""

import hashlib
import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter
from consultations.models import MonthSheet
from reports import duties, extracts
from reports.desk import trays, years
from reports.due import remind
from reports.genuine import genuine
from reports.models import FunderPaper, Imprint
from tests.factories import (
    COMPLETE,
    make_draft,
    make_duty,
    make_employment,
    make_funder_paper,
    make_grant,
    make_participation,
    make_payment,
    make_person,
    make_programme,
    make_project,
    make_released,
    make_report,
    make_time_entry,
    make_user,
    write_answers,
)
from tests.reports.test_group_papers import assert_sound, text_of

pytestmark = pytest.mark.django_db

D = Decimal
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


@pytest.fixture
def by():
    return make_user(Role.MANAGER)


@pytest.fixture
def officer():
    return make_user(Role.FUNDER)


@pytest.fixture
def advisor():
    user = make_user(name="Änne Muster")
    make_employment(user=user, function="Beraterin für Muster")
    return user


@pytest.fixture
def grant(officer, advisor):
    project = make_project(
        name="Muster-Projekt",
        team=[advisor],
        asks_participants=True,
        starts_on=FIRST,
        ends_on=LAST,
    )
    programme = make_programme(officers=[officer])
    return make_grant(
        project=project, programme=programme, starts_on=FIRST, ends_on=LAST, amount=D("5000.00")
    )


@pytest.fixture
def sheet(advisor, grant):
    for day, minutes, what in [(3, 90, "Geheimes Treffen"), (4, 60, "Noch eines")]:
        make_time_entry(
            user=advisor,
            project=grant.project,
            day=date(2024, 6, day),
            minutes=minutes,
            activity=what,
        )
    make_time_entry(user=advisor, kind="sick", day=date(2024, 6, 5), minutes=120)
    [sheet] = MonthSheet.objects.close(by=advisor, month=date(2024, 6, 1))
    return sheet


def address(name, *args):
    return reverse(f"reports:{name}", args=args)


def told(page):
    return page.content.decode()


# --- the extracts ---


def test_the_extract_of_time_sheets_has_the_sums_and_nobodys_name(sheet, grant, by, tmp_path):
    content = extracts.time_paper(grant, FIRST, LAST, by=by)

    assert_sound(content, f"Stundennachweis (Auszug): {grant.reference}", tmp_path)
    text = text_of(content)
    assert extracts.staff_number(grant.project, sheet.user_id) in text
    # 90 and 60 minutes for the project, two hours away for whatever reason.
    assert "Juni 2024 2,5 0 2 4,5" in " ".join(text.split())
    for secret in ("Änne", "Geheimes", "Beraterin", "krank", "Krank", "Unterschrift"):
        assert secret not in text


def test_a_number_stands_for_one_person_in_one_project(sheet, grant):
    mine = extracts.staff_number(grant.project, sheet.user_id)

    assert mine != extracts.staff_number(grant.project, sheet.user_id + 1)
    assert mine != extracts.staff_number(make_project(), sheet.user_id)


def test_the_extract_of_participants_names_nobody(grant, by, tmp_path):
    person = make_person(name="Ünal Beispiel", birth_on=date(1990, 1, 1), postcode="13357")
    stay = make_participation(grant.project, person=person, entered_on=date(2024, 3, 1))
    write_answers(stay, **COMPLETE)

    content = extracts.participants_paper(grant, FIRST, LAST, by=by)

    assert_sound(content, f"Teilnehmerliste (Auszug): {grant.reference}", tmp_path)
    text = text_of(content)
    assert f"T-{stay.pk:05d}" in text
    assert "01.03.2024" in text
    for secret in ("Beispiel", "Ünal", "1990", "13357", "Unterschrift"):
        assert secret not in text


@pytest.mark.parametrize("kind", ["time", "people"])
def test_there_is_no_extract_of_nothing(kind, grant, by):
    with pytest.raises(ValidationError, match="In diesem Zeitraum"):
        extracts.hand_over_extract(grant, kind, FIRST, LAST, by=by)


# --- handing over ---


def test_a_payment_request_is_handed_over_as_it_is_printed(grant, by, officer):
    asked = make_payment(grant=grant, amount=D("400.00"))

    paper = extracts.hand_over_payment(asked, by=by)

    assert "400,00" in text_of(bytes(paper.pdf))
    assert FunderPaper.objects.get().sha256 == hashlib.sha256(paper.pdf).hexdigest()
    [letter] = Letter.objects.all()
    assert (letter.recipient, letter.subject) == (officer.email, f"Ein Papier für Sie: {paper}")
    assert grant.get_absolute_url() in letter.text
    with pytest.raises(ValidationError, match="schon übergeben"):
        extracts.hand_over_payment(asked, by=by)
    assert Letter.objects.count() == 1


def test_what_was_called_back_is_not_handed_over(grant, by):
    asked = make_payment(grant=grant)
    stale = type(asked).objects.get(pk=asked.pk)
    asked.call_back(by=by)

    with pytest.raises(ValidationError, match="zurückgezogen"):
        extracts.hand_over_payment(stale, by=by)
    assert not Letter.objects.exists()


def test_only_the_manager_hands_over_and_only_of_days_of_the_grant(grant, by, advisor, sheet):
    with pytest.raises(ValidationError, match="Nur die Leitung"):
        make_funder_paper(grant=grant, by=advisor)
    with pytest.raises(ValidationError, match="für die die Zuwendung zahlt"):
        extracts.hand_over_extract(grant, "time", FIRST, date(2025, 1, 1), by=by)
    assert not FunderPaper.objects.exists()


@pytest.mark.parametrize("change", ["delete", "update"])
def test_what_was_handed_over_never_changes(change):
    paper = FunderPaper.objects.filter(pk=make_funder_paper().pk)

    with (
        pytest.raises(IntegrityError, match="reports_funder_papers_never_change"),
        transaction.atomic(),
    ):
        paper.delete() if change == "delete" else paper.update(ends_on=date(2030, 1, 1))


def test_an_imprint_never_changes():
    Imprint.objects.keep(b"a", format="pdf", kind="letter")

    with (
        pytest.raises(IntegrityError, match="reports_funder_papers_never_change"),
        transaction.atomic(),
    ):
        Imprint.objects.update(kind="time")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reports_funderpaper_kind_is_known", {"kind": "else"}),
        ("reports_funderpaper_ends_after_start", {"ends_on": date(2000, 1, 1)}),
        ("reports_funderpaper_payment_is_of_its_kind", {"kind": "payment"}),
    ],
)
def test_the_database_refuses(name, fields, by):
    grant = make_grant()
    values = {
        "kind": "time",
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
        "pdf": b"%PDF",
        "handed_over_by": by,
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FunderPaper.objects.create(grant=grant, **values | fields)


def test_the_database_takes_the_same_paper_of_a_grant_once(by):
    paper = make_funder_paper()
    fields = ("grant", "kind", "starts_on", "ends_on", "pdf", "handed_over_by")
    same = {name: getattr(paper, name) for name in fields}

    with (
        pytest.raises(IntegrityError, match="reports_funderpaper_handed_over_once"),
        transaction.atomic(),
    ):
        FunderPaper.objects.create(**same)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reports_imprint_sha256_is_one", {"sha256": "g" * 64}),
        ("reports_imprint_format_is_known", {"format": "doc"}),
        ("reports_imprint_is_of_one_thing", {"kind": ""}),
    ],
)
def test_the_database_refuses_an_imprint(name, fields):
    values = {"sha256": "0" * 64, "format": "pdf", "kind": "letter"}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Imprint.objects.create(**values | fields)


# --- who sees them ---


def test_the_officers_of_the_programme_see_it_and_no_other_funder(sign_in, grant, officer):
    paper = make_funder_paper(grant=grant, pdf=b"%PDF-1.7 echt")
    other = make_user(Role.FUNDER)
    make_programme(officers=[other])

    taken = sign_in(officer).get(paper.get_absolute_url())

    assert taken.content == b"%PDF-1.7 echt"
    assert Event.objects.filter(verb="funder_paper.downloaded", actor=officer).count() == 1
    assert sign_in(other).get(paper.get_absolute_url()).status_code == 404
    assert not FunderPaper.objects.visible_to(make_user()).exists()


def test_the_desk_shows_what_became_of_a_payment_request(sign_in, grant, officer, by):
    asked = make_payment(grant=grant, amount=D("400.00"))
    page = told(sign_in(officer).get(address("list")))
    assert "400,00" not in page  # not handed over yet

    make_funder_paper(payment=asked)
    assert "abgerufen" in told(sign_in(officer).get(address("list")))
    asked.note_paid(by=by, paid_on=asked.requested_on, paid_amount=D("390.00"))

    for page in (address("list"), grant.get_absolute_url()):
        shown = told(sign_in(officer).get(page))
        assert "400,00" in shown
        assert "390,00" in shown
    [tray] = trays(officer, date(2024, 1, 1))
    assert (tray.reports, [paper.payment for paper in tray.papers]) == ([], [asked])


def test_a_year_holds_its_papers_beside_the_reports(sign_in, grant, officer):
    paper = make_funder_paper(grant=grant, pdf=b"%PDF-1.7 echt")
    make_released(report=make_report(grant=grant, ends_on=date(2024, 6, 30)))
    assert years(officer) == [2024]

    packed = b"".join(sign_in(officer).get(address("year", 2024)).streaming_content)

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.read(paper.file_name) == b"%PDF-1.7 echt"
        listed = {each["file"] for each in json.loads(archive.read("manifest.json"))["files"]}
        assert listed == set(archive.namelist()) - {"manifest.json", "SHA256SUMS"}
    assert genuine(hashlib.sha256(packed).hexdigest()).kind == "Berichte eines Jahres"


def test_a_year_may_hold_nothing_but_papers(sign_in, grant, officer):
    make_funder_paper(grant=grant)

    assert sign_in(officer).get(address("year", 2024)).status_code == 200
    assert sign_in(officer).get(address("year", 2023)).status_code == 404


# --- pages of the manager ---


def test_the_manager_looks_at_an_extract_and_hands_it_over(sign_in, grant, by, sheet):
    client, page = sign_in(by), address("funder_paper_new", grant.ref)
    wanted = {"kind": "time", "starts_on": "2024-06-01", "ends_on": "2024-06-30"}

    looked = client.post(page, wanted | {"preview": "1"})
    assert looked.headers["Content-Type"] == "application/pdf"
    assert not FunderPaper.objects.exists()

    done = client.post(page, wanted, follow=True)
    assert "Dem Fördergeber übergeben: Stundennachweise" in told(done)
    assert "schon übergeben" in told(client.post(page, wanted))
    assert FunderPaper.objects.count() == 1


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"kind": "payment"}, "payment"),
        ({"starts_on": "2023-01-01"}, "für die die Zuwendung zahlt"),
        ({"starts_on": "2024-12-01", "ends_on": "2024-11-01"}, "vor"),
        ({"kind": "people"}, "niemand teilgenommen"),
    ],
)
def test_what_cannot_be_handed_over_is_told(wanted, why, sign_in, grant, by):
    usual = {"kind": "time", "starts_on": "2024-06-01", "ends_on": "2024-06-30"}

    answer = sign_in(by).post(address("funder_paper_new", grant.ref), usual | wanted)

    assert why in told(answer)
    assert not FunderPaper.objects.exists()


def test_the_address_of_a_duty_fills_the_form(sign_in, grant, by):
    question = "?art=people&von=2024-01-01&bis=2024-06-30"
    page = told(sign_in(by).get(address("funder_paper_new", grant.ref) + question))

    [chosen] = re.findall(r"<input[^>]*checked[^>]*>", page)
    assert 'value="people"' in chosen
    assert 'value="2024-06-30"' in page


def test_a_payment_request_is_handed_over_from_its_page(sign_in, grant, by):
    asked = make_payment(grant=grant)
    client = sign_in(by)
    assert "sehen diesen Mittelabruf noch nicht" in told(client.get(asked.get_absolute_url()))

    done = client.post(address("payment_hand_over", grant.ref, asked.pk), follow=True)

    assert FunderPaper.objects.get().get_absolute_url() in told(done)
    again = client.post(address("payment_hand_over", grant.ref, asked.pk), follow=True)
    assert "schon übergeben" in told(again)


# --- genuine ---


def test_a_paper_is_known_by_its_hash_and_nothing_else_is_told(client, grant, by):
    asked = make_payment(grant=grant)
    paper = extracts.hand_over_payment(asked, by=by)
    question = {"sha256": hashlib.sha256(paper.pdf).hexdigest()}

    page = told(client.post(address("genuine"), question))

    assert "Mittelabruf (PDF), dem Fördergeber übergeben am" in page
    for secret in (grant.reference, grant.project.name, grant.recipient, "1.000"):
        assert secret not in page
    asked.call_back(by=by)
    assert "seitdem zurückgezogen" in told(client.post(address("genuine"), question))


def test_what_is_printed_or_made_at_a_download_is_known_as_well(client, sign_in, grant, by, sheet):
    asked = make_payment(grant=grant)
    version = make_released()
    for page, said in [
        (address("payment_paper", grant.ref, asked.pk), "Mittelabruf (PDF), aus dem Portal"),
        (address("month_sheet_paper", sheet.pk), "Stundennachweis (PDF), aus dem Portal"),
        (address("download", version.pk, "xlsx"), "Zwischennachweis (Excel), Version 1"),
    ]:
        digest = hashlib.sha256(sign_in(by).get(page).content).hexdigest()
        assert said in told(client.post(address("genuine"), {"sha256": digest}))


def test_a_workbook_of_a_draft_is_not_known(sign_in, by):
    taken = sign_in(by).get(address("download", make_draft().pk, "xlsx")).content

    assert genuine(hashlib.sha256(taken).hexdigest()) is None
    assert Imprint.objects.count() == 1


# --- asked for by the notice ---


def dues_of(grant, today=date(2024, 8, 1)):
    return [(due.due_on, due.is_done, due.is_overdue) for due in duties.of_grants([grant], today)]


def test_a_notice_asks_for_time_sheets_by_rhythm(sign_in, grant, officer, by):
    make_duty(grant=grant, kind="time", rhythm="months", every=6, months=1)
    half = (date(2024, 1, 1), date(2024, 6, 30))

    assert dues_of(grant) == [(date(2024, 7, 30), False, True), (date(2025, 1, 31), False, False)]
    [due, _next] = duties.of_grants([grant], date(2024, 8, 1))
    assert due.title == "Stundennachweise für 01.01.2024 bis 30.06.2024"
    assert due.href.endswith("/papiere/neu/?art=time&von=2024-01-01&bis=2024-06-30")
    assert sign_in(by).get(due.href).status_code == 200
    assert [due.title for due in duties.ahead(officer, date(2024, 8, 1))][0] == due.title

    # One day too few does not do, the whole half year does.
    make_funder_paper(grant=grant, starts_on=half[0], ends_on=date(2024, 6, 29), pdf=b"%PDF 1")
    assert dues_of(grant)[0][1:] == (False, True)
    make_funder_paper(grant=grant, starts_on=half[0], ends_on=half[1], pdf=b"%PDF 2")
    assert dues_of(grant)[0][1:] == (True, False)
    assert "übergeben" in told(sign_in(officer).get(grant.get_absolute_url()))


def test_a_payment_request_that_was_called_back_does_no_duty(grant, by):
    make_duty(grant=grant, kind="payment", rhythm="years", months=1)
    asked = make_payment(grant=grant, starts_on=date(2024, 5, 1), ends_on=date(2024, 6, 30))
    assert dues_of(grant) == [(date(2025, 1, 31), False, False)]

    make_funder_paper(payment=asked, starts_on=asked.starts_on, ends_on=asked.ends_on)
    assert dues_of(grant)[0][1]
    asked.call_back(by=by)
    assert not dues_of(grant)[0][1]


def test_managers_are_told_once_that_a_paper_is_overdue(grant, by):
    make_duty(grant=grant, kind="people", rhythm="years", months=1)

    for _again in range(2):
        remind(date(2025, 2, 1))

    [letter] = Letter.objects.filter(recipient=by.email)
    assert "dem Fördergeber noch nicht übergeben" in letter.text


def test_a_payment_request_does_for_the_period_it_begins_in_or_reaches_the_end_of(grant):
    make_duty(grant=grant, kind="payment", rhythm="months", every=3, months=1)
    days = [(date(2024, 2, 1), date(2024, 4, 10)), (date(2024, 6, 30), date(2024, 7, 1))]
    for number, (first, last) in enumerate(days):
        done = [is_done for _due_on, is_done, _is_overdue in dues_of(grant)]
        assert done == [[False] * 4, [True, False, False, False]][number]
        asked = make_payment(grant=grant, starts_on=first, ends_on=last, amount=D("10.00"))
        make_funder_paper(payment=asked, starts_on=first, ends_on=last, pdf=b"%%PDF %d" % number)

    assert [is_done for _due_on, is_done, _is_overdue in dues_of(grant)] == [
        True,
        True,
        False,
        False,
    ]

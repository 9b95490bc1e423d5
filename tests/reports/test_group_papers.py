"""The list to sign and the certificate: tagged, archivable, with the logos of whoever pays."""

import io
from datetime import date, timedelta

import page
import pikepdf
import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import CheckIn, GroupSession, Registration
from reports import group_papers, pdf
from reports.group_papers import Funding
from reports.models import Notice
from tests.factories import (
    make_founder,
    make_grant,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_project,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
EU = {"kind": "eu", "text": "Kofinanziert von der Europäischen Union", "alt": "EU-Emblem"}
BERLIN = {"kind": "text", "text": "Land Berlin", "alt": "Platzhalter für das Logo: Land Berlin"}
PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def course(dates=2, **fields):
    """Evenings of two hours, the last one yesterday, with a person from each of two worlds."""
    now = timezone.now().replace(microsecond=0)
    starts = [now - timedelta(days=number) - 3 * HOUR for number in range(dates, 0, -1)]
    advisor = make_user(name="Lea Beispiel")
    if "project" not in fields:
        fields["project"] = make_project(
            name="Muster-Projekt",
            team=[advisor],
            starts_on=date(2020, 1, 1),
            ends_on=date(2099, 12, 31),
        )
    session = make_group_session(
        leaders=[advisor],
        times=[(start, start + 2 * HOUR) for start in starts],
        title="Buchhaltung von Anfang an",
        contents="Belege ordnen\n\nSteuern verstehen",
        place="Stadtteilbüro",
        **fields,
    )
    cafe = make_organisation(name="Muster-Café")
    for name in ("Änne Beispiel", "Zoë Muster"):
        make_registration(session=session, person=make_person(name=name), organisation=cafe)
    return GroupSession.objects.for_list().get(pk=session.pk)


def attend(session, *marks):
    """Note (present, late) of each person on each date, and log all of them."""
    for day in session.dates.all():
        for registration, (is_present, late) in zip(
            session.registrations.by_turn(), marks, strict=True
        ):
            CheckIn.objects.note(
                by=session.planned_by,
                date=day,
                registration=registration,
                is_present=is_present,
                late=late,
            )
        day.log(by=session.planned_by, result="")
    return GroupSession.objects.for_list().get(pk=session.pk)


def text_of(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    return "\n".join(sheet.extract_text() for sheet in reader.pages)


def assert_sound(content, title, tmp_path, headed=("/Column", "/Row")):
    file = tmp_path / "paper.pdf"
    file.write_bytes(content)
    for profile in PROFILES:
        verdict = page.validate_pdf(str(file), profile=profile)
        assert [(failure.rule_id, failure.message) for failure in verdict.failures] == []
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert str(opened.Root.Lang) == "de"
        assert opened.Root.MarkInfo.Marked
        assert str(opened.docinfo.Title) == title
        scopes = [
            str(thing.A.Scope)
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/TH"
        ]
        assert set(scopes) == set(headed)


def figures_in(content):
    """The alternative texts of the pictures."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        return [
            str(thing.Alt)
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]


# --- who pays ---


def test_the_grants_that_pay_on_these_days_bring_logos_once_and_a_line_each():
    session = course()
    project = session.project
    for name, logos in (("A", [BERLIN, EU]), ("B", [EU, BERLIN, BERLIN | {"text": "Bezirk"}])):
        grant = make_grant(
            project=project,
            programme=make_programme(name=f"Programm {name}"),
            ref=f"zuwendung-{name.lower()}",
            logos=logos,
        )
        Notice.objects.create(grant=grant, issued_on=date(2023, 11, 20), reference="x", amount=1)
    make_grant(
        project=project, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31), logos=[BERLIN]
    )
    make_grant(logos=[BERLIN])

    funding = Funding.of(project, session.held_dates[0].day, session.held_dates[-1].day)

    assert [(logo.kind, logo.text) for logo in funding.logos] == [
        ("eu", EU["text"]),
        ("text", "Land Berlin"),
        ("text", "Bezirk"),
    ]
    assert len(funding.lines) == 2
    assert "Programm A" in funding.lines[0]
    assert "Bescheid vom 20.11.2023" in funding.lines[0]


def test_work_before_the_period_is_paid_for_where_an_early_start_was_approved():
    project = make_project()
    early = make_grant(project=project, starts_on=date(2024, 3, 1), early_start_on=date(2024, 2, 1))

    day = date(2024, 2, 15)
    assert Funding.of(project, day, day).recipient == early.recipient
    assert Funding.of(project, date(2024, 1, 31), date(2024, 1, 31)).lines == ()


# --- the list ---


def test_the_list_has_a_line_for_each_and_a_column_to_sign_for_each_date(tmp_path):
    session = course(seats=4)
    make_grant(project=session.project, logos=[EU, BERLIN], reference="Az. 4711")

    content = group_papers.attendance_list(session)

    assert_sound(content, "Teilnahmeliste: Buchhaltung von Anfang an", tmp_path)
    text = text_of(content)
    for words in (
        "Änne Beispiel",
        "Zoë Muster",
        "Muster-Café",
        "Muster-Projekt",
        "Stadtteilbüro",
        "Lea Beispiel",
        "Unterschrift der Leitung",
        "4711",
        "Logo: Land Berlin",
        EU["text"],
    ):
        assert words in " ".join(text.split())
    for day in session.held_dates:
        assert f"{timezone.localtime(day.starts_at):%d.%m.%Y}" in text
    assert "EU-Emblem" in figures_in(content)
    # Two people, two seats, and lines to spare.
    assert "6" in [line.strip() for line in text.splitlines()]


def test_a_course_of_six_evenings_is_signed_on_two_tables(tmp_path):
    content = group_papers.attendance_list(course(dates=6))

    assert_sound(content, "Teilnahmeliste: Buchhaltung von Anfang an", tmp_path)
    assert text_of(content).count("Änne Beispiel") == 2


def test_after_the_session_the_list_says_who_was_not_there_and_how_long_the_others_were():
    session = attend(course(dates=1), (True, 30), (False, 0))

    text = text_of(group_papers.attendance_list(session))

    assert text.count("nicht da") == 1
    assert "1,5" in text


def test_needs_are_not_on_the_list():
    session = course()
    session.registrations.update(needs=["sign_language"])

    text = text_of(group_papers.attendance_list(session))

    assert "Gebärden" not in text
    assert "sign" not in text


def test_an_empty_list_can_be_printed(tmp_path):
    session = GroupSession.objects.for_list().get(pk=make_group_session(leaders=[]).pk)

    content = group_papers.attendance_list(session)

    assert_sound(content, f"Teilnahmeliste: {session.title}", tmp_path)


# --- the certificate ---


def test_the_certificate_says_who_attended_what_when_and_how_long(tmp_path):
    session = attend(course(), (True, 30), (True, 0))
    make_grant(project=session.project, logos=[EU, BERLIN])
    late = Registration.objects.for_list().get(person__name="Änne Beispiel")

    content = group_papers.certificate(late)

    assert_sound(content, "Teilnahmebescheinigung: Buchhaltung von Anfang an", tmp_path)
    text = text_of(content)
    for words in (
        "Teilnahmebescheinigung",
        "Änne Beispiel",
        "Belege ordnen",
        "Steuern verstehen",
        "1,5",
        "Stadtteilbüro",
        "Lea Beispiel",
        "Logo: Land Berlin",
        EU["text"],
        "Unterschrift der Leitung",
    ):
        assert words in " ".join(text.split())
    assert "Zoë" not in text
    [total] = [line for line in text.splitlines() if line.startswith("Zusammen")]
    assert total.split()[-1] == "3"
    assert group_papers.certificate(late) == content


def test_who_was_never_there_gets_none():
    session = attend(course(), (True, 0), (False, 0))
    absent = session.registrations.get(person__name="Zoë Muster")

    assert group_papers.certificate(absent) is None


def test_hostile_words_are_printed_as_typed():
    session = course(dates=1)
    GroupSession.objects.filter(pk=session.pk).update(title="<script>alert(1)</script> 😀 & mehr")
    session = GroupSession.objects.for_list().get(pk=session.pk)

    text = text_of(group_papers.attendance_list(session))

    assert "<script>alert(1)</script> [?] & mehr" in text


# --- pages ---


def test_a_leader_downloads_the_list_and_a_founder_their_own_certificate(sign_in):
    founder = make_founder()
    session = course(dates=1)
    session.registrations.filter(person__name="Zoë Muster").update(person=founder.person)
    session = attend(session, (True, 0), (True, 0))
    own = session.registrations.get(person=founder.person)
    other = session.registrations.exclude(pk=own.pk).get()

    leader = sign_in(session.leaders.get())
    listed = leader.get(reverse("reports:attendance_list", args=[session.pk]))
    assert listed["Content-Type"] == "application/pdf"
    assert session.reference in listed["Content-Disposition"]
    assert listed.content.startswith(b"%PDF")

    client = sign_in(founder)
    page = client.get(reverse("consultations:group_sessions"))
    address = reverse("reports:certificate", args=[own.pk])
    assert address in page.text
    assert founder.name in text_of(client.get(address).content)
    assert client.get(reverse("reports:certificate", args=[other.pk])).status_code == 404
    assert client.get(reverse("reports:attendance_list", args=[session.pk])).status_code == 403


def test_by_the_link_of_the_mail_one_gets_ones_own_and_only_after_attending(client):
    session = course(dates=1)
    registration = session.registrations.by_turn().first()
    address = reverse("reports:certificate_by_link", args=[registration.token])
    assert client.get(address).status_code == 404
    assert address not in client.get(registration.get_absolute_url()).text

    attend(session, (True, 0), (True, 0))

    assert address in client.get(registration.get_absolute_url()).text
    assert registration.person.name in text_of(client.get(address).content)


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR])
def test_funders_and_evaluators_get_no_names(sign_in, role):
    session = attend(course(dates=1), (True, 0), (True, 0))
    registration = session.registrations.first()

    client = sign_in(make_user(role))

    for name, pk in (("attendance_list", session.pk), ("certificate", registration.pk)):
        assert client.get(reverse(f"reports:{name}", args=[pk])).status_code == 403


def test_a_paper_that_cannot_be_printed_says_so_on_the_page(sign_in, settings, monkeypatch):
    session = course(dates=1)
    monkeypatch.setattr(group_papers, "LIMITS", pdf.Limits(memory=2**30, cpu=20, wall=0.01))

    client = sign_in(session.leaders.get())
    answer = client.get(reverse("reports:attendance_list", args=[session.pk]), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("consultations:group_manage", args=[session.pk])
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]

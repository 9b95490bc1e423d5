"""The letter that confirms an appointment: archivable, one page, in the language of its reader."""

import io

import page
import pikepdf
import pypdf
import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from reports import pdf
from reports.appointment_letter import letter
from tests.factories import (
    NINE,
    make_appointment,
    make_grant,
    make_person,
    make_user,
)
from tests.reports.test_group_papers import BERLIN, EU

pytestmark = pytest.mark.django_db

PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def make(language="de", **fields):
    person = make_person(name="Rosa Beispiel", language=language)
    fields = {"place": "Stadtteilbüro", "concern": "Streng vertraulich"} | fields
    return make_appointment(person=person, told_by="letter", **fields)


def text_of(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def assert_archivable(content, language, tmp_path):
    file = tmp_path / "letter.pdf"
    file.write_bytes(content)
    for profile in PROFILES:
        verdict = page.validate_pdf(str(file), profile=profile)
        assert [(failure.rule_id, failure.message) for failure in verdict.failures] == []
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert str(opened.Root.Lang) == language


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Montag, 3. Juni 2030, 09:00 bis 10:00 Uhr"),
        ("en", "Monday, June 3, 2030, 09:00 to 10:00"),
    ],
)
def test_the_letter_says_when_and_where_in_the_readers_language(language, words, tmp_path):
    appointment = make(language)
    appointment.refresh_from_db()

    content = letter(appointment)

    text = text_of(content)
    assert words in text
    assert "Stadtteilbüro" in text
    assert "Rosa Beispiel" in text
    assert appointment.reference in text
    assert "vertraulich" not in text
    assert_archivable(content, language, tmp_path)


def test_who_pays_is_on_it(tmp_path):
    appointment = make(starts_at=NINE.replace(year=2024))
    make_grant(project=appointment.project, logos=[EU, BERLIN], reference="Az. 17")

    text = text_of(letter(appointment))

    assert "Kofinanziert von der Europäischen Union" in text
    assert "Az. 17" in text


def test_a_cancelled_appointment_is_told_as_that():
    appointment = make()
    appointment.cancel(by=appointment.advisor)

    text = text_of(letter(appointment))

    assert "abgesagt" in text
    assert "ist gebucht" not in text


def test_a_name_with_signs_of_many_scripts_is_printed():
    appointment = make()
    appointment.person.name = "Łucja Müller-Şahin 𝐀 <b>&"

    assert "Łucja Müller-Şahin A <b>&" in text_of(letter(appointment))


def test_staff_download_it_and_nobody_else(sign_in):
    appointment = make()
    address = reverse("reports:appointment_letter", args=[appointment.pk])

    response = sign_in(make_user()).get(address)

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert appointment.reference in response["Content-Disposition"]
    assert (
        address
        in sign_in(appointment.advisor)
        .get(reverse("consultations:appointment_letter", args=[appointment.pk]))
        .text
    )
    for role in (Role.FOUNDER, Role.FUNDER, Role.EVALUATOR):
        assert sign_in(make_user(role)).get(address).status_code == 403


def test_where_nothing_can_be_printed_the_page_says_so(sign_in, monkeypatch):
    appointment = make()
    limits = pdf.Limits(memory=2**30, cpu=20, wall=0.01)
    monkeypatch.setattr("reports.appointment_letter.LIMITS", limits)

    page = sign_in(appointment.advisor).get(
        reverse("reports:appointment_letter", args=[appointment.pk]), follow=True
    )

    assert page.status_code == 200
    assert [message.level_tag for message in page.context["messages"]] == ["error"]

"""The dossier on paper: archivable, whole, for whoever may read its page."""

import io

import page
import pypdf
import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports import pdf
from reports.dossier_paper import paper
from tests.factories import make_case, make_dossier, make_project, make_promise, make_user

pytestmark = pytest.mark.django_db

PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


@pytest.fixture
def dossier():
    advisor = make_user()
    case = make_case(advisor=advisor, project=make_project(team=[advisor]))
    make_promise(
        advisor=advisor, organisation=case.organisation, case=case, what="Satzung gegenlesen"
    )
    return make_dossier(
        case,
        state="Der Mietvertrag\nliegt beim Amt.",
        trust_issues="Wurde schon einmal versetzt.",
        contacts="Frau Beispiel vom Amt",
        keys_held="Ladenschlüssel Nr. 3",
        first_step="Beim Amt anrufen",
        second_step="Vertrag prüfen",
        third_step="Eröffnung planen",
    )


def test_all_of_it_stands_on_the_paper(dossier, tmp_path):
    content = paper(dossier)

    text = " ".join(
        " ".join(each.extract_text().split()) for each in pypdf.PdfReader(io.BytesIO(content)).pages
    )
    for words in (
        dossier.case.organisation.name,
        "Vertraulich",
        "liegt beim Amt.",
        "Wurde schon einmal versetzt.",
        "Frau Beispiel vom Amt",
        "Ladenschlüssel Nr. 3",
        "Beim Amt anrufen",
        "Eröffnung planen",
        "Satzung gegenlesen",
    ):
        assert words in text
    file = tmp_path / "dossier.pdf"
    file.write_bytes(content)
    for profile in PROFILES:
        verdict = page.validate_pdf(str(file), profile=profile)
        assert [(failure.rule_id, failure.message) for failure in verdict.failures] == []


def test_whoever_reads_the_page_gets_it_and_a_managers_look_is_noted(sign_in, dossier, monkeypatch):
    monkeypatch.setattr("reports.dossier_paper.paper", lambda row: b"%PDF-")
    address = reverse("reports:dossier", args=[dossier.pk])

    answer = sign_in(dossier.case.advisor).get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert not Event.objects.about(dossier).exists()
    assert sign_in(make_user()).get(address).status_code == 404
    assert sign_in(make_user(Role.MANAGER)).get(address).status_code == 200
    assert [event.verb for event in Event.objects.about(dossier)] == ["dossier.read"]


def test_what_cannot_be_printed_leads_back_with_a_reason(sign_in, dossier, monkeypatch):
    def refuse(row):
        raise pdf.PrintError("too_long")

    monkeypatch.setattr("reports.dossier_paper.paper", refuse)

    answer = sign_in(dossier.case.advisor).get(reverse("reports:dossier", args=[dossier.pk]))

    assert answer.url == dossier.get_absolute_url()

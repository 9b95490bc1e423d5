"""The certificate and the declaration: tagged, archivable, German; a draft until delegated."""

from datetime import date

import pytest
from django.utils import translation

from reports import aid_papers
from reports.models import Declaration, DeMinimisAward
from tests.factories import (
    make_aid_grant,
    make_award,
    make_declaration,
    make_enterprise,
    make_founder,
    make_user,
)
from tests.reports.pages import address
from tests.reports.test_group_papers import assert_sound, text_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 15)


def granted(**fields):
    organisation = make_enterprise(name="Muster-Blumenladen")
    make_declaration(organisation=organisation, signed_on=DAY, linked="Beispiel-Schwester GmbH")
    award = make_award(
        grant=make_aid_grant(**fields),
        organisation=organisation,
        granted_on=DAY,
        retain_until=date(2036, 6, 15),
        recipient="Muster-Blumenladen, Musterweg 1",
    )
    return DeMinimisAward.objects.for_list().get(pk=award.pk)


def words_of(content):
    return " ".join(text_of(content).split())


def test_a_certificate_is_a_draft_and_says_all_it_must(tmp_path):
    award = granted()

    content = aid_papers.certificate(award)

    assert_sound(content, f"De-minimis-Bescheinigung {award.number}", tmp_path)
    text = words_of(content)
    for words in (
        "Entwurf – nicht zur Vorlage bestimmt",
        "Muster-Blumenladen, Musterweg 1",
        "Erklärung vom 15.06.2026",
        "Beispiel-Schwester GmbH",
        "Verordnung (EU) 2023/2831",
        "ABl. L, 2023/2831, 15.12.2023",
        "60,00 EUR",
        "300.000,00 EUR",
        "bis zum 15.06.2036",
        "innerhalb einer Woche",
        "bis zum 13.07.2026",
    ):
        assert words in text, words


def test_a_delegated_certificate_is_no_draft():
    award = granted(de_minimis_delegated=True)

    assert "Entwurf" not in words_of(aid_papers.certificate(award))


def test_the_same_certificate_has_the_same_bytes():
    award = granted()

    assert aid_papers.certificate(award) == aid_papers.certificate(award)


def test_the_declaration_is_german_whoever_prints_it(tmp_path):
    award = granted()
    declaration = Declaration.objects.for_list().get()
    declaration.aids.create(
        granted_on=DAY, giver="Musteramt", reference="Az. 7", amount=900, value=300
    )
    declaration.aids.create(giver="Beispielbank", form="loan", amount=500, value=20)

    with translation.override("en"):
        content = aid_papers.declaration(Declaration.objects.for_list().get())

    title = f"De-minimis-Erklärung {declaration.organisation.number}"
    assert_sound(content, title, tmp_path)
    text = words_of(content)
    for words in (
        "Mehrheit der Stimmrechte",
        "§ 264 des Strafgesetzbuches",
        "Musteramt Az. 7 Zuschuss 900,00 EUR 300,00 EUR",
        f"{award.number} Beratung 60,00 EUR",
        "Beispielbank – Darlehen 500,00 EUR 20,00 EUR",
        "Maria Muster, 15.06.2026",
    ):
        assert words in text, words


def test_founders_get_their_own_papers_and_no_revoked_one(sign_in):
    award = granted()
    declaration = Declaration.objects.get()
    papers = [address("aid_certificate", award.pk), address("declaration", declaration.pk)]

    for paper in papers:
        answer = sign_in(make_founder(award.organisation)).get(paper)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert sign_in(make_founder(make_enterprise())).get(paper).status_code == 404
    award.revoke(by=make_user(), because="Irrtum")
    assert sign_in(make_user()).get(papers[0]).status_code == 404

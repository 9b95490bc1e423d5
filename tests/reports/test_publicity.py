"""Press and publicity: typed with the grant, listed as an annex of the papers of their period."""

import json
from datetime import date

import page
import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from reports import paper
from reports.document import Document
from reports.freezing import freeze
from reports.models import Grant
from reports.reading import Reading
from tests.factories import (
    YEAR,
    make_grant,
    make_programme,
    make_report,
    make_user,
    make_version,
)
from tests.reports.test_grant_pages import filled

pytestmark = pytest.mark.django_db

ARTICLE = {"kind": "press", "medium": "Musterblatt", "title": "Ein Laden für alle"}
PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def make_publicity(grant, on, **fields):
    kept = {"kept_at": "Ordner 3"}
    return grant.publicity.create(published_on=on, **ARTICLE | kept | fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_publicity_kind_is_known", {"kind": "rumour"}),
        ("reports_publicity_can_be_shown", {"kept_at": ""}),
    ],
)
def test_the_database_refuses_an_impossible_one(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_publicity(make_grant(), date(YEAR, 1, 1), **fields)


def test_it_is_typed_with_the_grant_and_says_where_it_can_be_seen(sign_in):
    row = ARTICLE | {"published_on": "2024-05-02"}
    typed = {f"publicity-0-{name}": value for name, value in row.items()}
    typed["publicity-TOTAL_FORMS"] = "1"
    client, address = sign_in(make_user(Role.MANAGER)), reverse("reports:grant_new")

    refused = client.post(address, filled() | typed)
    assert list(refused.context["setup"].table("publicity").errors[0]) == ["kept_at"]
    assert "Ein Laden für alle" in refused.text
    client.post(address, filled() | typed | {"publicity-0-url": "https://muster.example/laden"})

    shown = client.get(Grant.objects.get().get_absolute_url()).text
    assert 'href="https://muster.example/laden"' in shown


def test_no_address_that_is_none_becomes_a_link(sign_in):
    officer = make_user(Role.FUNDER)
    grant = make_grant(programme=make_programme(officers=[officer]))
    make_publicity(grant, date(YEAR, 1, 1), url="javascript:alert(1)")

    assert "javascript:" not in sign_in(officer).get(grant.get_absolute_url()).text


def test_the_paper_lists_what_appeared_in_its_period_and_stays_sound(tmp_path):
    grant = make_grant()
    for on in (date(YEAR, 3, 1), date(YEAR, 6, 30), date(YEAR, 7, 1)):
        make_publicity(grant, on, title=f"Vom {on:%d.%m.}", url="https://muster.example/a")
    report = make_report(grant=grant, starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 6, 30))

    document = freeze(make_version(report=report), at=timezone.now())
    html = paper.typeset(document).html
    printed = paper.produce(document)

    assert [row.title for row in document.publicity] == ["Vom 01.03.", "Vom 30.06."]
    assert "Presse und Öffentlichkeitsarbeit" in html
    assert "Vom 01.07." not in html
    assert "Belegexemplar: Ordner 3" in html
    assert Document.from_json(document.to_json()) == document
    assert "publicity" in Reading(json.loads(document.to_json())).parts
    (tmp_path / "x.pdf").write_bytes(printed.content)
    for profile in PROFILES:
        assert page.validate_pdf(str(tmp_path / "x.pdf"), profile=profile).is_compliant

"""From a consultation back to the reports that counted it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from enterprises.models import Merge
from reports.counted import counting
from tests.factories import (
    frozen,
    make_consultation,
    make_draft,
    make_enterprise,
    make_grant,
    make_person,
    make_released,
    make_report,
    make_user,
    make_version,
    produced,
)

pytestmark = pytest.mark.django_db


def report_on(consultation, counted, **more):
    grant = make_grant(project=consultation.project)
    document = frozen(counted={"BEST-BER": counted}, **more)
    return make_released(produced(frozen=document), report=make_report(grant=grant))


@pytest.mark.parametrize("written", [lambda pk: [pk], lambda pk: f"{pk - 1}-{pk + 1}"])
def test_a_version_that_counted_it_is_found(written):
    held = make_consultation()
    version = report_on(held, written(held.pk))

    assert [(each.version, each.figures) for each in counting(held)] == [
        (version, [("BEST-BER", "Beratungen")])
    ]


def test_a_cumulated_figure_counted_it_too():
    held = make_consultation()
    report_on(held, [], counted_since={"BEST-BER": [held.pk]})

    assert len(counting(held)) == 1


def test_keys_of_something_else_are_not_its_own():
    held = make_consultation()
    report_on(held, [held.pk], rows={"BEST-BER": []})

    assert counting(held) == []


def test_other_reports_are_not_named():
    held = make_consultation()
    report_on(held, [held.pk + 1])
    report_on(make_consultation(), [held.pk])
    make_version(report=make_report(grant=make_grant(project=held.project)))

    assert counting(held) == []


@pytest.mark.parametrize(("role", "links"), [(Role.MANAGER, True), (Role.ADVISOR, False)])
def test_the_page_names_report_and_figures(sign_in, role, links):
    held = make_consultation()
    version = report_on(held, [held.pk])
    client = sign_in(make_user(role))

    page = client.get(reverse("reports:counted", args=[held.pk])).content.decode()

    assert "BEST-BER Beratungen" in page
    assert (version.report.get_absolute_url() in page) == links


def test_the_page_of_a_consultation_leads_there(sign_in):
    held = make_consultation()
    client = sign_in(make_user(Role.MANAGER))

    assert reverse("reports:counted", args=[held.pk]) in (
        client.get(held.get_absolute_url()).content.decode()
    )
    make_draft(report=make_report(grant=make_grant(project=held.project)))
    page = client.get(reverse("reports:counted", args=[held.pk])).content.decode()
    assert "Noch kein Bericht" in page


def row_of(organisation, **changes):
    row = {"id": 1, "number": 1, "on": "2024-03-01", "kind": "", "minutes": 60}
    return row | {"case_number": organisation.number} | changes


def of_enterprises(held, **changes):
    """A frozen figure of enterprises with a row of the consultation's organisation."""
    return report_on(held, [], rows={"BEST-BER": [row_of(held.organisation, **changes)]})


def test_a_figure_of_enterprises_counts_it_by_its_organisation(sign_in):
    held = make_consultation()
    version = of_enterprises(held)

    [each] = counting(held)

    assert (each.version, each.figures) == (version, [])
    assert each.of_body == [("BEST-BER", "Beratungen")]
    page = sign_in(make_user(Role.MANAGER)).get(reverse("reports:counted", args=[held.pk])).text
    assert "BEST-BER Beratungen" in page


@pytest.mark.parametrize("changes", [{"case_number": "V-99999"}, {"minutes": 0}])
def test_a_row_of_another_or_without_advice_does_not_count_it(changes):
    held = make_consultation()
    of_enterprises(held, **changes)

    assert counting(held) == []


def test_what_was_logged_later_is_in_no_row_of_its_organisation():
    held = make_consultation()
    version = of_enterprises(held)
    type(held).objects.filter(pk=held.pk).update(logged_at=version.finished_at + timedelta(days=1))
    held.refresh_from_db()

    assert counting(held) == []


def test_a_row_of_an_older_layout_says_nothing_of_its_organisation(sign_in):
    held = make_consultation()
    report_on(held, [], rows={"BEST-BER": [{"id": 1, "number": 1, "on": "2024-03-01"}]})

    page = sign_in(make_user(Role.MANAGER)).get(reverse("reports:counted", args=[held.pk]))

    assert page.status_code == 200
    assert not page.context["found"]


def test_a_group_is_counted_for_the_organisations_its_people_came_for():
    body = make_enterprise()
    held = make_consultation(kind="training", organisation=None)
    held.attendances.create(person=make_person(), organisation=body)
    version = report_on(held, [], rows={"BEST-BER": [row_of(body)]})

    [each] = counting(held)

    assert (each.version, each.of_body) == (version, [("BEST-BER", "Beratungen")])


def test_a_version_is_found_by_the_number_its_organisation_had_before_a_merge():
    held = make_consultation(organisation=make_enterprise())
    other, staff = make_enterprise(), make_user(Role.MANAGER)
    row = row_of(held.organisation)
    version = report_on(held, [], rows={"BEST-BER": [row]})

    Merge.objects.merge(held.organisation, other, by=staff)
    held = type(held).objects.get(pk=held.pk)

    assert held.organisation == other
    assert [each.version for each in counting(held)] == [version]


def test_what_was_of_the_one_that_stays_is_in_no_row_of_the_one_that_went():
    gone, held = make_enterprise(), make_consultation(organisation=make_enterprise())
    report_on(held, [], rows={"BEST-BER": [row_of(gone)]})

    Merge.objects.merge(gone, held.organisation, by=make_user(Role.MANAGER))

    assert counting(held) == []

"""The pages on which a report passes between agency and funder."""

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role, User
from reports.models import Acceptance, Query, Report, ReportState, ReportVersion, Review, Submission
from tests.factories import (
    frozen,
    make_draft,
    make_officer,
    make_query,
    make_released,
    make_review,
    make_submitted,
    make_user,
    produced,
)
from tests.reports.pages import address

pytestmark = pytest.mark.django_db


def page_of(client, version):
    return client.get(version.report.get_absolute_url()).content.decode()


def test_a_draft_is_given_to_a_second_person(manager):
    version, colleague = make_draft(), make_user(Role.MANAGER, name="Karla Beispiel")

    page = manager.post(address("review_ask", version.pk), {"reviewer": colleague.pk}, follow=True)

    assert "in Prüfung" in page.content.decode()
    assert Review.objects.get().reviewer == colleague


def test_where_nobody_can_be_asked_the_page_says_so(manager):
    version = make_draft()
    User.objects.exclude(pk=manager.session["_auth_user_id"]).update(is_active=False)

    page = manager.get(address("review_ask", version.pk))

    assert "Niemand kann gefragt werden" in page.content.decode()


def test_the_advisor_asked_reads_the_figures_and_decides(sign_in):
    version, advisor = make_draft(), make_user(Role.ADVISOR)
    version.report.grant.project.team.add(advisor)
    review = make_review(version=version, reviewer=advisor)
    client = sign_in(advisor)

    page = client.get(review.get_absolute_url()).content.decode()
    assert "BEST-BER" in page
    refused = client.post(review.get_absolute_url(), {"verdict": "objected", "remark": " "})
    assert "was geändert werden soll" in refused.content.decode()
    client.post(review.get_absolute_url(), {"verdict": "passed", "remark": "Gut."})

    assert Review.objects.get().verdict == "passed"
    assert client.get(address("download", version.pk, "pdf")).status_code == 200


def test_a_review_is_called_back(manager):
    review = make_review()

    manager.post(address("review_call_back", review.pk))

    assert Review.objects.get().verdict == "withdrawn"


def test_a_released_report_is_submitted(manager):
    version = make_released()
    sent = {"submitted_on": timezone.localdate().isoformat(), "way": "post", "note": "Nr. 7"}

    assert address("submit", version.pk) in page_of(manager, version)
    manager.post(address("submit", version.pk), sent)

    assert Submission.objects.get().note == "Nr. 7"
    assert "Nr. 7" in page_of(manager, version)


def test_what_is_refused_keeps_what_was_typed(manager):
    version = make_released()
    sent = {"submitted_on": "2099-01-01", "way": "post", "note": "Nr. 7"}

    page = manager.post(address("submit", version.pk), sent).content.decode()

    assert "kommt erst noch" in page
    assert 'value="Nr. 7"' in page


def test_the_whole_round_between_funder_and_manager(client, sign_in):
    version = make_submitted()
    officer, manager = make_officer(version), make_user(Role.MANAGER)
    sign_in(officer)
    due_on = timezone.localdate().isoformat()
    sent = {"section": "BEST-BER", "text": "Warum <b>zwei</b>?", "due_on": due_on}

    page = client.post(address("query_new", version.pk), sent, follow=True).content.decode()
    assert "Warum &lt;b&gt;zwei&lt;/b&gt;?" in page
    assert address("accept", version.pk) not in page
    query = Query.objects.get()
    assert query.heading == "BEST-BER Beratungen"

    sign_in(manager)
    assert query.answer_url in page_of(client, version)
    client.post(query.answer_url, {"text": "Zwei fielen aus."})

    sign_in(officer)
    page = page_of(client, version)
    assert "Zwei fielen aus." in page
    assert address("accept", version.pk) in page
    client.post(address("accept", version.pk), {"remark": "Danke."})

    assert Acceptance.objects.get().remark == "Danke."
    assert Report.objects.with_state().get().state == ReportState.ACCEPTED
    page = page_of(client, version)
    assert address("query_new", version.pk) not in page
    assert "anerkannt" in page


def test_an_acceptance_that_came_too_late_says_why(client, sign_in):
    query = make_query()
    sign_in(query.asked_by)

    page = client.post(address("accept", query.version.pk), {"remark": "Doch gut."})

    assert "noch nicht beantwortet" in page.content.decode()
    assert "Doch gut." in page.content.decode()


def test_the_part_asked_about_can_be_in_the_address(client, sign_in):
    version = make_submitted()
    sign_in(make_officer(version))

    page = client.get(address("query_new", version.pk) + "?teil=areas")

    assert page.context["form"]["section"].value() == "areas"


def test_the_page_that_accepts_names_the_open_query_and_has_nothing_to_press(client, sign_in):
    query = make_query(text="Warum nur <zwei>?")
    sign_in(query.asked_by)

    page = client.get(address("accept", query.version.pk)).content.decode()
    assert "Warum nur &lt;zwei&gt;?" in page
    assert query.get_absolute_url() in page
    assert 'method="post" novalidate' not in page

    query.answer(by=make_user(Role.MANAGER), text="Zwei fielen aus.")
    page = client.get(address("accept", query.version.pk)).content.decode()
    assert "Warum nur" not in page
    assert 'method="post" novalidate' in page


def test_the_page_for_a_letter_names_the_open_query_too(manager):
    query = make_query(text="Warum nur zwei?")

    page = manager.get(address("accept_letter", query.version.pk)).content.decode()

    assert "Warum nur zwei?" in page
    assert 'method="post" novalidate' not in page


def test_a_funder_asks_about_the_list_of_vouchers_and_about_a_line_of_the_plan(client, sign_in):
    version = make_submitted()
    sign_in(make_officer(version))
    ask = address("query_new", version.pk)
    assert f"{ask}?teil=finances%2Fexpense%2F2.1" in page_of(client, version)

    page = client.get(f"{ask}?teil=finances%2Fexpense%2F2.1")
    assert page.context["form"]["section"].value() == "finances/expense/2.1"
    sent = {"text": "Wofür?", "due_on": timezone.localdate().isoformat()}
    for section in ("finances/expense/2.1", "vouchers"):
        client.post(ask, sent | {"section": section})

    assert list(Query.objects.values_list("section", "heading")) == [
        ("finances/expense/2.1", "Ausgabe 2.1: Sachausgaben"),
        ("vouchers", "Belegliste"),
    ]


def test_where_nothing_can_be_asked_no_line_offers_it(client, sign_in, manager):
    version = make_released()
    ask = address("query_new", version.pk)
    assert ask not in page_of(manager, version)

    sign_in(make_officer(version))
    assert ask not in page_of(client, version)


def test_the_manager_sees_who_accepted_and_when(manager):
    version = make_submitted()
    Acceptance.objects.accept(version, by=make_officer(version), remark="Ohne Beanstandung.")

    assert "Ohne Beanstandung." in page_of(manager, version)
    assert ReportVersion.objects.get().is_accepted


def test_the_first_page_leads_to_what_is_asked(sign_in):
    version, advisor = make_draft(), make_user(Role.ADVISOR)
    version.report.grant.project.team.add(advisor)
    review, query = make_review(version=version, reviewer=advisor), make_query()

    assert review.get_absolute_url() in sign_in(advisor).get("/").content.decode()
    manager = sign_in(make_user(Role.MANAGER))
    page = manager.get("/").content.decode()
    assert query.answer_url in page
    assert review.get_absolute_url() not in page
    query.answer(by=make_user(Role.MANAGER), text="Weil.")
    assert query.answer_url not in manager.get("/").content.decode()


def test_what_was_written_is_read_on_the_page_and_asked_about_there(client, sign_in, manager):
    written = {"key": "summary", "heading": "Zusammenfassung", "paragraphs": ["Ein gutes Jahr."]}
    empty = {"key": "outlook", "heading": "Ausblick", "paragraphs": []}
    version = make_submitted(produced(frozen=frozen(narrative=[written, empty])))
    ask = f"{address('query_new', version.pk)}?teil=summary"

    page = page_of(manager, version)
    assert "Ein gutes Jahr." in page
    assert ask not in page

    page = page_of(sign_in(make_officer(version), client), version)
    assert "Ein gutes Jahr." in page
    assert ask in page
    assert "<summary>Ausblick" not in page

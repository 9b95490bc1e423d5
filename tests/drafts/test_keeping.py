"""What somebody types is kept while they type, comes back into the form, and is theirs alone."""

import re
import time

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.middleware import SEEN_AT
from best_portal.accounts.models import Role
from best_portal.drafts import slips
from best_portal.drafts.models import LONGEST, Draft, DraftStatus
from consultations.models import Consultation
from enterprises.models import Organisation
from tests.factories import make_consultation, make_organisation, make_project, make_user

pytestmark = pytest.mark.django_db

SAVE = "/entwuerfe/sichern/"
LOG = "/beratungen/neu/"
CANARY = "Kanarienvogel im Protokoll"


@pytest.fixture
def advisor():
    cache.clear()
    return make_user()


@pytest.fixture
def project(advisor):
    return make_project(team=[advisor])


@pytest.fixture
def page(sign_in, advisor, project):
    return sign_in(advisor)


def token_on(response):
    [token] = re.findall(r'name="draft" value="([^"]+)"', response.content.decode())
    return token


def typed(client, address=LOG, **fields):
    """Open a form, type into it, and let the page save it as its script does."""
    token = token_on(client.get(address))
    fields = {"draft": token, "draft_step": "1", "draft_title": "Beratung erfassen"} | fields
    return client.post(SAVE, fields)


def log_fields(project, organisation, **fields):
    return {
        "form_key": "5f0c1a52-5d3c-4d0e-9c61-0a35a4a1c001",
        "organisation": organisation.pk,
        "organisation_text": organisation.name,
        "length": "1,5",
        "held_on": "2024-05-06",
        "kind": "advice",
        "project": project.pk,
        "district": "on_file",
        "advisors": [project.team.get().pk],
    } | fields


# --- saving ---


def test_the_answer_says_when_the_draft_was_saved(page):
    answer = typed(page, internal_note=CANARY)

    saved_at = timezone.localtime(Draft.objects.get().saved_at)
    assert f"{saved_at:%H:%M}" in answer.content.decode()
    assert answer["Cache-Control"].count("no-store")


def test_what_was_typed_stands_in_the_form_again(page, project):
    organisation = make_organisation()
    typed(page, **log_fields(project, organisation, internal_note=CANARY, kind="training"))

    form = page.get(LOG).context["form"]

    assert form["internal_note"].value() == CANARY
    assert form["organisation"].value() == (str(organisation.pk), organisation.name)
    assert form["length"].value() == "1,5"
    assert form["kind"].value() == "training"
    assert not form.is_bound


def test_a_form_is_not_checked_before_it_is_sent(page):
    typed(page, length="ewig", held_on="")

    text = page.get(LOG).content.decode()

    assert 'value="ewig"' in text
    assert "error-summary" not in text


def test_the_page_says_that_a_draft_stands_in_it(page):
    assert 'name="here"' not in page.get(LOG).content.decode()
    typed(page, internal_note=CANARY)

    text = page.get(LOG).content.decode()

    assert 'name="here"' in text
    assert reverse("drafts:discard", args=[Draft.objects.get().pk]) in text


def test_another_device_finds_the_draft(page, advisor, sign_in):
    typed(page, internal_note=CANARY)

    other_device = sign_in(advisor, Client())

    assert CANARY in other_device.get(LOG).content.decode()


def test_nobody_else_finds_it(page, sign_in, project):
    typed(page, internal_note=CANARY)

    for role in (Role.ADVISOR, Role.MANAGER):
        stranger = make_user(role)
        project.team.add(stranger)
        client = sign_in(stranger, Client())
        for address in (LOG, "/entwuerfe/", "/", f"{LOG}?entwurf={Draft.objects.get().pk}"):
            assert CANARY not in client.get(address).content.decode(), address


def test_a_question_behind_the_address_has_a_draft_of_its_own(page):
    organisation = make_organisation()
    typed(page, f"{LOG}?organisation={organisation.pk}", internal_note=CANARY)

    plain = page.get(LOG)
    asked = page.get(f"{LOG}?organisation={organisation.pk}")

    assert plain.context["form"]["internal_note"].value() is None
    assert [draft.address for draft in plain.context["draft"].others] == [
        f"{LOG}?organisation={organisation.pk}"
    ]
    assert asked.context["form"]["internal_note"].value() == CANARY


def test_one_may_begin_anew_and_keep_the_draft(page):
    typed(page, internal_note=CANARY)

    fresh = page.get(f"{LOG}?entwurf=neu")

    assert fresh.context["form"]["internal_note"].value() is None
    assert [draft.pk for draft in fresh.context["draft"].others] == [Draft.objects.get().pk]


def test_of_several_drafts_the_newest_stands_in_the_form_and_the_others_are_offered(page):
    typed(page, internal_note="Erster")
    typed(page, f"{LOG}?entwurf=neu", internal_note="Zweiter")
    first, second = Draft.objects.order_by("pk")

    newest, chosen = page.get(LOG), page.get(first.resume_url)

    assert newest.context["form"]["internal_note"].value() == "Zweiter"
    assert newest.context["draft"].others == [first]
    assert chosen.context["form"]["internal_note"].value() == "Erster"
    assert chosen.context["draft"].others == [second]


@pytest.mark.parametrize("typed_by_hand", ["0", "x", "9" * 40, "%00", "-1", "٣"])
def test_a_draft_that_is_not_there_is_not_chosen(page, typed_by_hand):
    typed(page, internal_note=CANARY)

    response = page.get(f"{LOG}?entwurf={typed_by_hand}")

    assert response.status_code == 200


def test_a_change_of_a_record_is_kept_beside_it(page, advisor, project):
    consultation = make_consultation([advisor], project=project, internal_note="Alt")
    address = f"/beratungen/{consultation.pk}/bearbeiten/"

    typed(page, address, internal_note=CANARY, revision="1", place="Neu")

    form = page.get(address).context["form"]
    assert (form["internal_note"].value(), form["place"].value()) == (CANARY, "Neu")
    consultation.refresh_from_db()
    assert consultation.internal_note == "Alt"


def test_rows_typed_below_a_form_come_back(sign_in):
    project = make_project()
    task = project.tasks.create(number=1, title="Alt")
    client = sign_in(make_user(Role.MANAGER))
    address = f"/projekte/{project.key}/bearbeiten/"

    typed(
        client,
        address,
        **{
            "name": "Neuer Name",
            "tasks-TOTAL_FORMS": "3",
            "tasks-INITIAL_FORMS": "1",
            "tasks-0-id": task.pk,
            "tasks-0-title": "Neu",
            "tasks-1-id": "",
            "tasks-1-number": "2",
            "tasks-1-title": "Dazu",
        },
    )

    setup = client.get(address).context["setup"]
    assert setup.form["name"].value() == "Neuer Name"
    assert [row["title"].value() for row in setup.tasks] == ["Neu", "Dazu", None]
    assert setup.form["key"].value() == project.key


# --- sending ---


def test_saving_the_form_ends_the_draft(page, project):
    organisation = make_organisation()
    token = token_on(page.get(LOG))
    fields = log_fields(project, organisation, draft=token, draft_step="1")
    page.post(SAVE, fields)

    page.post(LOG, fields)
    late = page.post(SAVE, fields | {"draft_step": "2"})

    assert Consultation.objects.count() == 1
    assert Draft.objects.get().status == DraftStatus.SENT
    assert late.status_code == 200
    assert not Draft.objects.open().exists()


def test_a_form_that_comes_back_with_mistakes_is_kept_too(page, project):
    token = token_on(page.get(LOG))

    response = page.post(
        LOG, {"draft": token, "draft_step": "4", "internal_note": CANARY, "length": "ewig"}
    )
    page.post(SAVE, {"draft": token_on(response), "draft_step": "5", "internal_note": "Weiter"})

    draft = Draft.objects.get()
    assert draft.fields["internal_note"] == ["Weiter"]
    page.post(LOG, log_fields(project, make_organisation(), draft=token_on(response)))
    assert not Draft.objects.open().exists()


def test_the_list_names_ones_drafts_and_leads_back(page):
    typed(page, internal_note=CANARY, draft_words="Wäscherei Muster")

    text = page.get("/entwuerfe/").content.decode()

    assert "Wäscherei Muster" in text
    assert f'href="{Draft.objects.get().resume_url}"' in text
    assert CANARY not in text
    assert "Wäscherei Muster" in page.get("/").content.decode()


def test_a_draft_is_discarded_and_the_way_back_is_offered(page):
    typed(page, internal_note=CANARY)
    draft = Draft.objects.get()

    response = page.post(f"/entwuerfe/{draft.pk}/verwerfen/", {"here": "1"}, follow=True)

    assert response.redirect_chain == [(LOG, 302)]
    assert CANARY not in response.content.decode()
    assert f'formaction="/entwuerfe/{draft.pk}/zurueckholen/"' in response.content.decode()
    back = page.post(f"/entwuerfe/{draft.pk}/zurueckholen/", follow=True)
    assert CANARY in back.content.decode()


def test_what_was_discarded_in_another_window_is_said(page):
    typed(page, internal_note=CANARY)
    draft = Draft.objects.get()

    page.post(f"/entwuerfe/{draft.pk}/verwerfen/", {"sent": "1"})
    again = page.post(f"/entwuerfe/{draft.pk}/verwerfen/", {"sent": "1"})

    assert [message.level_tag for message in get_messages(again.wsgi_request)][-1] == "error"


def test_no_draft_of_another_can_be_discarded_or_taken_back(page, sign_in):
    typed(page, internal_note=CANARY)
    draft = Draft.objects.get()
    stranger = sign_in(make_user(Role.MANAGER), Client())

    for verb in ("verwerfen", "zurueckholen"):
        assert stranger.post(f"/entwuerfe/{draft.pk}/{verb}/", {"sent": "1"}).status_code == 404
    assert Draft.objects.open().exists()


# --- sessions that end ---


def silent_too_long(client):
    session = client.session
    session[SEEN_AT] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()


def test_a_form_that_meets_an_ended_session_is_kept_and_found_after_signing_in(
    page, advisor, project, sign_in
):
    address = f"{LOG}?organisation={make_organisation().pk}"
    token = token_on(page.get(address))
    silent_too_long(page)

    response = page.post(LOG, {"draft": token, "draft_step": "1", "internal_note": CANARY})

    assert response.status_code == 302
    assert response["Location"].startswith("/anmelden/?next=")
    assert "organisation" in response["Location"]
    assert not Consultation.objects.exists()
    assert sign_in(advisor).get(address).context["form"]["internal_note"].value() == CANARY


def test_a_form_sent_without_any_session_is_kept(page, advisor, sign_in):
    token = token_on(page.get(LOG))
    page.logout()

    response = page.post(LOG, {"draft": token, "draft_step": "1", "internal_note": CANARY})

    assert response["Location"] == "/anmelden/?next=/beratungen/neu/"
    assert CANARY in sign_in(advisor).get(LOG).content.decode()


def test_what_is_typed_after_the_session_ended_is_kept(page, advisor, sign_in):
    token = token_on(page.get(LOG))
    silent_too_long(page)

    first = page.post(SAVE, {"draft": token, "draft_step": "1", "internal_note": "Guten"})
    second = page.post(SAVE, {"draft": token, "draft_step": "2", "internal_note": CANARY})

    assert first.status_code == 302
    assert "/anmelden/?next=%2Fberatungen%2Fneu%2F" in second.content.decode()
    assert CANARY in sign_in(advisor).get(LOG).content.decode()


def test_a_form_whose_token_was_renewed_elsewhere_is_kept(advisor, project, sign_in):
    client = sign_in(advisor, Client(enforce_csrf_checks=True))
    token = token_on(client.get(LOG))

    response = client.post(LOG, {"draft": token, "draft_step": "1", "internal_note": CANARY})

    assert response.status_code == 403
    assert f'href="{LOG}"' in response.content.decode()
    assert CANARY in client.get(LOG).content.decode()


def test_a_form_of_somebody_else_in_this_browser_stays_theirs(page, advisor, sign_in, project):
    token = token_on(page.get(LOG))
    colleague = make_user()
    project.team.add(colleague)
    client = sign_in(colleague, Client())

    client.post(SAVE, {"draft": token, "draft_step": "1", "internal_note": CANARY})

    assert Draft.objects.get().user == advisor
    assert CANARY not in client.get(LOG).content.decode()


def test_signing_out_everywhere_ends_what_open_pages_may_write(page, advisor):
    token = token_on(page.get(LOG))
    advisor.sign_out_everywhere(by=advisor)

    assert Client().post(SAVE, {"draft": token, "internal_note": CANARY}).status_code == 400
    assert not Draft.objects.exists()


def test_an_account_that_was_closed_writes_no_draft(page, advisor):
    token = token_on(page.get(LOG))
    advisor.is_active = False
    advisor.save()

    assert Client().post(SAVE, {"draft": token, "internal_note": CANARY}).status_code == 400


def test_a_page_opened_too_long_ago_writes_no_draft(page, monkeypatch):
    token = token_on(page.get(LOG))
    later = time.time() + settings.SESSION_COOKIE_AGE + 60
    monkeypatch.setattr(slips.signing.time, "time", lambda: later)

    assert slips.read(token) is None


# --- bad input ---


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\0", "x" * 10_000, "😀"])
def test_without_a_slip_of_ours_nothing_is_kept(client, token):
    assert client.post(SAVE, {"draft": token, "internal_note": CANARY}).status_code == 400
    assert not Draft.objects.exists()


@pytest.mark.parametrize("step", ["", "x", "-1", "9" * 40, "1,5", "\0"])
def test_a_strange_step_is_none(page, step):
    assert typed(page, internal_note=CANARY, draft_step=step).status_code == 200
    assert Draft.objects.get().step == 0


def test_what_postgresql_cannot_keep_is_left_out(page):
    answer = typed(
        page,
        **{"internal_note": "a\0b", "x\0y": "1"},
        draft_title="\0T" * 300,
        draft_words="\0" * 300,
    )

    assert answer.status_code == 200
    draft = Draft.objects.get()
    assert draft.fields["internal_note"] == ["ab"]
    assert draft.title.startswith("TT")


def test_what_is_too_long_is_said_and_the_earlier_draft_stays(page):
    token = token_on(page.get(LOG))
    page.post(SAVE, {"draft": token, "draft_step": "1", "internal_note": CANARY})

    answer = page.post(
        SAVE, {"draft": token, "draft_step": "2", "internal_note": "x" * (LONGEST + 1)}
    )

    assert answer.status_code == 413
    assert Draft.objects.get().fields["internal_note"] == [CANARY]


def test_a_page_that_saves_without_end_is_slowed_down(page, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"save_draft": "3/m/key"}
    token = token_on(page.get(LOG))

    statuses = [
        page.post(SAVE, {"draft": token, "draft_step": step, "internal_note": CANARY}).status_code
        for step in range(5)
    ]

    assert statuses == [200, 200, 200, 429, 429]


def test_a_form_with_a_draft_costs_the_same_however_many_there_are(page, count_queries):
    typed(page, internal_note="Erster")
    few = count_queries(page.get, LOG)
    for n in range(9):
        typed(page, f"{LOG}?entwurf=neu", internal_note=f"{n}")

    assert count_queries(page.get, LOG) == few


def test_opening_the_file_of_an_organisation_survives_a_refusal(sign_in):
    client = sign_in(make_user(Role.MANAGER))
    make_organisation(name="Wäscherei Muster")
    token = token_on(client.get("/betriebe/neu/"))

    client.post("/betriebe/neu/", {"draft": token, "name": "Wäscherei Muster", "purpose": CANARY})

    assert Organisation.objects.count() == 1
    assert client.get("/betriebe/neu/").context["form"]["purpose"].value() == CANARY

"""Two windows on one record, for every form of the portal: nothing is overwritten unseen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.conflicts import FIELD, digest, refuse
from consultations.models import ProjectTask
from enterprises.forms.facts import JobForm
from enterprises.forms.organisation import OrganisationForm
from enterprises.models import Job, Organisation, Stage
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import BERLIN, make_organisation, make_project, make_user
from tests.routes.forms import forms_of
from tests.routes.matrix import EXPECTED, ask
from tests.routes.world import World

pytestmark = [pytest.mark.django_db]

# Route → why there is nothing of somebody else that its form could overwrite.
NOTHING_STORED = {
    "consultations:cite": "cites a finding; a second time is refused",
    "consultations:finding_new": "adds a finding",
    "consultations:idea_end": "a verb with its reason; a second one is refused",
    "consultations:idea_initiative": "a verb; a second one is refused",
    "consultations:idea_new": "adds an idea",
    "consultations:idea_owner_new": "adds an owner; a second time is refused",
    "consultations:item_new": "adds an item to the programme",
    "consultations:need_end": "a verb with its reason; a second one is refused",
    "consultations:need_new": "notes a new need",
    "districts:question_new": "adds a question; two at one position are refused",
    "districts:survey": "gives answers; the same form is one response",
    "districts:survey_new": "plans a new survey",
    "reports:continuity_new": "adds a task; a second one of the title is refused",
    "reports:continuity_rules": "adds a rule from a day on; the former ones stay",
    "reports:step_new": "adds a step",
    "reports:grant_logo": "brings a picture; the row is locked while it gets it",
    "reports:story_manage": "notes a consent; a second one is refused",
    "reports:story_new": "writes a new story",
    "pages:barrier": "an answer; a second one is refused",
    "pages:barrier_new": "reports a new barrier",
    "pages:edit": "adds a version; one written meanwhile is named and nothing overwritten",
    "pages:list": "adds a rule from a day on; the former ones stay",
    "consultations:assignments": "adds a share; more than a whole day is refused by the database",
    "consultations:absences": "notes a new absence",
    "consultations:book_agreed": "books a new appointment",
    "consultations:book_for_time": "books a new appointment",
    "consultations:book_time": "books a new appointment",
    "consultations:calendars": "the secret address replaces the whole of one's own calendar",
    "consultations:case_close": "a verb with its outcome; a second one is refused",
    "consultations:case_new": "opens a new case",
    "consultations:changed_days": "adds a date; two for one day are refused by the database",
    "consultations:contact_rules": "adds a rule from a day on; the former ones stay",
    "consultations:declined_new": "records a new request",
    "consultations:employments": "adds a contract; two at one time are refused by the database",
    "consultations:group_call_off": "a verb with its reason; a second one is refused",
    "consultations:group_checkin": "single marks, saved at once",
    "consultations:group_log": "logs a new consultation, once",
    "consultations:group_new": "plans a new session",
    "consultations:guest_about": "answers in one's own session",
    "consultations:handover_of_person": "a verb; the same form sent twice is one handover",
    "consultations:import": "brings a new file",
    "consultations:log": "logs a new consultation",
    "consultations:month": "adds an entry; entries are removed and written again",
    "consultations:office_hours_end": "a verb with its day",
    "consultations:office_hours_new": "adds office hours",
    "consultations:participation_new": "admits somebody; a second time is refused",
    "consultations:project_new": "sets up a new project",
    "consultations:promise_drop": "a verb with its reason; a second one is refused",
    "consultations:promise_new": "makes a new promise",
    "consultations:promise_postpone": "adds a day with its reason; the former ones stay",
    "consultations:register_for": "registers somebody new",
    "consultations:register_guest": "registers somebody new",
    "consultations:sheet_reopen": "a verb with its reason; a second one is refused",
    "consultations:sms": "one number of whoever is reminded; the log keeps both decisions",
    "consultations:text_block_new": "writes a new text block",
    "consultations:visit_file": "opens a new file; a second one is refused",
    "consultations:visit_join": "makes a member; a second time is refused",
    "consultations:visit_lift": "a verb with its reason; a second one is refused",
    "consultations:visit_new": "notes a new visit",
    "consultations:visit_offline": "notes new visits",
    "consultations:waiting_add": "adds an entry",
    "consultations:waiting_join": "adds an entry",
    "districts:note_new": "adds a note; the earlier ones stay",
    "districts:succeed": "a verb; a second one is refused",
    "consultations:productive_hours": "adds a rule from a day on; its own page corrects it",
    "enterprises:unpaid_rates": "adds a rule from a day on; its own page corrects it",
    "enterprises:confirmation_rules": "adds a rule from a day on; the former ones stay",
    "enterprises:entry_ask": "sends in a new entry",
    "enterprises:entry_manage": "adds a consent, or refuses with a reason; a second one is refused",
    "enterprises:entry_new": "makes a new entry; a second one leads to the first",
    "enterprises:agreement_end": "a verb with its reason; a second one is refused",
    "enterprises:agreement_new": "writes down a new agreement",
    "enterprises:agreement_review": "adds a review; the earlier ones stay",
    "enterprises:contribution_new": "adds a contribution",
    "enterprises:milestone_new": "adds a part",
    "enterprises:party_new": "adds a part",
    "enterprises:pledge_new": "adds a part",
    "enterprises:block_new": "adds a building block",
    "enterprises:resource_new": "adds an offer or a need",
    "enterprises:resource_settle": "a verb with its words; a second one is refused",
    "enterprises:stage_of_agreement_new": "adds a part",
    "enterprises:assessment_new": "adds a fact",
    "enterprises:beneficiary": "a verb of its own; the log keeps both decisions",
    "enterprises:beneficiary_file": "opens a new file",
    "enterprises:decision_drop": "a verb with its reason; a second one is refused",
    "enterprises:decision_new": "adds a decision",
    "enterprises:document_new": "hands in a new paper",
    "enterprises:document_renew": "adds a version; the earlier ones stay",
    "enterprises:forum_member_new": "adds a member; the same one again is refused",
    "enterprises:forum_new": "sets up a new forum",
    "enterprises:found": "a verb; a second founding is refused",
    "enterprises:health_new": "adds a note; the earlier ones stay",
    "enterprises:income_new": "adds a fact",
    "enterprises:size_new": "adds a fact",
    "enterprises:innovation_new": "adds a fact",
    "enterprises:involvement_new": "adds a fact",
    "enterprises:job_drop": "a verb with its reason; a second one is refused",
    "enterprises:size_drop": "a verb with its reason; a second one is refused",
    "enterprises:innovation_drop": "a verb with its reason; a second one is refused",
    "enterprises:job_new": "adds a fact",
    "enterprises:linked_new": "adds a link; two at one time are refused by the database",
    "enterprises:meeting_new": "announces a new meeting",
    "enterprises:membership_new": "adds a fact",
    "enterprises:new": "opens a new file",
    "enterprises:stage": "adds a stage; the earlier ones stay",
    "accounts:invite": "makes a new account",
    "mfa_activate_totp": "a code valid for half a minute",
    "pattern": "shows what forms look like",
    "privacy:erasure": "a verb with its reasons; a second decision is refused",
    "privacy:record": "notes a new wish; two open ones are refused by the database",
    "reports:accept_letter": "a verb with its letter; a second one is refused",
    "reports:explain": "says why, anew each time; the log keeps every reason",
    "reports:indicator_new": "adds a version; the former ones stay",
    "reports:indicator_set_new": "sets up a new set",
    "reports:accounting_rule_new": "adds a rule from a day on; the former ones stay",
    "reports:cost_method_new": "adds a method from a day on; the former ones stay",
    "reports:deliverable_new": "adds a result",
    "reports:enterprise_award_new": "adds an award",
    "reports:genuine": "asks about a file; nothing is saved",
    "reports:lock": "a verb with its reason; a second one is refused",
    "reports:payment": "a verb with day and amount; a second one is refused",
    "reports:payment_new": "asks for money anew",
    "reports:funder_paper_new": "hands a paper over; the very same is refused",
    "reports:reply": "answers a query, once",
    "reports:review": "says what the review found, once",
    "reports:staff_rate_new": "adds a rate",
    "reports:submit": "a verb with its day; a second one is refused",
    "reports:thing_new": "adds to the inventory",
    "reports:voucher_new": "adds a voucher; its number is given once",
    "reports:award_new": "grants aid; one for each consultation",
    "reports:award_revoke": "a verb with its reason; a second one is refused",
    "reports:declaration_new": "records a new declaration",
    "reports:fund_new": "sets up a new fund",
    "reports:grant_new": "sets up a new grant",
    "reports:indicators_take": "adds what is missing; it is the same however often it comes",
    "reports:outline_new": "sets up a new outline",
    "reports:new_for": "asks for a new report",
    "reports:programme_new": "sets up a new programme",
    "reports:version_new": "asks for a new version",
}
# Forms that ask only for what this test cannot guess; the same form is tried at another address.
NOTHING_TO_TYPE = {
    "GET consultations:answers participation =sechs-monate",
    "GET enterprises:party_edit agreement party",
}
# Some forms take only days that were, others only days to come.
DAYS = [
    tuple(f"{timezone.localdate() + timedelta(days=ahead)}" for ahead in (300, 301)),
    ("2025-02-03", "2025-02-04"),
]


@pytest.fixture
def world():
    cache.clear()
    return World("eigen", make_user(Role.MANAGER))


def forms_on(response):
    """The forms of the page itself that ask for something."""
    if response.status_code != 200 or "text/html" not in response.headers["Content-Type"]:
        return []
    asked = [form for form in forms_of(response.content.decode())]
    return [form for form in asked if set(form.kinds.values()) - {"hidden", "submit"}]


def has_field(form):
    """Whether the form, or a row in it, says what it showed when it was opened."""
    return any(name.endswith(FIELD) for name in form)


def changes(form):
    """Ways to change one field of a form: (name, what one window says, what the other says)."""
    for name, kind in form.kinds.items():
        before = (form[name] or [""])[0]
        if kind in ("text", "textarea"):
            yield name, f"{before} Fenster B", f"{before} Fenster A"
        elif kind == "date":
            yield from ((name, *days) for days in DAYS)


def shows(client, address, name, value):
    """Whether the form, opened anew, holds this value: it was saved."""
    page = client.get(f"{address}?entwurf=neu")
    return any((form.get(name) or [""])[0].strip() == value.strip() for form in forms_on(page))


def is_saved_by(client, address, form, name, value):
    client.post(address, form | {name: [value]})
    return shows(client, address, name, value)


def overwritten(client, address):
    """What is wrong where two windows change the same field; nothing where the second is asked."""
    mine = next(form for form in forms_on(client.get(address)) if has_field(form))
    ways = (way for way in changes(mine) if is_saved_by(client, address, mine, *way[:2]))
    name, theirs, my_value = next(ways, ("", "", ""))
    if not name:
        return "no field could be changed"
    refused = client.post(address, mine | {name: [my_value]})
    if not shows(client, address, name, theirs):
        return f"{name} was overwritten unseen"
    if refused.status_code != 200 or 'role="alert"' not in refused.content.decode():
        return f"{name}: the conflict is not shown ({refused.status_code})"
    again = next(form for form in forms_on(refused) if has_field(form))
    if again[name][0].strip() != my_value.strip():
        return f"{name}: what was typed is lost"
    if not is_saved_by(client, address, again, name, my_value):
        return f"{name}: having seen both, one cannot save"
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADVISOR, Role.FOUNDER])
def test_no_form_overwrites_what_another_window_saved(role, world, sign_in):
    client = sign_in(world.people[role], Client())
    wrong, seen = [], 0

    for expectation in EXPECTED:
        if expectation.method != "GET" or expectation.of(role) != "200":
            continue
        address = expectation.address(world)
        if expectation.route in NOTHING_STORED or str(expectation) in NOTHING_TO_TYPE:
            continue
        forms = [
            form for form in forms_on(ask(client, "GET", address)) if form.words or has_field(form)
        ]
        if any(has_field(form) for form in forms):
            seen += 1
            if fault := overwritten(client, address):
                wrong.append(f"{expectation}: {fault}")
        elif forms:
            wrong.append(f"{expectation}: give the form SeesConflicts, or say here why not")

    assert not wrong, "\n".join(wrong)
    assert seen >= {Role.MANAGER: 12, Role.ADVISOR: 8, Role.FOUNDER: 1}[role]


def test_the_exceptions_are_pages_of_ours():
    assert set(NOTHING_STORED) <= {expectation.route for expectation in EXPECTED}
    assert set(map(str, EXPECTED)) >= NOTHING_TO_TYPE


# --- what is compared, and how ---


def edit_of(organisation):
    return f"/betriebe/{organisation.pk}/bearbeiten/"


def opened(client, address):
    return next(form for form in forms_on(client.get(address)) if has_field(form))


@pytest.fixture
def page(sign_in):
    cache.clear()
    return sign_in(make_user())


def test_a_field_one_did_not_touch_takes_what_the_other_saved(page):
    organisation = make_organisation(name="Wäscherei Muster", purpose="Alt")
    mine = opened(page, edit_of(organisation))
    Organisation.objects.filter(pk=organisation.pk).update(purpose="Neu", phone="030 1")

    refused = page.post(edit_of(organisation), mine | {"phone": ["030 2"]})

    form = refused.context["form"]
    assert (form["purpose"].value(), form["phone"].value()) == ("Neu", "030 2")
    assert {tuple(found)[1:] for found in form.differences} == {
        ("Neu", "Alt", False),
        ("030 1", "030 2", True),
    }
    page.post(edit_of(organisation), forms_on(refused)[0])
    organisation.refresh_from_db()
    assert (organisation.purpose, organisation.phone) == ("Neu", "030 2")


def test_two_who_write_the_same_have_no_conflict(page):
    organisation = make_organisation(phone="030 1")
    mine = opened(page, edit_of(organisation))
    Organisation.objects.filter(pk=organisation.pk).update(phone="030 2")

    assert page.post(edit_of(organisation), mine | {"phone": ["030 2"]}).status_code == 302


def test_what_the_form_does_not_show_is_no_conflict(page):
    organisation = make_organisation(phone="030 1")
    mine = opened(page, edit_of(organisation))
    Organisation.objects.filter(pk=organisation.pk).update(stage=Stage.CONCEPT)

    assert page.post(edit_of(organisation), mine | {"phone": ["030 2"]}).status_code == 302


def test_the_page_says_who_saved_in_the_meantime(page):
    organisation = make_organisation(phone="030 1")
    mine = opened(page, edit_of(organisation))
    colleague = make_user(name="Conny Beispiel")
    Organisation.objects.filter(pk=organisation.pk).update(phone="030 2")
    Event.objects.record(actor=colleague, verb="organisation.changed", subject=organisation)

    refused = page.post(edit_of(organisation), mine | {"phone": ["030 3"]})

    assert "Conny Beispiel" in refused.content.decode()


@pytest.mark.parametrize("garbage", ["", "x", "[]", "{", '{"phone": 1}', "\0", "null", "1"])
def test_a_strange_mark_makes_a_conflict_of_every_change_and_loses_nothing(page, garbage):
    organisation = make_organisation(phone="030 1")
    mine = opened(page, edit_of(organisation))

    refused = page.post(edit_of(organisation), mine | {"phone": ["030 2"], FIELD: [garbage]})

    assert refused.status_code == 200
    assert "030 2" in refused.content.decode()


def test_a_row_deleted_in_the_meantime_is_said(page, sign_in):
    organisation = make_organisation()
    job = Job.objects.create(
        organisation=organisation, title="Küche", kind="new", fte=1, since=date(2024, 1, 1)
    )
    form = JobForm(
        {"title": "Saal", "kind": "new", "fte": "1", "since": "2024-01-01", FIELD: "{}"},
        instance=job,
    )
    Job.objects.filter(pk=job.pk).delete()
    assert form.is_valid()

    with pytest.raises(ValidationError) as refused:
        form.keep(by=make_user())

    refuse(refused.value, form)
    assert form.non_field_errors()
    assert not Job.objects.exists()


def test_a_draft_of_an_older_version_meets_the_newer_one(page):
    organisation = make_organisation(phone="030 1")
    mine = opened(page, edit_of(organisation))
    page.post("/entwuerfe/sichern/", mine | {"phone": ["030 2"]})
    Organisation.objects.filter(pk=organisation.pk).update(phone="030 3")

    resumed = opened(page, edit_of(organisation))
    refused = page.post(edit_of(organisation), resumed)

    assert resumed["phone"] == ["030 2"]
    assert [tuple(found)[1:] for found in refused.context["form"].differences] == [
        ("030 3", "030 2", True)
    ]


def test_a_row_of_a_table_changed_by_another_is_shown_above_the_form(sign_in):
    cache.clear()
    client, project = sign_in(make_user(Role.MANAGER)), make_project()
    task = project.tasks.create(number=1, title="Beraten")
    address = f"/projekte/{project.key}/bearbeiten/"
    mine = opened(client, address)
    ProjectTask.objects.filter(pk=task.pk).update(title="Begleiten")

    untouched = client.post(address, mine)
    task.refresh_from_db()
    assert task.title == "Begleiten"
    changed = client.post(address, mine | {"tasks-0-title": ["Bilden"]})

    assert "Begleiten" in untouched.content.decode()
    text = changed.content.decode()
    assert "Begleiten" in text
    assert "Bilden" in text
    client.post(address, forms_on(changed)[0])
    task.refresh_from_db()
    assert task.title == "Bilden"


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        (None, ""),
        ("a\nb", "a\r\nb "),
        (Decimal("1.50"), Decimal("1.5")),
        (Decimal("100"), Decimal("1E+2")),
        ([2, 1], [1, 2]),
        ([], None),
        (datetime(2024, 6, 3, 8, tzinfo=UTC), datetime(2024, 6, 3, 10, tzinfo=BERLIN)),
        (time(9), time(9, 0, 0)),
        ([{"a": 1, "b": 2}], [{"b": 2, "a": 1}]),
    ],
)
def test_the_same_value_has_one_digest_however_it_came(stored, typed):
    assert digest(stored) == digest(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "0"),
        (False, None),
        ([1], [1, 2]),
        (date(2024, 1, 1), date(2024, 1, 2)),
        ([{"a": 1}, {"b": 1}], [{"b": 1}, {"a": 1}]),
        ("a b", "ab"),
    ],
)
def test_different_values_have_different_digests(one, other):
    assert digest(one) != digest(other)


@pytest.mark.django_db(transaction=True)
def test_of_two_saved_at_the_very_same_time_one_is_asked(sign_in):
    """Both forms are valid before either saves; the row's lock decides."""
    organisation, user = make_organisation(phone="030 1"), make_user()
    mark = OrganisationForm(instance=organisation)[FIELD].value()
    ready = Barrier(2)

    def save(phone):
        try:
            fields = {"name": organisation.name, "kind": organisation.kind, "phone": phone}
            row = Organisation.objects.get(pk=organisation.pk)
            form = OrganisationForm(fields | {FIELD: mark}, instance=row)
            assert form.is_valid()
            ready.wait(10)
            form.keep(by=user)
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(save, ["030 2", "030 3"]))

    assert outcomes == ["refused", "saved"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@themes
@widths
def test_both_versions_are_read_in_chromium(browser, live_server, sign_in, theme, width):
    organisation = make_organisation(phone="030 1")
    client = sign_in(make_user(Role.MANAGER))

    with visit(browser, live_server, theme=theme, width=width, client=client) as (page, seen):
        page.goto(live_server.url + edit_of(organisation))
        Organisation.objects.filter(pk=organisation.pk).update(phone="030 2")
        page.fill("[name=phone]", "030 3")
        page.locator("main form button[type=submit]").last.click()
        page.locator(".error-summary table").wait_for()

        assert page.input_value("[name=phone]") == "030 3"
        assert "030 2" in page.inner_text(".error-summary table")
        assert page.evaluate("document.activeElement.matches('.error-summary')")
        assert_sound(page, seen)

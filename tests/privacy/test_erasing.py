"""Who is erased is found nowhere: not in a table, not in a file; figures and reports stay."""

from datetime import date, timedelta
from fnmatch import fnmatch
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.drafts.models import Draft
from best_portal.outbox.models import Letter
from best_portal.privacy.erasing import ERASED, NOT_SWEPT, KeptKind, erase, text_fields
from best_portal.privacy.inventory import CATEGORIES
from best_portal.privacy.keeping import keepable_of, papers_naming
from best_portal.privacy.models import ErasureKept, ErasureRequest
from best_portal.privacy.tasks import finish_erasures
from consultations.models import Answer, Consultation, Participation
from consultations.participants import lines_of
from enterprises.models import Document, Involvement, Merge, Person
from reports.eu_people import PEOPLE
from reports.figures import RULES
from reports.models import ReportVersion
from reports.scope import Scope
from tests.factories import (
    COMPLETE,
    checked_file,
    make_appointment,
    make_award,
    make_consultation,
    make_document,
    make_erasure_request,
    make_founder,
    make_grant,
    make_letter,
    make_organisation,
    make_participation,
    make_person,
    make_project,
    make_promise,
    make_user,
    make_visit,
    make_waiting_entry,
    write_answers,
)
from tests.routes.world import World

pytestmark = pytest.mark.django_db

NAME, EMAIL, PHONE = "Zkvorname Zknachname", "zkpost@muster.example", "030 5550 98765"


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def founder():
    organisation = make_organisation(name="Nähstube Muster", kind="association")
    Involvement.objects.create(person=make_person(), organisation=organisation)
    return make_founder(organisation, name=NAME, email=EMAIL, phone=PHONE)


@pytest.fixture
def organisation(founder):
    return founder.person.organisations.get()


def everything_stored():
    """Every row of every table as the database writes it, by table; and every byte of the files."""
    told = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT string_agg(t::text, E'\\n') FROM \"{table}\" AS t")
            told[table] = cursor.fetchone()[0] or ""
    for path in Path(settings.FILES_ROOT).rglob("*"):
        if path.is_file():
            told[path.name] = path.read_bytes().decode("utf-8", "replace")
    return told


def found(words):
    """Where one of the words still stands: {word: [tables and files]}."""
    told = everything_stored()
    places = {
        word: [place for place, text in told.items() if word.lower() in text.lower()]
        for word in words
    }
    return {word: where for word, where in places.items() if where}


# --- what the database refuses ---


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("privacy_erasurerequest_status_is_known", {"status": "perhaps"}),
        ("privacy_erasurerequest_channel_is_known", {"channel": "dream"}),
        ("privacy_erasurerequest_decided_by_somebody", {"status": "done"}),
        ("privacy_erasurerequest_decided_by_somebody", {"decided_at": timezone.now()}),
    ],
)
def test_a_wish_is_whole(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_erasure_request(**fields)


DECIDED = {"decided_at": timezone.now()}


def test_a_refusal_needs_its_reason(manager):
    with pytest.raises(IntegrityError, match="privacy_erasurerequest_refused_with_a_reason"):
        make_erasure_request(status="refused", decided_by=manager, **DECIDED)


def test_of_who_is_erased_no_words_are_left(manager):
    with pytest.raises(IntegrityError, match="privacy_erasurerequest_done_keeps_no_words"):
        make_erasure_request(status="done", words="Bitte", decided_by=manager, **DECIDED)


def test_one_wish_is_open_at_a_time():
    wish = make_erasure_request()
    with pytest.raises(IntegrityError, match="privacy_erasurerequest_one_open_per_person"):
        make_erasure_request(person=wish.person)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("privacy_erasurekept_what_is_known", {"what": "all"}),
        ("privacy_erasurekept_has_a_reason", {"reason": ""}),
    ],
)
def test_what_is_kept_has_kind_and_reason(name, fields):
    row = {"what": "papers", "reason": "Prüfung", "until": date(2030, 1, 1)}
    with pytest.raises(IntegrityError, match=name):
        make_erasure_request().kept.create(**row | fields)


def test_what_is_kept_is_kept_once():
    wish, row = make_erasure_request(), {"reason": "Prüfung", "until": date(2030, 1, 1)}
    wish.kept.create(what="papers", **row)
    with pytest.raises(IntegrityError, match="privacy_erasurekept_once"):
        wish.kept.create(what="papers", **row)


# --- every column has taken its stand ---

# Text columns of a person's own rows, and what becomes of each; all others are swept or numbers.
OWN = {
    "enterprises.Person.*": "emptied; the name becomes the number",
    "accounts.User.*": "emptied",
    "consultations.Appointment.place": "where; swept",
    "consultations.Appointment.*": "emptied",
    "consultations.GuestBooking.*": "deleted",
    "consultations.WaitingEntry.*": "emptied",
    "consultations.Registration.*": "emptied",
    "consultations.Answer.value": "emptied",
    "consultations.Participation.counted_*": "what reports count of who is erased; of our codes",
    "consultations.Promise.*": "replaced",
    "enterprises.Confirmation.token_digest": "a hash",
    "enterprises.Confirmation.*": "replaced",
    "enterprises.Entry.*": "swept; that of one person's project is deleted",
    "enterprises.Document.*": "deleted",
    "enterprises.DocumentVersion.*": "deleted",
    "outbox.Letter.*": "deleted",
    "drafts.Draft.*": "deleted",
    "audit.Event.*": "numbers and words of ours",
    "enterprises.Merge.*": "emptied",
    "pages.Barrier.*": "swept",
    "reports.Story.slug": "an address, made of the title",
    "reports.Story.*": "swept; nobody can read it any more",
    "privacy.ErasureRequest.words": "emptied",
    "privacy.ErasureRequest.reason": "of the management; swept",
    "privacy.ErasureKept.reason": "of the management; swept",
}


def test_every_text_of_a_persons_own_rows_says_what_becomes_of_it():
    own = {table.model for category in CATEGORIES for table in category.tables}
    names = [
        f"{model._meta.label}.{column.name}"
        for model, column in text_fields()
        if model._meta.label in own
    ]
    forgotten = [name for name in names if not any(fnmatch(name, each) for each in OWN)]
    assert forgotten == []
    assert [each for each in OWN if not any(fnmatch(name, each) for name in names)] == []


def test_no_reason_not_to_sweep_is_left_over():
    names = [f"{model._meta.label}.{column.name}" for model, column in text_fields()]
    unused = [each for each in NOT_SWEPT if not any(fnmatch(name, each) for name in names)]
    assert unused == []


# --- the canaries ---


def test_no_canary_of_an_erased_founder_is_left(
    manager, django_capture_on_commit_callbacks, settings, tmp_path
):
    # What other tests left in the folder is not this founder's.
    settings.FILES_ROOT = tmp_path / "files"
    world = World("eigen", manager)
    founder, advisor = world.people[Role.FOUNDER], world.people[Role.ADVISOR]
    Draft.objects.create(
        user=founder, address="/zusagen/", title="Zkentwurfq", words="Zkbeginnq", window=uuid4()
    )
    make_letter(recipient=founder.email, recipient_name=founder.name, text="Zkbriefq")
    mine = [
        world.canaries[name]
        for name in [
            "founder_name",
            "founder_phone",
            "founder_email",
            "concern",
            "promise",
            "confirmation_words",
            "erasure_words",
            "document_title",
            "document_note",
            "document_file",
            "document_words",
            "removed_document_title",
            "removed_document_note",
            "removed_document_file",
            "removed_document_words",
        ]
    ] + ["Zkentwurfq", "Zkbeginnq", "Zkbriefq"]
    assert set(found(mine)) == set(mine)
    report = ReportVersion.objects.filter(status="released").values_list("sha256", "frozen")
    before, counted = list(report), Consultation.objects.valid().totals()

    with django_capture_on_commit_callbacks(execute=True):
        world.objects["erasure"].carry_out(by=manager)
    # The one letter that tells them: out, it forgets them, too.
    Letter.objects.deliver_due()

    assert found(mine) == {}
    assert list(report) == before
    assert Consultation.objects.valid().totals() == counted
    assert advisor.name in everything_stored()["accounts_user"]


def test_in_what_others_wrote_the_name_and_the_contacts_are_replaced(
    founder, organisation, manager
):
    said = f"{NAME} ({EMAIL}, {PHONE}) will Satzung ändern"
    note = make_consultation(organisation=organisation, internal_note=said, result=said)
    elsewhere = make_consultation(internal_note=f"Kennt {NAME}; Frau Zknachnamelang nicht")
    make_visit(note=said, trader_name=NAME, trader_phone=PHONE, has_consented=True)
    make_letter(recipient="beratung@muster.example", subject=NAME, text=said)
    draft = Draft.objects.create(
        user=make_user(), address="/x/", fields={"note": [said]}, window=uuid4()
    )
    job = organisation.jobs.create(
        title="Leitung",
        kind="new",
        fte=1,
        since=date(2024, 1, 1),
        confirmed_on=date(2024, 2, 1),
        confirmed_by=NAME,
    )

    erase(founder.person, by=manager)

    assert found([NAME, EMAIL, PHONE]) == {}
    note.refresh_from_db()
    assert note.internal_note == f"{ERASED} ({ERASED}, {ERASED}) will Satzung ändern"
    elsewhere.refresh_from_db()
    assert elsewhere.internal_note == f"Kennt {ERASED}; Frau Zknachnamelang nicht"
    draft.refresh_from_db()
    assert draft.fields == {"note": [f"{ERASED} ({ERASED}, {ERASED}) will Satzung ändern"]}
    job.refresh_from_db()
    assert job.confirmed_by == ERASED


def test_somebody_of_the_same_name_or_address_keeps_theirs(founder, organisation, manager):
    twin = make_person(name=NAME, email=EMAIL, phone=PHONE)
    near = make_consultation(organisation=organisation, internal_note=f"{NAME} war da")
    far = make_consultation(internal_note=f"{NAME} war da")
    letter = make_letter(
        recipient=EMAIL, recipient_name=NAME, reader=f"enterprises.person:{twin.pk}"
    )

    erase(founder.person, by=manager)

    twin.refresh_from_db()
    assert (twin.name, twin.email, twin.phone) == (NAME, EMAIL, PHONE)
    far.refresh_from_db()
    assert far.internal_note == f"{NAME} war da"
    near.refresh_from_db()
    assert near.internal_note == f"{ERASED} war da"
    assert letter.pk


def test_nobody_waits_for_who_is_erased(founder, organisation, manager):
    appointment = make_appointment(
        person=founder.person,
        organisation=organisation,
        starts_at=timezone.now() + timedelta(days=3),
    )
    entry = make_waiting_entry(person=founder.person)

    erase(founder.person, by=manager)

    appointment.refresh_from_db()
    entry.refresh_from_db()
    assert appointment.status == "cancelled"
    assert entry.erased_at >= entry.ended_at
    assert not Letter.objects.filter(recipient=EMAIL).exists()


def test_the_account_opens_no_more(founder, manager, client):
    client.force_login(founder)

    erase(founder.person, by=manager)

    assert client.get(reverse("privacy:my_file")).status_code == 302
    founder.refresh_from_db()
    assert not founder.is_active
    assert founder.name == founder.phone == ""


def test_what_a_merge_kept_is_emptied_and_cannot_come_back(founder, manager):
    gone = make_person(name="Zkfrüher Zkname", email="zkalt@muster.example")
    merge = Merge.objects.merge(gone, founder.person, by=manager)

    erase(founder.person, by=manager)

    assert found(["Zkfrüher", "zkalt"]) == {}
    merge.refresh_from_db()
    assert not merge.is_undoable
    with pytest.raises(ValidationError):
        merge.undo(by=manager)


def test_a_project_of_one_person_is_emptied_with_them(manager, django_capture_on_commit_callbacks):
    own = make_organisation(
        name="Zkprojekt", address="Zkstraße 1", phone="030 5550 11", purpose="Zkzweck"
    )
    founder = make_founder(own, name=NAME, email=EMAIL)
    make_consultation(
        organisation=own, internal_note="Zknotiz", result="Zkergebnis", next_step="Zkschritt"
    )
    make_document(own, make_user(), title="Zkpapier", file=checked_file("zk.txt", "Zkinhalt"))
    make_promise(organisation=own, person=founder.person, what="Zkzusage")

    with django_capture_on_commit_callbacks(execute=True):
        erase(founder.person, by=manager)

    words = "Zkprojekt Zkstraße Zkzweck Zknotiz Zkergebnis Zkschritt Zkpapier Zkinhalt Zkzusage"
    assert found(words.split()) == {}
    assert Consultation.objects.count() == 1


# --- what is kept ---


@pytest.fixture
def participant(founder):
    participation = make_participation(
        make_project(ends_on=date(2025, 12, 31), answers_kept_years=5), person=founder.person
    )
    write_answers(
        participation,
        by=make_user(),
        consents=["disability"],
        disability="yes",
        housing=None,
        **COMPLETE,
    )
    return participation


def test_what_the_funder_asks_for_is_suggested_with_its_day(founder, participant, organisation):
    make_award(organisation=organisation)
    make_document(organisation, founder)

    kept = {each.kind: each for each in keepable_of(founder.person)}

    assert set(kept) == set(KeptKind)
    assert kept["participation"].until == date(2030, 12, 31)
    assert kept["participation"].is_advised
    assert kept["aid"].is_advised
    assert not kept["papers"].is_advised


def test_what_is_kept_stays_until_its_day_and_then_goes(founder, participant, manager):
    person = founder.person
    Person.objects.filter(pk=person.pk).update(postcode="13187", birth_on=date(1990, 1, 2))
    wish = make_erasure_request(person=person)
    until = timezone.localdate() + timedelta(days=30)

    wish.carry_out(by=manager, keep=[(KeptKind.PARTICIPATION, "Prüfung", until)])
    Letter.objects.deliver_due()

    person.refresh_from_db()
    assert set(found([NAME, EMAIL, PHONE])) == {NAME}
    assert found([NAME])[NAME] == ["enterprises_person"]
    assert (person.name, person.email, person.postcode) == (NAME, "", "13187")
    assert Answer.objects.with_words().exists()

    finish_erasures()
    assert Answer.objects.with_words().exists()
    ErasureKept.objects.update(until=timezone.localdate() - timedelta(days=1))
    for _time in range(2):
        finish_erasures()

    person.refresh_from_db()
    assert found([NAME]) == {}
    assert (person.name, person.postcode, person.birth_on) == (
        f"Gelöscht {person.number}",
        "",
        None,
    )
    assert not Answer.objects.with_words().exists()
    assert Event.objects.filter(verb="erasure.finished").count() == 1


def test_who_was_counted_stays_counted_without_the_person(founder, participant, manager):
    project = participant.project
    grant = make_grant(project=project)
    stays = make_participation(project)
    write_answers(stays, by=manager, **COMPLETE)
    Person.objects.filter(pk=founder.person.pk).update(birth_on=date(2000, 1, 2))
    before = figures_of(grant)
    # A woman, inactive, ISCED 3-4: as the other one, but with a disability and under 30.
    assert before == {"EECO01": 2, "EECO04": 2, "EECO07": 1, "EECO10": 2, "EECO12": 1}

    for _time in range(2):
        erase(founder.person, by=manager)

    # Nothing of part 1.2 is left, not even that it was answered.
    assert figures_of(grant) == {key: before[key] for key in before if key != "EECO12"}
    participant.refresh_from_db()
    assert participant.counted_gender == "woman"
    assert participant.counted_codes == ["EECO01", "EECO04", "EECO07", "EECO10"]
    assert participant.person.birth_on is None
    assert not participant.answers.with_words().exists()
    others, last = RULES["people_eeco01"](Scope.of(grant, grant.starts_on, grant.ends_on)).rows
    assert (others.on, bool(others.case_number)) == (stays.entered_on, True)
    assert (last.on, last.case_number) == (None, "")
    lines = {line.participation: line for line in lines_of(Participation.objects.all(), date.max)}
    assert lines[participant].is_reported
    assert not lines[participant].states


def figures_of(grant):
    scope = Scope.of(grant, grant.starts_on, grant.ends_on)
    counted = {code: RULES[f"people_{code.lower()}"](scope).value for code in PEOPLE}
    return {code: int(value) for code, value in counted.items() if value}


def test_who_was_counted_nowhere_leaves_nothing_to_count(founder, participant, manager):
    participant.answers.filter(question__code="isced").delete()

    erase(founder.person, by=manager)

    participant.refresh_from_db()
    assert (participant.counted_gender, participant.counted_codes) == ("", [])


@pytest.mark.parametrize("fields", [{"counted_gender": "man"}, {"counted_codes": ["EECO01"]}])
def test_what_stays_counted_is_whole(participant, fields):
    with pytest.raises(IntegrityError, match="consultations_participation_counted_has_both"):
        Participation.objects.filter(pk=participant.pk).update(**fields)


def test_papers_may_be_kept(founder, organisation, manager):
    make_document(organisation, founder, title="Zkpapier")

    erase(founder.person, by=manager, keep={KeptKind.PAPERS})

    assert Document.objects.filter(title="Zkpapier").exists()


def test_papers_of_others_that_name_the_person_are_named(founder, organisation):
    paper = make_document(
        organisation, make_user(), file=checked_file("brief.txt", f"Liebe {NAME}, …")
    )
    version = paper.versions.get()
    version.read()

    assert list(papers_naming(founder.person)) == [version]


# --- the pages ---


def test_a_founder_asks_and_takes_it_back(sign_in, founder):
    client = sign_in(founder)
    client.post(reverse("privacy:wish"), {"words": "Ich ziehe weg."})
    wish = ErasureRequest.objects.get()
    assert "Ich ziehe weg." in client.get(reverse("privacy:wish")).text

    client.post(reverse("privacy:wish_withdraw", args=[wish.pk]))

    wish.refresh_from_db()
    assert wish.status == "withdrawn"


def test_a_wish_on_the_phone_is_noted_by_an_advisor(sign_in, founder):
    advisor = make_user(Role.ADVISOR)
    address = reverse("privacy:record", args=[founder.person.pk])

    sign_in(advisor).post(address, {"channel": "phone", "words": "rief an"})

    wish = ErasureRequest.objects.get()
    assert (wish.asked_by, wish.channel, wish.person) == (advisor, "phone", founder.person)


def test_the_management_decides_with_reasons(sign_in, founder, participant, manager):
    wish = make_erasure_request(person=founder.person)
    client = sign_in(manager)
    address = reverse("privacy:erasure", args=[wish.pk])
    page = client.get(address)
    assert "31.12.2030" in page.text or "2030-12-31" in page.text

    unsure = client.post(address, {"keep_participation": "on"})
    assert unsure.status_code == 200
    assert ErasureRequest.objects.open().exists()
    client.post(
        address,
        {
            "keep_participation": "on",
            "reason_participation": "ESF Plus",
            "until_participation": "2099-12-31",
            "is_sure": "on",
        },
    )

    wish.refresh_from_db()
    assert wish.status == "done"
    assert [(each.what, each.reason) for each in wish.kept.all()] == [("participation", "ESF Plus")]
    assert "ESF Plus" in client.get(address).text


def test_a_refusal_is_read_by_the_person(sign_in, founder, manager):
    wish = make_erasure_request(person=founder.person)
    address = reverse("privacy:erasure_refuse", args=[wish.pk])

    empty = sign_in(manager).post(address, {"reason": " "})
    sign_in(manager).post(address, {"reason": "Die Prüfung läuft."})

    assert empty.status_code == 200
    assert "Die Prüfung läuft." in sign_in(founder).get(reverse("privacy:wish")).text
    with pytest.raises(ValidationError):
        wish.carry_out(by=manager)

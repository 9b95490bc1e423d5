"""Two files become one, with all that hangs on them, and two again, row by row as before."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Attendance, Consultation
from enterprises.duplicates import pairs
from enterprises.merging import pointing_at, rows_of, stored_fields
from enterprises.models import (
    IncomeMix,
    Involvement,
    Membership,
    Merge,
    NotTheSame,
    Noun,
    Organisation,
    Person,
)
from enterprises.models.merge import UNDO_DAYS
from tests.factories import (
    make_appointment,
    make_beneficiary,
    make_consultation,
    make_coordinating_task,
    make_forum_member,
    make_founder,
    make_idea,
    make_organisation,
    make_person,
    make_registration,
    make_user,
    make_visit,
    make_waiting_entry,
)
from tests.routes.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


def merge(gone, into, by, **taken):
    return Merge.objects.merge(gone, into, by=by, taken=taken)


def database():
    """Every row of ours, but the log and the merges themselves."""
    return {
        model._meta.label: {
            row["pk"]: row
            for row in model._base_manager.values(
                "pk", *(field.attname for field in stored_fields(model))
            )
        }
        for model in apps.get_models(include_auto_created=True)
        if model not in (Event, Merge) and model._meta.managed
    }


def without_rows(key, model):
    """The relations that point at a model and lack a row: a test without it would prove nothing."""
    return [
        f"{field.model._meta.label}.{field.name}"
        for field in pointing_at(model)
        if not rows_of(field, key).exists()
    ]


def hang_everything_on(organisation, manager):
    """What a world does not hang on its organisation by itself."""
    organisation.stages.create(stage="concept", since="2024-01-01")
    Membership.objects.create(group=make_organisation(), member=organisation)
    Attendance.objects.create(
        consultation=make_consultation(), person=make_person(), organisation=organisation
    )
    make_beneficiary(organisation=organisation, basis="same_name")
    make_visit(organisation=organisation)
    make_forum_member(organisation=organisation)
    make_idea(organisation=organisation).owners.create(organisation=organisation)
    make_coordinating_task(successor=organisation)
    merge(make_organisation(), organisation, manager)


def hang_everything_on_person(person, manager):
    make_appointment(person=person)
    make_registration(person=person)
    make_waiting_entry(person=person)
    merge(make_person(), person, manager)


def both_worlds(manager):
    return World("eigen", manager), World("fremd", manager)


@pytest.mark.slow
@pytest.mark.parametrize("turned", [False, True])
def test_all_that_hangs_on_an_organisation_moves_and_comes_back(manager, turned):
    worlds = both_worlds(manager)
    gone, into = [world.objects["organisation"] for world in worlds][:: -1 if turned else 1]
    hang_everything_on(gone, manager)
    check_there_and_back(gone, into, manager)


@pytest.mark.slow
def test_all_that_hangs_on_a_person_moves_and_comes_back(manager):
    own, foreign = both_worlds(manager)
    gone, into = own.objects["person"], foreign.objects["involvement"].person
    hang_everything_on_person(gone, manager)
    check_there_and_back(gone, into, manager)


def check_there_and_back(gone, into, manager):
    model = type(gone)
    assert without_rows(gone.pk, model) == [], "hang a row on it above, or make one in the world"
    before = database()
    numbers = {
        field: rows_of(field, gone.pk).count() + rows_of(field, into.pk).count()
        for field in pointing_at(model)
    }

    done = merge(gone, into, manager)

    aside = [step["model"] for step in done.steps if step["step"] == "aside"]
    for field, number in numbers.items():
        own = field.model is model
        assert rows_of(field, gone.pk).count() == 0, f"{field} stayed"
        kept_aside = aside.count(field.model._meta.label_lower)
        # The pointer of the one that went is a row more.
        assert rows_of(field, into.pk).count() == number - kept_aside + own, f"{field} was lost"
    assert done.moved
    done.undo(by=manager)
    after = database()
    for label, rows in before.items():
        assert after[label] == rows, f"{label} differs"


def test_a_row_both_have_is_kept_aside_and_what_hangs_on_it_moves_to_its_like(manager):
    gone, into = make_organisation(), make_organisation()
    for organisation in (gone, into):
        IncomeMix.objects.create(organisation=organisation, year=2024, note=organisation.name)
    kept_note = into.name

    done = merge(gone, into, manager)

    assert IncomeMix.objects.get().note == kept_note
    assert [aside for _kind, _moved, aside in done.moved] == [1]
    done.undo(by=manager)
    assert IncomeMix.objects.count() == 2


def test_a_member_of_the_other_is_no_member_of_itself(manager):
    network, member = make_organisation(kind="network"), make_organisation()
    Membership.objects.create(group=network, member=member)

    done = merge(member, network, manager)

    assert not Membership.objects.exists()
    done.undo(by=manager)
    assert Membership.objects.get().member == member


def test_two_running_cases_become_one_with_both_ones_consultations(manager):
    first, second = World("eigen", manager).objects, make_organisation()
    case = first["case"]
    twin = second.cases.create(project=case.project, advisor=case.advisor, opened_on=case.opened_on)
    make_consultation(organisation=second, project=case.project, case=twin)

    done = merge(second, first["organisation"], manager)

    assert not type(case).objects.filter(pk=twin.pk).exists()
    assert Consultation.objects.filter(case=case, organisation=first["organisation"]).count() >= 2
    done.undo(by=manager)
    assert twin.consultations.count() == 1


# --- the fields ---


def test_empty_fields_are_filled_and_chosen_ones_taken(manager):
    gone = make_organisation(name="Waescherei", phone="030 1", email="a@muster.example")
    into = make_organisation(name="Wäscherei", phone="", email="b@muster.example")

    done = merge(gone, into, manager, email=True)

    into.refresh_from_db()
    assert (into.name, into.phone, into.email) == ("Wäscherei", "030 1", "a@muster.example")
    done.undo(by=manager)
    into.refresh_from_db()
    assert (into.name, into.phone, into.email) == ("Wäscherei", "", "b@muster.example")


def test_fields_that_do_not_go_together_are_refused_in_words(manager, english):
    gone = make_organisation(kind="social_enterprise", founded_on="2024-01-01")
    into = make_organisation(kind="founding_initiative")

    with pytest.raises(ValidationError, match="Record the founding"):
        merge(gone, into, manager)

    gone.refresh_from_db()
    assert not gone.is_merged


def test_an_account_moves_along_and_back(manager):
    founder = make_founder(make_organisation())
    gone, into = founder.person, make_person()

    done = merge(gone, into, manager)

    assert Person.objects.of_account(founder) == into
    done.undo(by=manager)
    assert Person.objects.of_account(founder) == gone


def test_two_people_with_an_account_each_are_not_merged(manager, english):
    one, other = (make_founder(make_organisation()).person for _ in range(2))

    with pytest.raises(ValidationError, match="no account may be lost"):
        merge(one, other, manager)


# --- the pointer ---


def test_a_merged_one_is_in_no_list_and_its_number_leads_to_the_other(manager, sign_in):
    gone, into = make_organisation(name="Fahrradladen"), make_organisation(name="Wäscherei")
    merge(gone, into, manager)
    page = sign_in(manager)

    assert list(Organisation.objects.all()) == [into]
    assert list(Organisation.objects.matching("Fahrradladen")) == []
    assert b"Fahrradladen" not in page.get("/betriebe/").content
    assert page.get("/suche/", {"q": "Fahrradladen"}).context["groups"] == []
    [group] = page.get("/suche/", {"q": gone.number}).context["groups"]
    assert [hit.address for hit in group.hits] == [into.get_absolute_url()]
    assert page.get(gone.get_absolute_url()).url == into.get_absolute_url()


def test_the_address_of_a_merged_person_leads_to_the_other(manager, sign_in):
    gone, into = make_person(), make_person()
    merge(gone, into, manager)

    assert sign_in(manager).get(gone.get_absolute_url()).url == into.get_absolute_url()


def test_a_founder_sees_the_file_theirs_was_merged_into(manager, sign_in):
    gone, into = make_organisation(), make_organisation()
    page = sign_in(make_founder(gone))
    merge(gone, into, manager)

    assert page.get(gone.get_absolute_url()).url == into.get_absolute_url()
    assert page.get(into.get_absolute_url()).status_code == 200


def test_a_chain_of_merges_leads_to_its_end(manager):
    first, second, third = (make_organisation() for _ in range(3))
    merge(first, second, manager)

    merge(second, third, manager)

    first.refresh_from_db()
    assert first.merged_into == third


# --- refusals ---


def test_the_same_merge_sent_twice_is_done_once(manager, english):
    gone, into = make_organisation(), make_organisation()
    merge(gone, into, manager)

    with pytest.raises(ValidationError, match="merged in the meantime"):
        merge(gone, into, manager)

    assert Merge.objects.count() == 1


def test_nobody_is_merged_into_themself(manager, english):
    one = make_organisation()

    with pytest.raises(ValidationError, match="one already"):
        merge(one, one, manager)


@pytest.mark.parametrize(("days", "is_undone"), [(UNDO_DAYS - 1, True), (UNDO_DAYS, False)])
def test_after_thirty_days_there_is_no_way_back(manager, days, is_undone):
    done = merge(make_organisation(), make_organisation(), manager)
    Merge.objects.update(merged_at=timezone.now() - timedelta(days=days))

    if is_undone:
        done.undo(by=manager)
    else:
        with pytest.raises(ValidationError):
            done.undo(by=manager)

    assert Merge.objects.filter(undone_at=None).exists() != is_undone


def test_an_undone_merge_is_not_undone_twice(manager, english):
    done = merge(make_organisation(), make_organisation(), manager)
    done.undo(by=manager)

    with pytest.raises(ValidationError, match="undone already"):
        done.undo(by=manager)


def test_the_later_merge_is_undone_first(manager, english):
    first, second, third = (make_organisation() for _ in range(3))
    earlier = merge(first, second, manager)
    later = merge(second, third, manager)

    with pytest.raises(ValidationError, match="merged again"):
        earlier.undo(by=manager)
    later.undo(by=manager)
    earlier.undo(by=manager)

    assert Organisation.objects.count() == 3


def test_a_field_changed_since_is_not_overwritten(manager, english):
    gone, into = make_organisation(phone="030 1"), make_organisation(phone="")
    done = merge(gone, into, manager)
    Organisation.objects.filter(pk=into.pk).update(phone="030 2")

    with pytest.raises(ValidationError, match="changed since"):
        done.undo(by=manager)


def test_what_was_given_elsewhere_since_is_not_taken_back(manager, english):
    gone, into = make_organisation(), make_organisation()
    consultation = make_consultation(organisation=gone)
    done = merge(gone, into, manager)
    Consultation.objects.filter(pk=consultation.pk).update(organisation=make_organisation())

    with pytest.raises(ValidationError, match="given to somebody else"):
        done.undo(by=manager)

    assert Organisation.every.get(pk=gone.pk).is_merged


def test_what_came_later_stays_with_the_one_that_stayed(manager):
    gone, into = make_organisation(), make_organisation()
    done = merge(gone, into, manager)
    later = make_consultation(organisation=into)

    done.undo(by=manager)

    later.refresh_from_db()
    assert later.organisation == into


def test_a_merge_and_its_undoing_stand_in_the_log(manager):
    gone, into = make_organisation(), make_organisation()
    merge(gone, into, manager).undo(by=manager)

    verbs = Event.objects.about(into).order_by("pk").values_list("verb", "details__gone")
    assert list(verbs) == [("organisation.merged", gone.pk), ("organisation.separated", gone.pk)]


# --- suspected pairs ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Wäscherei am Platz"}, {"name": "Wascherei am Platz e. V."}),
        ({"name": "A", "email": "a@muster.example"}, {"name": "B", "email": "A@muster.example"}),
        ({"name": "A", "phone": "030 1234567"}, {"name": "B", "phone": "+49 30 123 45 67"}),
        ({"name": "A", "address": "Musterweg 1"}, {"name": "B", "address": "musterweg 1 "}),
    ],
)
def test_two_that_look_alike_are_suspected(manager, one, other):
    pair = [make_organisation(**fields) for fields in (one, other)]

    [found] = pairs(Noun.ORGANISATION, manager)

    assert [found.one, found.other] == pair


def test_two_that_share_nothing_are_not_suspected(manager):
    make_organisation(name="Nähwerkstatt", phone="", email="")
    make_organisation(name="Fahrradladen", phone="", email="")
    make_organisation(name="Haus der Nachbarschaft 1")
    make_organisation(name="Haus der Nachbarschaft 2")

    assert pairs(Noun.ORGANISATION, manager) == []


def test_people_are_suspected_by_their_address(manager):
    make_person(name="Mara Muster", email="m@muster.example")
    make_person(name="M. Beispiel", email="m@muster.example")

    assert len(pairs(Noun.PERSON, manager)) == 1


def test_nobody_but_staff_is_told_of_pairs(manager):
    founder = make_founder(make_organisation(name="Doppelt"))
    make_organisation(name="Doppelt")

    assert len(pairs(Noun.ORGANISATION, manager)) == 1
    assert pairs(Noun.ORGANISATION, founder) == []


def test_told_apart_or_merged_they_are_suspected_no_more(manager):
    rows = [make_organisation(name="Doppelt") for _ in range(3)]
    assert len(pairs(Noun.ORGANISATION, manager)) == 3

    NotTheSame.objects.say(rows[1], rows[0], by=manager)
    NotTheSame.objects.say(rows[0], rows[1], by=manager)
    assert len(pairs(Noun.ORGANISATION, manager)) == 2
    assert NotTheSame.objects.count() == 1

    merge(rows[2], rows[1], manager)
    assert pairs(Noun.ORGANISATION, manager) == []


# --- what the database refuses ---


@pytest.mark.parametrize(
    ("name", "make"),
    [
        (
            "enterprises_organisation_not_merged_into_itself",
            lambda: point_at_itself(make_organisation()),
        ),
        ("enterprises_person_not_merged_into_itself", lambda: point_at_itself(make_person())),
        ("enterprises_merge_noun_is_known", lambda: make_merge(noun="project")),
        ("enterprises_merge_of_two", lambda: make_merge(gone_key=2)),
        ("enterprises_merge_once_until_undone", lambda: [make_merge(), make_merge(kept_key=3)]),
        ("enterprises_notthesame_noun_is_known", lambda: make_apart(noun="project")),
        ("enterprises_notthesame_in_order", lambda: make_apart(one_key=2, other_key=1)),
        ("enterprises_notthesame_said_once", lambda: [make_apart(), make_apart()]),
    ],
)
def test_the_database_refuses(name, make):
    with pytest.raises(IntegrityError, match=name):
        make()


def point_at_itself(row):
    type(row).objects.filter(pk=row.pk).update(merged_into=row)


def make_merge(**fields):
    return Merge.objects.create(**{"noun": "person", "gone_key": 1, "kept_key": 2} | fields)


def make_apart(**fields):
    return NotTheSame.objects.create(**{"noun": "person", "one_key": 1, "other_key": 2} | fields)


def test_every_relation_is_known_to_the_merge():
    known = {field.model for field in pointing_at(Organisation)}
    assert {Involvement, Membership, Consultation, Organisation} <= known
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confrelid = %s::regclass",
            [Organisation._meta.db_table],
        )
        [[in_database]] = cursor.fetchall()
    assert in_database == len(pointing_at(Organisation))

"""Rules of a programme: typed with it, each of its time, and asked for when a grant is set up."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports.models import Programme, ProgrammeRule
from reports.setting_up import tasks
from tests.factories import (
    YEAR,
    make_grant,
    make_programme,
    make_programme_rule,
    make_user,
)

pytestmark = pytest.mark.django_db

LAST, NEXT = date(YEAR, 12, 31), date(YEAR + 1, 1, 1)
OPEN = {"note": "Der Wortlaut ist nicht nachgesehen."}


# --- what must never be true ---


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_programmerule_has_its_name", {"name": ""}),
        ("reports_programmerule_ends_after_start", {"since": NEXT, "until": LAST}),
        ("reports_programmerule_unconfirmed_says_what_is_open", {"is_confirmed": False}),
    ],
)
def test_the_database_refuses_impossible_rules(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_programme_rule(**fields)


def test_of_one_name_one_holds_at_a_time():
    programme = make_programme()
    make_programme_rule(programme=programme, until=LAST)
    make_programme_rule(programme=programme, since=NEXT)
    make_programme_rule(programme=programme, name="Nebenbestimmungen")
    make_programme_rule()

    with pytest.raises(IntegrityError, match="reports_programmerule_one_at_a_time"):
        make_programme_rule(programme=programme)


def test_those_of_a_day_and_those_of_a_time():
    programme = make_programme()
    old = make_programme_rule(programme=programme, until=LAST)
    new = make_programme_rule(programme=programme, since=NEXT)
    always = make_programme_rule(programme=programme, name="Immer")

    assert set(programme.rules.valid_on(LAST)) == {old, always}
    assert set(programme.rules.valid_on(NEXT)) == {new, always}
    assert set(programme.rules.during(date(YEAR, 1, 1), LAST)) == {old, always}
    assert set(programme.rules.during(LAST, NEXT)) == {old, new, always}


# --- typed with the programme ---


def typed(programme, *rows, initial=0):
    data = {"fund": programme.fund_id, "name": programme.name}
    data |= {"rules-TOTAL_FORMS": str(len(rows)), "rules-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        data |= {f"rules-{number}-{name}": value for name, value in row.items()}
    return data


def post(sign_in, programme, *rows, **kwargs):
    client = sign_in(make_user(Role.MANAGER))
    edit = reverse("reports:programme_edit", args=[programme.pk])
    return client.post(edit, typed(programme, *rows, **kwargs))


def test_rules_are_typed_with_the_programme_and_the_log_knows_who(sign_in):
    programme = make_programme()
    rows = [
        {"name": "Richtlinie", "version": "1", "until": f"{LAST}", "is_confirmed": "on"},
        {"name": "Richtlinie", "version": "2", "since": f"{NEXT}"} | OPEN,
        {},
    ]

    answer = post(sign_in, programme, *rows)

    assert answer.status_code == 302
    told = [(each.version, each.is_confirmed, each.note) for each in programme.rules.all()]
    assert told == [("1", True, ""), ("2", False, OPEN["note"])]
    event = Event.objects.about(programme).get()
    assert (event.verb, event.details) == ("programme.changed", {"fields": ["rules"]})


def test_a_former_version_ends_and_a_new_one_is_added_in_one_go(sign_in):
    programme = make_programme()
    rule = make_programme_rule(programme=programme, version="1")
    former = {"id": rule.pk, "name": rule.name, "version": "1", "is_confirmed": "on"}
    new = {"name": rule.name, "version": "2", "since": f"{NEXT}", "is_confirmed": "on"}

    answer = post(sign_in, programme, former | {"until": f"{LAST}"}, new, initial=1)

    assert answer.status_code == 302
    assert [each.version for each in programme.rules.valid_on(NEXT)] == ["2"]


def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_saved(sign_in):
    programme = make_programme()
    rows = [
        {"name": "Ohne Auskunft"},
        {"name": "Verdreht", "since": f"{NEXT}", "until": f"{LAST}", "is_confirmed": "on"},
        {"name": "Zweimal", "is_confirmed": "on"},
        {"name": "Zweimal", "since": f"{NEXT}", "is_confirmed": "on"},
        {"version": "ohne Namen", "is_confirmed": "on"},
    ]

    page = post(sign_in, programme, *rows)

    [table] = page.context["setup"].tables
    assert [list(each) for each in table.errors] == [["note"], ["until"], [], ["since"], ["name"]]
    assert not programme.rules.exists()
    assert "Ohne Auskunft" in page.text


def test_a_row_another_window_changed_is_not_overwritten(sign_in):
    programme = make_programme()
    rule = make_programme_rule(programme=programme, version="1")
    client = sign_in(make_user(Role.MANAGER))
    edit = reverse("reports:programme_edit", args=[programme.pk])
    [table] = client.get(edit).context["setup"].tables
    opened = table.forms[0]["as_opened"].value()
    ProgrammeRule.objects.update(version="2")

    row = {"id": rule.pk, "name": rule.name, "version": "3", "is_confirmed": "on"}
    page = client.post(edit, typed(programme, row | {"as_opened": opened}, initial=1))

    assert page.status_code == 200
    assert page.context["setup"].form.conflict
    rule.refresh_from_db()
    assert rule.version == "2"


def test_the_list_tells_the_rules_and_what_is_open_of_them(sign_in):
    programme = make_programme()
    make_programme_rule(programme=programme, name="Richtlinie", version="2. Fassung", since=NEXT)
    make_programme_rule(programme=programme, name="ANBest-P", **OPEN)
    client = sign_in(make_user(Role.MANAGER))

    page = client.get(reverse("reports:grants")).text
    file = client.get(reverse("reports:programmes_export", args=["csv"])).getvalue().decode()

    for text in (page, file):
        assert "Richtlinie, 2. Fassung" in text
        assert "ANBest-P (" in text
    assert OPEN["note"] in file


def test_setting_up_asks_for_rules_and_for_their_confirmation():
    grant = make_grant()
    make_programme_rule(programme=grant.programme, until=date(1999, 12, 31))

    def asked():
        anchor = f"{reverse('reports:programme_edit', args=[grant.programme_id])}#rules"
        return [(each.is_done, each.missing) for each in tasks(grant) if each.href == anchor]

    [(is_done, _missing)] = asked()
    assert not is_done, "rules of another time are none of this grant"
    make_programme_rule(programme=grant.programme, name="ANBest-P", **OPEN)
    [(is_done, _missing), (is_confirmed, missing)] = asked()
    assert (is_done, is_confirmed, "ANBest-P" in missing) == (True, False, True)
    ProgrammeRule.objects.update(is_confirmed=True)
    assert asked() == [(True, "")]


def test_deleting_a_programme_takes_its_rules_along():
    rule = make_programme_rule()

    Programme.objects.get(pk=rule.programme_id).delete()

    assert not ProgrammeRule.objects.exists()

"""What a notice says stays once a report told of it, unless another notice says so."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms import model_to_dict
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.db import explained
from reports.forms.grant_tables import GRANT_TABLES
from reports.freezing import freeze
from reports.models import Grant, GrantChange, Notice, Report
from reports.models.grant_change import OF_GRANT
from tests.factories import (
    make_draft,
    make_grant,
    make_programme,
    make_project,
    make_released,
    make_report,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db


def make_reported(first=date(2024, 1, 1), last=date(2024, 10, 31), **fields):
    """A grant for 2024, and a report of it that its funder has got."""
    days = {"starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31)}
    grant = make_grant(**days | fields)
    make_released(report=make_report(grant=grant, starts_on=first, ends_on=last))
    return grant


def sent(grant, **fields):
    """What the browser sends of a grant's form where nothing but `fields` was typed."""
    data = {name: value for name, value in model_to_dict(grant).items() if value is not None}
    data["logos"] = ""
    for name in GRANT_TABLES:
        data |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    return data | fields


def post(sign_in, grant, **fields):
    page = sign_in(make_user(Role.MANAGER))
    return page.post(reverse("reports:grant_edit", args=[grant.ref]), sent(grant, **fields))


# --- the period ---


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"ends_on": "2024-06-30"}, "ends_on"),
        ({"starts_on": "2024-02-01"}, "starts_on"),
        ({"starts_on": "2024-02-01", "early_start_on": "2024-01-02"}, "early_start_on"),
    ],
)
def test_a_period_that_leaves_a_released_report_outside_is_refused_by_its_name(
    sign_in, days, field
):
    grant = make_reported()

    page = post(sign_in, grant, **days)

    [refusal] = page.context["setup"].form.errors[field]
    assert refusal.startswith("Zwischennachweis 01.01.2024–31.10.2024")
    assert Grant.objects.get().ends_on == date(2024, 12, 31)


def test_a_report_nobody_has_got_does_not_hold_the_period(sign_in):
    grant = make_grant(starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    make_draft(report=make_report(grant=grant))

    post(sign_in, grant, ends_on="2024-06-30")

    assert Grant.objects.get().ends_on == date(2024, 6, 30)


@pytest.mark.parametrize(
    "days",
    [
        {"ends_on": date(2024, 10, 30)},
        {"starts_on": date(2024, 1, 2)},
        {"starts_on": date(2024, 2, 1), "early_start_on": date(2024, 1, 2)},
    ],
)
def test_the_database_itself_holds_every_released_report_within_its_grant(days):
    grant = make_reported()
    changed = Grant.objects.filter(pk=grant.pk)

    with pytest.raises(ValidationError, match="Bericht"), explained(Grant):
        changed.update(**days)

    changed.update(starts_on=date(2024, 2, 1), early_start_on=date(2024, 1, 1))
    changed.update(ends_on=date(2024, 10, 31))


def test_the_refusal_of_the_database_has_its_name():
    grant = make_reported()

    with pytest.raises(IntegrityError, match="reports_grant_holds_its_reports"):
        Grant.objects.filter(pk=grant.pk).update(ends_on=date(2024, 1, 31))


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"starts_on": "1989-12-31", "ends_on": "2004-12-31"}, "ends_on"),
        ({"ends_on": "2044-01-02"}, "ends_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"pay_until": "2226-12-31"}, "ends_on"),
    ],
)
def test_a_slip_of_the_year_is_refused_at_its_field(sign_in, days, field):
    grant = make_grant(starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))

    answer = post(sign_in, grant, **days)

    assert answer.status_code == 200
    assert any("Jahr" in each for each in answer.context["form"].errors[field])


@pytest.mark.parametrize(
    "days",
    [
        {"starts_on": date(1989, 12, 31)},
        {"ends_on": date(2100, 1, 1)},
        {"early_start_on": date(1989, 12, 31)},
        {"pay_until": date(2100, 1, 1)},
    ],
)
def test_the_database_itself_takes_no_impossible_grant(days):
    grant = make_grant(starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))

    with pytest.raises(IntegrityError, match="reports_grant_has_possible_days"):
        Grant.objects.filter(pk=grant.pk).update(**days)


# --- where it belongs ---


@pytest.mark.parametrize(
    ("name", "make"), [("project", make_project), ("programme", make_programme)]
)
def test_a_grant_stays_where_its_reports_were_told(sign_in, name, make):
    grant, other = make_reported(), make()

    answer = post(sign_in, grant, **{name: other.pk})

    assert answer.status_code == 200
    assert "eigene Zuwendung" in " ".join(answer.context["form"].errors[name])
    with pytest.raises(IntegrityError, match="reports_grant_stays_where_it_is"):
        Grant.objects.filter(pk=grant.pk).update(**{name: other})


def test_a_grant_whose_reports_nobody_has_got_may_move(sign_in):
    grant, other = make_grant(), make_project(starts_on=date(2000, 1, 1))
    make_draft(report=make_report(grant=grant))

    answer = post(sign_in, grant, project=other.pk)

    assert answer.status_code == 302
    grant.refresh_from_db()
    assert grant.project == other


@pytest.mark.parametrize(
    "values",
    [{"starts_on": date(2024, 2, 1)}, {"ends_on": date(2024, 9, 30)}, {"kind": "final"}],
)
def test_a_released_report_keeps_its_kind_and_its_days(values):
    report = make_reported().reports.get()

    with pytest.raises(IntegrityError, match="reports_released_report_stays"):
        Report.objects.filter(pk=report.pk).update(**values)


def test_a_released_report_stays_in_its_grant_and_a_draft_may_move():
    report, other = make_reported().reports.get(), make_grant()
    draft = make_draft().report

    Report.objects.filter(pk=draft.pk).update(grant=other)
    with pytest.raises(IntegrityError, match="reports_released_report_stays"):
        Report.objects.filter(pk=report.pk).update(grant=other)


# --- what a notice changes ---


def make_notice(grant, **fields):
    fields = {"issued_on": date(2023, 11, 20), "reference": "Az. 1", "amount": 40000} | fields
    return Notice.objects.create(grant=grant, **fields)


def new_notice(**fields):
    """A row of the table of notices, and how many rows there are."""
    typed = {"issued_on": "2024-06-03", "reference": "Az. 1-Ä", "amount": "12000"} | fields
    return {f"notices-0-{name}": value for name, value in typed.items()} | {
        "notices-TOTAL_FORMS": "1"
    }


def kept(notice, **fields):
    """The row of a notice that is there already."""
    typed = model_to_dict(notice, ["id", "issued_on", "reference", "amount"]) | fields
    return {f"notices-0-{name}": value for name, value in typed.items()} | {
        "notices-TOTAL_FORMS": "1",
        "notices-INITIAL_FORMS": "1",
    }


def errors_of(page):
    return page.context["setup"].form.errors


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "52000"),
        ("rate", "90"),
        ("financing", "full"),
        ("ends_on", "2025-01-31"),
        ("starts_on", "2023-12-01"),
        ("early_start_on", "2023-12-01"),
        ("pay_until", "2025-02-28"),
    ],
)
def test_what_a_report_has_told_changes_only_with_the_notice_that_says_so(sign_in, field, value):
    grant = make_reported(rate=Decimal("40.5"))
    notice = make_notice(grant)

    page = post(sign_in, grant, **{field: value}, **kept(notice))
    assert set(errors_of(page)) == {"said_by", "change_note"}

    said = {"said_by": notice.pk, "change_note": "Auf Antrag"}
    post(sign_in, grant, **{field: value}, **kept(notice), **said)

    change = GrantChange.objects.get()
    assert (change.notice, change.field, change.note) == (notice, field, "Auf Antrag")
    assert str(getattr(Grant.objects.get(), field)) == change.after != change.before


def test_as_long_as_no_report_was_released_nobody_asks_for_a_notice(sign_in):
    grant = make_grant(rate=Decimal("40.5"))
    make_draft(report=make_report(grant=grant))

    post(sign_in, grant, rate="90")

    assert Grant.objects.get().rate == 90
    assert not GrantChange.objects.exists()


def test_what_no_report_is_calculated_by_changes_without_a_notice(sign_in):
    grant = make_reported()

    post(sign_in, grant, authority="Neue Behörde")

    assert Grant.objects.get().authority == "Neue Behörde"


def test_the_notice_may_be_typed_in_the_same_form(sign_in):
    grant = make_reported(rate=Decimal("40.5"))
    said = {"said_by": "new", "change_note": "Höherer Satz ab Juni"}

    page = post(sign_in, grant, rate="90", amount="52000", **said)
    assert set(errors_of(page)) == {"said_by"}

    post(sign_in, grant, rate="90", amount="52000", **said, **new_notice())

    found = [(each.field, each.before, each.after) for each in GrantChange.objects.all()]
    assert found == [("amount", "100000.00", "52000.00"), ("rate", "40.50", "90.00")]
    assert {each.notice for each in GrantChange.objects.all()} == {grant.notices.get()}


def test_a_notice_that_is_to_be_deleted_or_has_changed_the_grant_is_not_taken_and_stays(sign_in):
    grant = make_reported(rate=Decimal("40.5"))
    notice = make_notice(grant)
    said = {"said_by": notice.pk, "change_note": "Höherer Satz"}

    page = post(sign_in, grant, rate="90", **said, **kept(notice, DELETE="on"))
    assert set(errors_of(page)) == {"said_by"}

    post(sign_in, grant, rate="90", **said, **kept(notice))
    grant.refresh_from_db()
    page = post(sign_in, grant, **kept(notice, DELETE="on"))
    assert page.status_code == 200
    assert Notice.objects.get() == notice


def test_a_notice_that_changes_nothing_is_not_lost_without_a_word(sign_in):
    grant = make_reported()
    notice = make_notice(grant)

    page = post(sign_in, grant, **kept(notice), said_by=notice.pk, change_note="Anderer Plan")

    assert set(errors_of(page)) == {"said_by"}


def test_grant_page_and_later_reports_say_what_each_notice_changed(sign_in):
    grant = make_reported(rate=Decimal("40.5"))
    make_notice(grant)
    report = make_report(grant=grant, starts_on=date(2024, 11, 1), ends_on=date(2024, 12, 31))
    said = {"said_by": "new", "change_note": "Höherer Satz ab Juni"}
    rows = kept(grant.notices.get()) | {
        f"notices-1-{name[10:]}": value
        for name, value in new_notice().items()
        if name.startswith("notices-0-")
    }

    post(sign_in, grant, **rows | {"notices-TOTAL_FORMS": "2"}, rate="90", **said)

    first, second = freeze(make_version(report=report), at=timezone.now()).cover.notices
    assert first.changes == ()
    assert second.changes == (
        "Fördersatz bisher 40,5\u00a0%, jetzt 90\u00a0% (Höherer Satz ab Juni)",
    )
    page = sign_in(make_user(Role.MANAGER)).get(grant.get_absolute_url()).text
    assert "90\u00a0%, vorher 40,5\u00a0%" in page
    assert "Höherer Satz ab Juni" in page


def keep(grant, notice, **fields):
    """Keep that the amount was 1 EUR before, as a verb would."""
    fields = {
        "before": {name: getattr(grant, name) for name in OF_GRANT} | {"amount": Decimal(1)},
        "by": make_user(Role.MANAGER),
        "note": "Höherer Betrag",
    } | fields
    return GrantChange.objects.keep(grant, notice=notice, **fields)


@pytest.mark.parametrize("fields", [{"note": " "}, {"by": None}])
def test_only_the_manager_keeps_a_change_and_says_what_it_is(fields):
    grant = make_grant()
    if "by" in fields:
        fields = {"by": make_user(Role.FUNDER)}

    with pytest.raises(ValidationError):
        keep(grant, make_notice(grant), **fields)


def test_a_notice_of_another_grant_changes_nothing_here():
    with pytest.raises(ValidationError, match="Bescheid dieser Zuwendung"):
        keep(make_grant(), make_notice(make_grant()))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_grantchange_field_is_known", {"field": "title"}),
        ("reports_grantchange_of_the_plan_names_the_line", {"field": "planned"}),
        ("reports_grantchange_of_the_plan_names_the_line", {"line": "1.2 Honorare"}),
        ("reports_grantchange_says_what", {"note": ""}),
        ("reports_grantchange_says_what", {"after": "1"}),
        ("reports_grantchange_by_own_notice", {"notice": None}),
    ],
)
def test_the_database_refuses_an_impossible_change(constraint, fields):
    grant = make_grant()
    row = {"grant": grant, "notice": make_notice(grant), "field": "amount", "before": "1"}
    row |= {"after": "2", "note": "Mehr", "changed_by": make_user(Role.MANAGER)} | fields
    row["notice"] = row["notice"] or make_notice(make_grant())

    with pytest.raises(IntegrityError, match=constraint):
        GrantChange.objects.create(**row)


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_change_that_was_kept_stays(verb):
    grant = make_grant()
    keep(grant, make_notice(grant))
    changes = GrantChange.objects.all()

    with pytest.raises(IntegrityError, match="reports_life_never_changes"):
        changes.update(note="Anders") if verb == "update" else changes.delete()

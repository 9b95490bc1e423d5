"""Nothing may stay with somebody who is not here any more: every column that names an account."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from best_portal.accounts.models import Role, User
from consultations.models import Dossier
from consultations.models.belongings import BY_HAND, MOVED, Belongings
from reports.models import Review
from tests.factories import (
    NINE,
    make_absence,
    make_agreement,
    make_appointment,
    make_busy_calendar,
    make_case,
    make_consultation,
    make_decision,
    make_forum,
    make_group_session,
    make_meeting,
    make_office_hours,
    make_project,
    make_promise,
    make_team_hours,
    make_user,
    make_version,
    make_waiting_entry,
)

pytestmark = pytest.mark.django_db

# What a handover gives to somebody else.
MOVES = {
    "consultations.SupportCase.advisor",
    "consultations.Promise.advisor",
    "consultations.Appointment.advisor",
    "consultations.WaitingEntry.advisor",
    "consultations.OfficeHours.advisor",
    "consultations.OfficeHours.members",
    "consultations.Project.team",
    "consultations.Dossier.to",
    "enterprises.Decision.advisor",
    "enterprises.Forum.advisor",
    "enterprises.Agreement.advisor",
}
# What somebody decides about before the account is closed.
DECIDED_BY_HAND = {
    "reports.CoordinatingTask.owner",
    "consultations.GroupSession.leaders",
    "consultations.Absence.substitute",
    "reports.Review.reviewer",
}
# Who did something stays written down.
HISTORY = {
    "audit.Event.actor",
    "districts.ContextNote.author",
    "districts.ContextNote.withdrawn_by",
    "districts.Succession.recorded_by",
    "enterprises.StageChange.noted_by",
    "enterprises.Beneficiary.settled_by",
    "enterprises.Confirmation.asked_by",
    "enterprises.Confirmation.settled_by",
    "enterprises.ConfirmationRule.set_by",
    "enterprises.EntryConsent.recorded_by",
    "enterprises.EntryConsent.revoked_by",
    "enterprises.Document.uploaded_by",
    "enterprises.Document.withdrawn_by",
    "consultations.Visit.withdrawn_by",
    "enterprises.DocumentVersion.uploaded_by",
    "consultations.TextBlock.withdrawn_by",
    "enterprises.CriterionAssessment.withdrawn_by",
    "enterprises.CriterionAssessment.assessed_by",
    "enterprises.IncomeMix.withdrawn_by",
    "enterprises.Innovation.withdrawn_by",
    "enterprises.SizeDeclaration.withdrawn_by",
    "enterprises.Job.withdrawn_by",
    "enterprises.AgreementParty.withdrawn_by",
    "enterprises.AgreementReview.by",
    "enterprises.AgreementStage.withdrawn_by",
    "enterprises.Contribution.withdrawn_by",
    "enterprises.Milestone.withdrawn_by",
    "enterprises.Pledge.withdrawn_by",
    "enterprises.Resource.withdrawn_by",
    "enterprises.ServiceBlock.withdrawn_by",
    "enterprises.Decision.done_by",
    "enterprises.Decision.withdrawn_by",
    "enterprises.ForumMember.withdrawn_by",
    "enterprises.HealthNote.author",
    "enterprises.HealthNote.withdrawn_by",
    "enterprises.Involvement.withdrawn_by",
    "enterprises.Meeting.withdrawn_by",
    "enterprises.Membership.withdrawn_by",
    "enterprises.Merge.merged_by",
    "enterprises.NotTheSame.said_by",
    "enterprises.OperationImport.uploaded_by",
    "consultations.ContactRule.set_by",
    "consultations.SupportCase.withdrawn_by",
    "consultations.Consultation.withdrawn_by",
    "consultations.Consultation.logged_by",
    "consultations.Consultation.advisors",
    "consultations.Appointment.booked_by",
    "consultations.Answer.asked_by",
    "consultations.Assignment.user",
    "consultations.Registration.registered_by",
    "consultations.CheckIn.noted_by",
    "consultations.DeclinedRequest.recorded_by",
    "consultations.Dossier.written_by",
    "consultations.Employment.user",
    "consultations.GroupSession.planned_by",
    "consultations.Promise.kept_by",
    "consultations.Promise.taken_over_from",
    "consultations.Promise.noted_by",
    "consultations.PeriodLock.lifted_by",
    "consultations.PeriodLock.locked_by",
    "reports.GrantChange.changed_by",
    "consultations.Postponement.by",
    "consultations.WaitingEntry.added_by",
    "consultations.Handover.giver",
    "consultations.Handover.to",
    "consultations.Handover.handed_by",
    "consultations.ImportBatch.uploaded_by",
    "consultations.TimeEntry.user",
    "consultations.MonthSheet.user",
    "consultations.MonthSheet.confirmed_by",
    "consultations.MonthSheetVersion.reopened_by",
    "consultations.Visit.advisor",
    "consultations.Visit.lifted_by",
    "consultations.Visit.logged_by",
    "consultations.Citation.cited_by",
    "consultations.Idea.noted_by",
    "consultations.Need.noted_by",
    "districts.Survey.planned_by",
    "reports.ContinuityRule.set_by",
    "reports.Story.approved_by",
    "reports.Story.written_by",
    "reports.StoryConsent.recorded_by",
    "reports.StoryConsent.revoked_by",
    "pages.Barrier.answered_by",
    "pages.PageVersion.written_by",
    "pages.SmallCellRule.set_by",
    "privacy.ErasureRequest.asked_by",
    "privacy.ErasureRequest.decided_by",
    "reports.Acceptance.accepted_by",
    "reports.Declaration.recorded_by",
    "reports.EnterpriseAward.withdrawn_by",
    "reports.FunderPaper.handed_over_by",
    "reports.InventoryItem.withdrawn_by",
    "reports.NoticeFile.brought_by",
    "reports.PaymentRequest.requested_by",
    "reports.Query.asked_by",
    "reports.Reply.replied_by",
    "reports.Review.asked_by",
    "reports.StaffRate.person",
    "reports.Submission.submitted_by",
    "reports.Voucher.recorded_by",
    "reports.Voucher.withdrawn_by",
    "reports.VoucherImport.uploaded_by",
    "reports.DeMinimisAward.awarded_by",
    "reports.Download.user",
    "reports.ReportVersion.requested_by",
    "reports.ReportVersion.released_by",
}
# What is of use to this person alone, and means nothing once they cannot sign in.
OWN_TOOLS = {
    "account.EmailAddress.user",
    "mfa.Authenticator.user",
    "drafts.Draft.user",
    "consultations.Absence.advisor",
    "consultations.BusyCalendar.advisor",
    "consultations.CalendarFeed.advisor",
    "consultations.Timer.user",
}
# What people of other roles may see; no work of the staff.
SCOPES = {
    "enterprises.Person.user",
    "consultations.Project.evaluators",
    "reports.Programme.officers",
}
KINDS = (MOVES, DECIDED_BY_HAND, HISTORY, OWN_TOOLS, SCOPES)

COLUMNS = """
    SELECT k.conrelid::regclass::text, a.attname
      FROM pg_constraint k
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f' AND k.confrelid = 'accounts_user'::regclass
"""


def named():
    """{(table, column) that names an account: "app.Model.field"}, as Django knows them."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.get_fields(include_hidden=True):
            if field.is_relation and field.concrete and field.related_model is User:
                if field.many_to_many:
                    place = field.m2m_db_table(), field.m2m_reverse_name()
                else:
                    place = model._meta.db_table, field.column
                found[place] = f"{model._meta.label}.{field.name}"
    return found


def asked(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def rows_of(user, kind):
    """Plain SQL: how many rows name this person, for each column of a kind."""
    names = named()
    counted = {}
    for table, column in asked(COLUMNS):
        name = names[table, column]
        if name in kind:
            [[number]] = asked(
                f'SELECT count(*) FROM "{table}" WHERE "{column}" = %s',
                user.pk,
            )
            counted[name] = number
    return counted


# --- every column ---


def test_every_column_that_names_an_account_is_of_one_kind():
    names = named()
    assert {place for place in map(tuple, asked(COLUMNS))} <= set(names)
    everything = set(names.values())
    assert everything == set().union(*KINDS), "does it move, or what becomes of it?"
    assert sum(map(len, KINDS)) == len(everything)


# --- shown by 4 ---


def test_an_advisor_with_forty_cases_is_deactivated_and_nothing_is_left(sign_in):
    giver, to, third = make_user(), make_user(), make_user()
    manager = make_user(Role.MANAGER)
    project = make_project(team=[giver], starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))
    mine = {"advisor": giver, "project": project}
    cases = [make_case(**mine) for _number in range(40)]
    for case in cases[:25]:
        make_promise(advisor=giver, organisation=case.organisation, case=case)
    for _number in range(5):
        make_promise(advisor=giver)
    for number in range(12):
        about = {"organisation": cases[number].organisation} if number < 6 else {}
        make_appointment(starts_at=NINE + timedelta(days=number), **mine, **about)
    make_office_hours(**mine)
    make_team_hours(members=[giver, make_user()], project=project)
    make_waiting_entry(advisor=giver)
    forum = make_forum(advisor=giver)
    make_decision(meeting=make_meeting(forum=forum), advisor=giver)
    make_agreement(advisor=giver)
    Dossier.objects.begin(cases[0], by=giver).write(by=giver, state="gut", first_step="anrufen")
    make_consultation([giver], project=project)
    assert {name: number for name, number in rows_of(giver, MOVES).items() if number} == {
        "consultations.SupportCase.advisor": 40,
        "consultations.Appointment.advisor": 12,
        "consultations.Promise.advisor": 30,
        "consultations.OfficeHours.advisor": 1,
        "consultations.OfficeHours.members": 1,
        "consultations.WaitingEntry.advisor": 1,
        "consultations.Project.team": 1,
        "enterprises.Forum.advisor": 1,
        "enterprises.Decision.advisor": 1,
        "enterprises.Agreement.advisor": 1,
    }

    client = sign_in(manager)
    client.post(
        reverse("consultations:handover_of_person", args=[giver.pk]),
        {
            "form_key": "0b1f7a9c-5b0e-4a36-9d0e-0d9f3c1b2a33",
            "to": to.pk,
            f"case_{cases[0].pk}": third.pk,
        },
    )
    answer = client.post(
        reverse("accounts:edit", args=[giver.pk]), {"name": giver.name, "role": "advisor"}
    )

    assert answer.status_code == 302
    giver.refresh_from_db()
    assert not giver.is_active
    assert set(rows_of(giver, MOVES | DECIDED_BY_HAND)) == MOVES | DECIDED_BY_HAND
    assert set(rows_of(giver, MOVES | DECIDED_BY_HAND).values()) == {0}
    # What they did stays: the consultation is still theirs.
    assert rows_of(giver, HISTORY)["consultations.Consultation.advisors"] == 1
    assert rows_of(to, MOVES)["consultations.SupportCase.advisor"] == 39
    assert rows_of(third, MOVES) == dict.fromkeys(MOVES, 0) | {
        "consultations.SupportCase.advisor": 1,
        "consultations.Promise.advisor": 1,
        "consultations.Appointment.advisor": 1,
        "consultations.Project.team": 1,
        "consultations.Dossier.to": 1,
    }


# --- the account ---


def give(user, kind):
    project = make_project(team=[], starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))
    match kind:
        case "cases":
            make_case(advisor=user, project=project)
        case "promises":
            make_promise(advisor=user)
        case "appointments":
            make_appointment(advisor=user, project=project)
        case "waiting":
            make_waiting_entry(advisor=user)
        case "office_hours":
            make_office_hours(advisor=user, project=project)
        case "teams_on_duty":
            make_team_hours(members=[user], project=project)
        case "projects":
            project.team.add(user)
        case "forums":
            make_forum(advisor=user)
        case "decisions":
            make_decision(advisor=user)
        case "agreements":
            make_agreement(advisor=user)
        case "sessions":
            make_group_session(leaders=[user], project=project)
        case "standing_in":
            make_absence(substitute=user)
        case "unlogged":
            make_appointment(advisor=user, project=project, starts_at=NINE.replace(year=2024))


@pytest.mark.parametrize("kind", [*MOVED, *BY_HAND])
def test_nobody_is_let_go_with_work_in_hand(kind):
    manager, leaving = make_user(Role.MANAGER), make_user()
    give(leaving, kind)

    for role, is_active in ((Role.ADVISOR, False), (Role.FUNDER, True)):
        with pytest.raises(ValidationError) as refusal:
            leaving.change(by=manager, name=leaving.name, role=role, is_active=is_active)
        assert [f"({number})" in str(refusal.value) for _kind, number in [(kind, 1)]] == [True]
    assert User.objects.get(pk=leaving.pk).is_active
    # A name may be corrected, and an advisor may come to manage.
    leaving.change(by=manager, name="Anders Muster", role=Role.MANAGER, is_active=True)


def test_an_undecided_review_holds_somebody_too():
    manager, leaving = make_user(Role.MANAGER), make_user()
    version = make_version()
    Review.objects.create(version=version, reviewer=leaving, asked_by=manager)

    with pytest.raises(ValidationError, match=r"\(1\)"):
        leaving.change(by=manager, name=leaving.name, role=Role.ADVISOR, is_active=False)


def test_what_is_of_use_to_this_person_alone_holds_nobody():
    leaving = make_user()
    make_absence(advisor=leaving)
    make_busy_calendar(advisor=leaving)
    make_consultation([leaving], project=make_project())

    leaving.change(by=make_user(Role.MANAGER), name="Muster", role=Role.ADVISOR, is_active=False)

    assert Belongings(leaving).counted() == []


def test_the_page_says_what_is_in_hand_and_where_it_is_handed_over(sign_in):
    leaving = make_user(name="Geht Muster")
    make_case(advisor=leaving)
    client = sign_in(make_user(Role.MANAGER))
    address = reverse("accounts:edit", args=[leaving.pk])
    way = reverse("consultations:handover_of_person", args=[leaving.pk])
    assert way in client.get(address).content.decode()

    page = client.post(address, {"name": leaving.name, "role": "advisor"})

    assert page.status_code == 200
    shown = page.content.decode()
    assert "Laufende Begleitungen (1)" in shown
    assert way in shown
    assert User.objects.get(pk=leaving.pk).is_active

"""Two complete worlds that know nothing of each other: one object of each noun, with its people.

Every text that is not for everyone is a canary: a word that stands nowhere else.
"""

import io
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.drafts.models import Draft
from best_portal.outbox.models import LetterStatus
from consultations.models import (
    CheckIn,
    DeclinedRequest,
    ImportBatch,
    MonthSheet,
    OfficeHours,
    PeriodLock,
    Proceedings,
    ProductiveHours,
    ReachedBy,
    TextBlock,
    Timer,
)
from districts.models import Survey
from enterprises.models import (
    Criterion,
    CriterionAssessment,
    IncomeMix,
    Involvement,
    InvolvementRole,
    Job,
    JobKind,
    Membership,
    Merge,
    OperationImport,
    OrganisationKind,
    UnpaidWorkRate,
)
from reports.data_check import check
from reports.models import AccountingRule, VoucherImport
from tests.factories import (
    COMPLETE,
    bound,
    checked_file,
    frozen,
    make_absence,
    make_accounting_rule,
    make_agreement,
    make_appointment,
    make_assignment,
    make_award,
    make_barrier,
    make_block,
    make_busy_calendar,
    make_calendar_feed,
    make_case,
    make_changed_day,
    make_confirmation,
    make_confirmation_rule,
    make_consultation,
    make_contact_rule,
    make_context_note,
    make_contribution,
    make_coordinating_task,
    make_cost_method,
    make_decision,
    make_declaration,
    make_deliverable,
    make_district,
    make_document,
    make_dossier,
    make_draft,
    make_duty,
    make_employment,
    make_enterprise,
    make_enterprise_award,
    make_entry,
    make_erasure_request,
    make_finding,
    make_forum,
    make_forum_member,
    make_founder,
    make_funder_paper,
    make_grant,
    make_group_session,
    make_handover,
    make_health_note,
    make_idea,
    make_indicator,
    make_innovation,
    make_item,
    make_letter,
    make_meeting,
    make_need,
    make_notice_file,
    make_office_hours,
    make_organisation,
    make_outline,
    make_page_version,
    make_participation,
    make_payment,
    make_person,
    make_plan_line,
    make_programme,
    make_programme_rule,
    make_project,
    make_promise,
    make_query,
    make_registration,
    make_released,
    make_report,
    make_resource,
    make_response,
    make_review,
    make_size,
    make_staff_rate,
    make_step,
    make_story,
    make_story_consent,
    make_submitted,
    make_survey,
    make_target,
    make_task,
    make_thing,
    make_time_entry,
    make_topic,
    make_undertaking,
    make_user,
    make_version,
    make_visit,
    make_voucher,
    make_waiting_entry,
    make_waiting_offer,
    produced,
    write_answers,
)

BERLIN = ZoneInfo("Europe/Berlin")
PAST = date(2024, 6, 3)
DOSSIER = (
    "state",
    "trust_issues",
    "contacts",
    "keys_held",
    "first_step",
    "second_step",
    "third_step",
)


def free_time_of(office_hours):
    [first] = OfficeHours.objects.filter(pk=office_hours.pk).next_free_times(1)
    return first.starts_at


class World:
    """One team with its project, client, grant and report; `people` by role, `objects` by noun."""

    def __init__(self, name, manager):
        self.name = name
        self.canaries = {}
        self.people = {
            role: make_user(
                role,
                name=self.canary(f"{role}_name"),
                phone=self.canary(f"{role}_phone"),
                email=self.address(f"{role}_email"),
            )
            for role in (Role.ADVISOR, Role.FUNDER, Role.EVALUATOR)
        }
        self.people[Role.MANAGER] = manager
        self.objects = {"account": self.people[Role.ADVISOR]}
        self.make_organisation()
        self.make_entries()
        self.make_documents()
        self.make_project()
        self.make_work()
        self.make_forums()
        self.make_partnerships()
        self.make_participations()
        self.make_appointments()
        self.make_group_sessions()
        self.make_waiting_list()
        self.make_declined_request()
        self.make_visits()
        self.make_promises()
        self.make_hours()
        self.make_import()
        self.make_operations()
        self.make_drafts()
        self.make_pages()
        self.make_grant()
        self.make_aid()
        self.make_money()
        self.make_reports()
        self.make_life()
        self.make_chain()
        self.make_event_parts()
        self.make_story()
        self.make_surveys()
        found = check(self.objects["report"]).found
        self.objects["size_unknown"] = next(
            each.code for each in found if each.code.startswith("size-")
        )

    def canary(self, what):
        """A word that stands only there: of `eigen` and `note` it is `Zkeigennoteq`."""
        # The end keeps one canary from being the beginning of another.
        word = f"Zk{self.name}{what}q".replace("_", "")
        self.canaries[what] = word
        return word

    def address(self, what):
        """An e-mail address; not one of the demo, whose people anybody may see."""
        return f"{self.canary(what)}@muster.example".lower()

    def make_organisation(self):
        organisation = make_organisation(
            name=self.canary("organisation"),
            kind=OrganisationKind.NETWORK,
            purpose=self.canary("organisation_purpose"),
            address=self.canary("organisation_address"),
            email=self.address("organisation_email"),
            phone=self.canary("organisation_phone"),
        )
        founder = make_founder(
            organisation,
            name=self.canary("founder_name"),
            phone=self.canary("founder_phone"),
            email=self.address("founder_email"),
        )
        self.people[Role.FOUNDER] = founder
        colleague = make_person(
            name=self.canary("colleague_name"),
            phone=self.canary("colleague_phone"),
            email=self.address("colleague_email"),
        )
        member = make_organisation(name=self.canary("member_organisation"))
        lookalike = make_organisation(name=f"{organisation.name} Nord")
        gone = make_organisation(name=self.canary("merged_organisation"))
        self.objects |= {
            "organisation": organisation,
            "person": founder.person,
            "involvement": Involvement.objects.create(
                person=colleague, organisation=organisation, role=InvolvementRole.CONTACT
            ),
            "membership": Membership.objects.create(group=organisation, member=member),
            "lookalike": lookalike,
            "merge": Merge.objects.merge(gone, lookalike, by=self.people[Role.ADVISOR]),
            "assessment": CriterionAssessment.objects.create(
                organisation=organisation,
                criterion=Criterion.COMMUNITY,
                is_met=True,
                assessed_on=PAST,
                evidence=self.canary("evidence"),
                assessed_by=self.people[Role.ADVISOR],
            ),
            "income": IncomeMix.objects.create(
                organisation=organisation, year=2024, note=self.canary("income_note")
            ),
            "size": make_size(organisation, as_of=PAST, source=self.canary("size_source")),
            "innovation": make_innovation(
                organisation,
                introduced_on=PAST,
                what=self.canary("innovation"),
                evidence=self.canary("innovation_evidence"),
                confirmed_by=self.canary("innovation_confirmed_by"),
            ),
            "job": Job.objects.create(
                organisation=organisation,
                title=self.canary("job_title"),
                kind=JobKind.NEW,
                fte=1,
                since=PAST,
                confirmed_on=PAST,
                confirmed_by=self.canary("job_confirmed_by"),
            ),
        }

        deleted = Job.objects.create(
            organisation=organisation,
            title=self.canary("deleted_job_title"),
            kind=JobKind.NEW,
            fte=1,
            since=PAST,
        )
        deleted.withdraw(by=self.people[Role.ADVISOR])
        self.objects["deleted_job"] = deleted
        self.make_confirmations()

    def make_confirmations(self):
        """The founder is asked about a job, and said the founding was different."""
        shared = {"organisation": self.objects["organisation"], "person": self.objects["person"]}
        self.objects |= {
            "confirmation": make_confirmation(job=self.objects["job"], **shared),
            "different": make_confirmation(
                about="founding",
                job=None,
                status="different",
                words=self.canary("confirmation_words"),
                answered_at=timezone.now(),
                answered_by=self.people[Role.FOUNDER].name,
                **shared,
            ),
            "confirmation_rule": make_confirmation_rule(note="Musterregel"),
        }
        self.make_wishes()

    def make_wishes(self):
        """The founder wants to be erased; an earlier wish was refused; somebody is erased."""
        person, manager = self.objects["person"], self.people[Role.MANAGER]
        erased = make_erasure_request(
            status="done", decided_by=manager, decided_at=timezone.now(), asked_by=manager
        )
        erased.kept.create(what="papers", reason="Prüfung", until=date(2099, 12, 31))
        self.objects["erased"] = erased
        make_erasure_request(person=person, reason=self.canary("wish_refused"), by=manager)
        self.objects["erasure"] = make_erasure_request(
            person=person, words=self.canary("erasure_words")
        )

    def make_entries(self):
        """One in the directory that shows how to reach it but not where it is, and one gone."""
        entry = make_entry(
            parts=["entry", "contact"],
            organisation=self.objects["organisation"],
            given_by=self.canary("entry_given_by"),
            name=self.canary("entry_name"),
            text=self.canary("entry_text"),
            text_en=self.canary("entry_english"),
            address=self.canary("entry_address"),
            phone=self.canary("entry_phone"),
            email=self.address("entry_email"),
            website=f"https://muster.example/{self.canary('entry_website')}",
            keeper_name=self.canary("entry_keeper"),
            keeper_email=self.address("entry_keeper_email"),
            proposed={"text": self.canary("entry_proposed")},
            submitted_at=timezone.now(),
        )
        refused = make_entry(
            name=self.canary("refused_entry"),
            text=self.canary("refused_entry_text"),
            status="refused",
            refused_because=self.canary("refused_because"),
        )
        gone = make_entry(name=self.canary("gone_entry"), text=self.canary("gone_entry_text"))
        gone.archive(by=self.people[Role.ADVISOR])
        self.objects |= {"entry": entry, "gone_entry": gone, "refused_entry": refused}

    def make_documents(self):
        """A paper a founder brought, one of the team only, and one in the bin."""
        soon = timezone.localdate() + timedelta(days=20)

        def bring(what, by, **fields):
            return make_document(
                self.objects["organisation"],
                self.people[by],
                title=self.canary(f"{what}_title"),
                note=self.canary(f"{what}_note"),
                file=checked_file(
                    f"{self.canary(f'{what}_file')}.txt", self.canary(f"{what}_words")
                ),
                retention_note=self.canary(f"{what}_retention"),
                valid_until=soon,
                **fields,
            )

        removed = bring("removed_document", Role.FOUNDER)
        removed.withdraw(by=self.people[Role.FOUNDER])
        self.objects |= {
            "document": bring("document", Role.FOUNDER),
            "internal_document": bring("internal_document", Role.ADVISOR),
            "removed_document": removed,
        }

    def make_project(self):
        district = make_district()
        project = make_project(
            name=self.canary("project"),
            purpose=self.canary("project_purpose"),
            team=[self.people[Role.ADVISOR]],
            districts=[district],
            evaluators=[self.people[Role.EVALUATOR]],
            starts_on=date(2024, 1, 1),
            ends_on=timezone.localdate() + timedelta(days=700),
            asks_participants=True,
            participants_note=self.canary("participants_note"),
        )
        office_hours = make_office_hours(
            advisor=self.people[Role.ADVISOR], project=project, district=district
        )
        make_busy_calendar(
            advisor=self.people[Role.ADVISOR],
            address=f"https://kalender.example/{self.canary('calendar_secret')}.ics",
        )
        make_calendar_feed(self.name, advisor=self.people[Role.ADVISOR], has_names=True)
        merged = make_district()
        merged.merge_into(district, on=PAST, by=self.people[Role.MANAGER])
        make_context_note(
            district=district,
            text=self.canary("public_context"),
            source=self.canary("public_context_source"),
            is_public=True,
        )
        self.objects |= {
            "district": district,
            "merged_district": merged,
            "context_note": make_context_note(
                district=district,
                text=self.canary("context"),
                source=self.canary("context_source"),
                author=self.people[Role.ADVISOR],
            ),
            "project": project,
            "task": make_task(project=project),
            "topic": make_topic(),
            "office_hours": office_hours,
            "agreed_hours": make_office_hours(
                advisor=self.people[Role.ADVISOR],
                project=project,
                is_by_agreement=True,
                place="Treffpunkt",
            ),
            "changed_day": make_changed_day(
                office_hours=office_hours,
                day=office_hours.due_days(9)[8],
                reason=self.canary("changed_day_reason"),
            ),
            "absence": make_absence(
                advisor=self.people[Role.ADVISOR],
                starts_at=timezone.now() + timedelta(days=90),
                ends_at=timezone.now() + timedelta(days=91),
                reason=self.canary("absence_reason"),
            ),
            "free_time": free_time_of(office_hours),
        }

    def make_forums(self):
        """A public forum the founder takes part in, and an internal working group."""
        advisor, founder = self.people[Role.ADVISOR], self.objects["person"]
        forum = make_forum(
            [self.objects["district"]],
            name=self.canary("forum"),
            purpose=self.canary("forum_purpose"),
            is_public=True,
            advisor=advisor,
        )
        group = make_forum(
            [self.objects["district"]],
            name=self.canary("working_group"),
            kind="working_group",
            theme=self.canary("working_group_theme"),
            organisation=self.objects["organisation"],
            advisor=advisor,
        )
        member = make_forum_member(forum=forum, person=founder)
        other = make_person(name=self.canary("forum_member"))
        make_forum_member(forum=forum, person=other, organisation=self.objects["membership"].member)
        meeting = make_meeting(
            forum=forum,
            place=self.canary("meeting_place"),
            agenda=self.canary("meeting_agenda"),
            record=self.canary("meeting_record"),
        )
        meeting.note_attendance([member], guests=3, by=advisor)
        next_meeting = make_meeting(
            forum=forum,
            starts_at=timezone.now() + timedelta(days=20),
            place=self.canary("next_meeting_place"),
        )
        self.objects |= {
            "forum": forum,
            "working_group": group,
            "health": make_health_note(
                organisation=self.objects["organisation"],
                health="conflicts",
                note=self.canary("health"),
                author=advisor,
            ),
            "forum_member": member,
            "meeting": meeting,
            "next_meeting": next_meeting,
            "inner_meeting": make_meeting(forum=group, place=self.canary("inner_place")),
            "decision": make_decision(
                meeting=meeting,
                what=self.canary("decision"),
                advisor=advisor,
                due_on=timezone.localdate(),
            ),
            "dropped_decision": make_decision(
                meeting=meeting,
                what=self.canary("dropped_decision"),
                owner=member,
                dropped_at=timezone.now(),
                dropped_because=self.canary("decision_dropped_because"),
            ),
        }

    def make_partnerships(self):
        """A need and an offer that fits to it, an agreement with all its parts, a contribution."""
        advisor, partner = self.people[Role.ADVISOR], self.objects["organisation"]
        area, today = [self.objects["district"]], timezone.localdate()
        need = make_resource(
            area,
            side="need",
            title=self.canary("resource_need"),
            organisation=self.objects["membership"].member,
        )
        offer = make_resource(
            area,
            title=self.canary("resource_offer"),
            text=self.canary("offer_text"),
            organisation=partner,
            amount=30,
            unit=self.canary("offer_unit"),
        )
        settled = make_resource(title=self.canary("settled_offer"))
        settled.settle(by=advisor, because=self.canary("settled_because"))
        agreement = make_agreement(
            area,
            name=self.canary("agreement"),
            purpose=self.canary("agreement_purpose"),
            alliance=partner,
            advisor=advisor,
            review_on=today + timedelta(days=10),
        )
        party = agreement.parties.create(organisation=partner)
        block = make_block(
            [partner],
            name=self.canary("block"),
            service=self.canary("block_service"),
            takes=self.canary("block_takes"),
            tried_where=self.canary("block_tried"),
        )
        agreement.review(by=advisor, held_on=today, result=self.canary("review_result"))
        self.objects |= {
            "block": block,
            "resource_need": need,
            "resource_offer": offer,
            "settled_offer": settled,
            "agreement": agreement,
            "party": party,
            "pledge": agreement.pledges.create(
                party=party, kind="rooms", what=self.canary("pledge")
            ),
            "agreement_stage": agreement.stages.create(
                title=self.canary("agreement_stage"), starts_on=today, ends_on=today
            ),
            "milestone": agreement.milestones.create(title=self.canary("milestone"), due_on=today),
            "contribution": make_contribution(
                organisation=partner,
                district=self.objects["district"],
                agreement=agreement,
                offer=offer,
                what=self.canary("contribution"),
                value=50,
            ),
        }

    def make_work(self):
        advisor, project = self.people[Role.ADVISOR], self.objects["project"]
        case = make_case(
            project=project,
            organisation=self.objects["organisation"],
            advisor=advisor,
            goal=self.canary("case_goal"),
        )
        shared = {
            "advisors": [advisor],
            "project": project,
            "organisation": self.objects["organisation"],
            "district": self.objects["district"],
            "held_on": PAST,
            "case": case,
        }
        consultation = make_consultation(
            internal_note=self.canary("note"),
            result=self.canary("result"),
            next_step=self.canary("next_step"),
            next_step_on=timezone.localdate(),
            place=self.canary("place"),
            **shared,
        )
        consultation.people.add(self.objects["person"], self.objects["involvement"].person)
        withdrawn = make_consultation(
            internal_note=self.canary("withdrawn_note"),
            result=self.canary("withdrawn_result"),
            **shared,
        )
        withdrawn.withdraw(by=advisor)
        self.objects |= {
            "case": case,
            "consultation": consultation,
            "withdrawn": withdrawn,
            "text_block": TextBlock.objects.create(
                project=project,
                title=self.canary("block_title"),
                text=self.canary("block_text"),
            ),
            "timer": Timer.objects.start(by=advisor),
        }

    def make_participations(self):
        """The founder, who has left and said something that is specially protected."""
        participation = make_participation(
            self.objects["project"], person=self.objects["person"], left_on=PAST
        )
        write_answers(
            participation,
            by=self.people[Role.ADVISOR],
            consents=["disability"],
            disability="yes",
            housing=None,
            **COMPLETE,
        )
        self.objects |= {
            "participation": participation,
            "consent": participation.answers.get(question__code="disability"),
        }

    def make_appointments(self):
        soon = self.objects["free_time"] + timedelta(days=1)
        before = datetime.combine(PAST, time(9), BERLIN)
        shared = {
            "advisor": self.people[Role.ADVISOR],
            "person": self.objects["person"],
            "project": self.objects["project"],
            "organisation": self.objects["organisation"],
        }
        appointment = make_appointment(
            starts_at=soon, concern=self.canary("concern"), place="Büro", **shared
        )
        letter = make_letter(
            key=f"{appointment.letters_key}:booked",
            recipient=self.address("letter_recipient"),
            subject=self.canary("letter_subject"),
            text=self.canary("letter_text"),
            status=LetterStatus.FAILED,
            error="Postfach voll",
        )
        self.objects |= {
            "appointment": appointment,
            "past_appointment": make_appointment(starts_at=before, **shared),
            "letter": letter,
        }

    def make_group_sessions(self):
        """One announced for next week, one of yesterday, one that was held, and a draft."""
        now = timezone.now()
        shared = {"leaders": [self.people[Role.ADVISOR]], "project": self.objects["project"]}
        ahead = datetime.combine(timezone.localdate() + timedelta(days=7), time(10), BERLIN)
        session = make_group_session(
            times=[(ahead, ahead + timedelta(hours=2))],
            title=self.canary("group_title"),
            description=self.canary("group_description"),
            place=self.canary("group_place"),
            link=f"https://raum.muster.example/{self.canary('group_link')}",
            **shared,
        )
        before = now - timedelta(days=1)
        running = make_group_session(
            times=[(before, before + timedelta(hours=2))],
            title=self.canary("group_running_title"),
            **shared,
        )
        make_registration(session=running, person=self.objects["involvement"].person)
        held = make_group_session(
            times=[(before, before + timedelta(hours=2))],
            title=self.canary("group_held_title"),
            **shared,
        )
        attended = make_registration(session=held, person=self.objects["person"])
        CheckIn.objects.note(
            by=self.people[Role.ADVISOR],
            date=held.dates.get(),
            registration=attended,
            is_present=True,
        )
        held.dates.get().log(by=self.people[Role.ADVISOR], result="")
        self.objects |= {
            "attended": attended,
            "group_session": session,
            "group_draft": make_group_session(
                title=self.canary("group_draft_title"), status="draft", **shared
            ),
            "group_date": running.dates.get(),
            "registration": make_registration(
                session=session,
                person=self.objects["person"],
                organisation=self.objects["organisation"],
            ),
        }

    def make_declined_request(self):
        DeclinedRequest.objects.note(
            by=self.people[Role.ADVISOR],
            place=self.canary("declined_place"),
            referred_to=self.canary("declined_referred_to"),
            channel="phone",
        )

    def make_visits(self):
        """To somebody without a file who wants no contact, and one withdrawn."""
        shared = {"advisor": self.people[Role.ADVISOR], "project": self.objects["project"]}
        visit = make_visit(
            name=self.canary("visit_name"),
            address=self.canary("visit_address"),
            situation=self.canary("visit_situation"),
            need=self.canary("visit_need"),
            condition=self.canary("visit_condition"),
            trader_name=self.canary("visit_trader"),
            trader_phone=self.canary("visit_phone"),
            has_consented=True,
            do_not_contact=True,
            note=self.canary("visit_note"),
            district=self.objects["district"],
            **shared,
        )
        withdrawn = make_visit(name=self.canary("withdrawn_visit"), **shared)
        withdrawn.withdraw(by=self.people[Role.ADVISOR])
        contact = make_visit(organisation=self.objects["lookalike"], wants_to_join="yes", **shared)
        self.objects |= {"visit": visit, "withdrawn_visit": withdrawn, "first_contact": contact}

    def make_hours(self):
        """A contract, a closed month that was more than it says, and an entry of an open one."""
        advisor, project = self.people[Role.ADVISOR], self.objects["project"]
        shared = {"user": advisor, "project": project}
        employment = make_employment(
            user=advisor, function=self.canary("function"), weekly_hours=Decimal("0.01")
        )
        entry = make_time_entry(day=date(2024, 7, 1), activity=self.canary("activity"), **shared)
        make_time_entry(day=date(2024, 5, 6), activity=self.canary("closed_activity"), **shared)
        [sheet] = MonthSheet.objects.close(
            by=advisor, month=date(2024, 5, 1), explanation=self.canary("explanation")
        )
        assignment = make_assignment(percent=Decimal("25.00"), **shared)
        self.objects |= {"employment": employment, "time_entry": entry, "month_sheet": sheet}
        self.objects["assignment"] = assignment
        # Rules of the whole agency, of which one holds at a time: a year of its own each.
        year = 1990 + ProductiveHours.objects.count()
        rule = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
        self.objects["productive_hours"] = ProductiveHours.objects.create(
            hours=1700, full_week=40, source=self.canary("hours_source"), **rule
        )
        self.objects["unpaid_rate"] = UnpaidWorkRate.objects.create(
            euros_per_hour=12, source=self.canary("unpaid_source"), **rule
        )

    def make_promises(self):
        """In both directions: due, without a date, settled, handed over; and a case gone quiet."""
        advisor, today = self.people[Role.ADVISOR], timezone.localdate()
        shared = {"organisation": self.objects["organisation"], "advisor": advisor}
        promise = make_promise(
            what=self.canary("promise"),
            promiser="person",
            person=self.objects["person"],
            due_on=today,
            **shared,
        )
        promise.postpone(
            today + timedelta(days=1), reason=self.canary("postponed_because"), by=advisor
        )
        make_promise(
            what=self.canary("agency_promise"), consultation=self.objects["consultation"], **shared
        )
        make_promise(what=self.canary("colleague_promise"), person=self.colleague, **shared)
        dropped = make_promise(what=self.canary("dropped_promise"), **shared)
        dropped.drop(by=advisor, reason=self.canary("dropped_because"))
        predecessor = make_user(
            Role.MANAGER,
            name=self.canary("predecessor_name"),
            email=self.address("predecessor_email"),
        )
        handed = make_promise(
            what=self.canary("handed_promise"),
            organisation=self.objects["organisation"],
            advisor=predecessor,
        )
        handed.pass_on(to=advisor, by=advisor)
        make_contact_rule(note="Eigene Praxis")
        quiet = make_case(
            project=self.objects["project"],
            organisation=make_organisation(name=self.canary("quiet_organisation")),
            advisor=advisor,
        )
        handover = make_handover(giver=predecessor, to=advisor)
        dossier = make_dossier(quiet, handover=handover)
        dossier.write(by=predecessor, **{name: self.canary(name) for name in DOSSIER})
        self.objects |= {
            "promise": promise,
            "dropped_promise": dropped,
            "handover": handover,
            "dossier": dossier,
        }

    @property
    def colleague(self):
        return self.objects["involvement"].person

    def make_waiting_list(self):
        """A founder who waits by mail, and a caller who is offered a time."""
        entry = make_waiting_entry(
            person=self.objects["person"],
            project=self.objects["project"],
            district=self.objects["district"],
            organisation=self.objects["organisation"],
            concern=self.canary("waiting_concern"),
        )
        caller = make_person(name=self.canary("caller_name"), phone=self.canary("caller_phone"))
        soon = self.objects["free_time"] + timedelta(days=2)
        now = timezone.now()
        self.objects |= {
            "waiting_entry": entry,
            "offer": make_waiting_offer(
                entry=make_waiting_entry(person=caller, reached_by=ReachedBy.PHONE),
                office_hours=self.objects["office_hours"],
                starts_at=soon,
                offered_at=now,
                until=now + timedelta(hours=4),
            ),
        }

    def make_import(self):
        def bring(what):
            text = (
                "Nr.;Datum;Minuten;Art;Gebiet;Initiative;Notiz\n"
                f"1;03.06.2024;60;Beratung;{self.objects['district']};"
                f"{self.canary(what)};{self.canary(f'{what}_note')}\n"
                f"2;99.99.2024;60;Beratung;;{self.canary(f'{what}_rejected')};\n"
            )
            return ImportBatch.objects.propose(
                by=self.people[Role.ADVISOR],
                project=self.objects["project"],
                file=io.BytesIO(text.encode()),
                name=f"{self.canary(f'{what}_file')}.csv",
            )

        self.objects["batch"] = bring("log")
        imported = bring("imported_log")
        imported.commit(by=self.people[Role.ADVISOR])
        self.objects["imported_batch"] = imported

    def make_drafts(self):
        self.objects["begun"] = Draft.objects.create(
            user=self.people[Role.ADVISOR],
            address=reverse("consultations:log"),
            title=self.canary("begun_title"),
            words=self.canary("begun_words"),
            fields={"internal_note": [self.canary("begun")]},
            window=uuid.uuid4(),
        )

    def make_chain(self):
        """From need to job, and who goes on when the money ends."""
        advisor = self.people[Role.ADVISOR]
        need = make_need(
            title=self.canary("need"),
            text=self.canary("need_text"),
            heard_where=self.canary("need_place"),
            noted_by=advisor,
        )
        idea = make_idea(
            need=need, title=self.canary("idea"), text=self.canary("idea_text"), noted_by=advisor
        )
        idea.blocks.set([self.objects["block"]])
        ended = make_idea(need=need, title=self.canary("ended_idea"), noted_by=advisor)
        ended.end(by=advisor, because="money", note=self.canary("ended_note"))
        over = make_need(title=self.canary("over_need"), noted_by=advisor)
        over.end(self.canary("over_because"), by=advisor)
        task = make_coordinating_task(
            project=self.objects["project"],
            title=self.canary("coordinating"),
            owner=advisor,
            successor_name=self.canary("successor"),
            note=self.canary("coordinating_note"),
        )
        self.objects |= {
            "need": need,
            "over_need": over,
            "idea": idea,
            "ended_idea": ended,
            "idea_owner": idea.share(by=advisor, name=self.canary("idea_owner")),
            "coordinating_task": task,
            "transfer_step": make_step(task=task, text=self.canary("transfer_step")),
        }

    def make_event_parts(self):
        session, advisor = self.objects["group_session"], self.people[Role.ADVISOR]
        finding = make_finding(session=session, text=self.canary("finding"))
        consultation = self.objects["consultation"]
        Proceedings.objects.create(session=session, text=self.canary("proceedings"), is_public=True)
        self.objects |= {
            "programme_item": make_item(
                session=session,
                title=self.canary("item"),
                speakers=self.canary("item_speakers"),
                room=self.canary("item_room"),
            ),
            "finding": finding,
            "citation": finding.cite(consultation, by=advisor),
        }

    def make_story(self):
        case, person = self.objects["case"], self.people[Role.FOUNDER].person
        told = {"case": case, "written_by": self.people[Role.ADVISOR]}
        # Whose story everyone reads has agreed to be named.
        other = make_organisation(name=self.canary("story_organisation"))
        story = make_story(
            case=make_case(
                project=case.project, organisation=other, advisor=self.people[Role.ADVISOR]
            ),
            written_by=self.people[Role.ADVISOR],
            title=self.canary("story"),
            summary=self.canary("story_summary"),
            text=self.canary("story_text"),
        )
        draft = make_story(
            **told,
            agreed=False,
            title=self.canary("story_draft"),
            summary=self.canary("story_draft_summary"),
            text=self.canary("story_draft_text"),
            person=person,
        )
        gone = make_story(**told, title=self.canary("story_gone"))
        consent = gone.consents.get()
        consent.revoke(by=self.people[Role.ADVISOR])
        self.objects |= {
            "story": story,
            "story_draft": draft,
            "story_gone": gone,
            "story_consent": make_story_consent(
                story=draft, given_by=self.canary("story_given_by")
            ),
        }

    def make_surveys(self):
        manager = self.people[Role.MANAGER]
        asked = [
            ("choice", self.canary("survey_question"), "ja\nnein"),
            ("text", self.canary("survey_words_question"), ""),
        ]
        survey = make_survey(
            title=self.canary("survey"),
            introduction=self.canary("survey_introduction"),
            questions=asked,
            planned_by=manager,
        )
        response = make_response(survey, p1=[1], p2=self.canary("survey_reply"))
        draft = make_survey(
            is_open=False,
            title=self.canary("survey_draft"),
            questions=[("choice", self.canary("survey_draft_question"), "ja\nnein")],
            planned_by=manager,
        )
        over = make_survey(title=self.canary("survey_over"), questions=asked, planned_by=manager)
        Survey.objects.filter(pk=over.pk).update(closes_on=over.opens_on)
        self.objects |= {
            "survey": survey,
            "survey_reply": response.replies.exclude(text="").get(),
            "survey_draft": draft,
            "survey_over": Survey.objects.get(pk=over.pk),
            "survey_question": draft.questions.get(),
        }

    def make_pages(self):
        self.objects["page_version"] = make_page_version(
            page="privacy",
            number=1 if self.name == "eigen" else 2,
            text=self.canary("page_text"),
            written_by=self.people[Role.MANAGER],
        )
        self.objects["barrier"] = make_barrier(
            text=self.canary("barrier"),
            place=self.canary("barrier_place"),
            name=self.canary("barrier_name"),
            email=self.address("barrier_email"),
        )

    def make_operations(self):
        """Lists as published: one looked at, one taken over with an operation in the own file."""

        def bring(what):
            text = (
                "Name des Begünstigten;Bezeichnung des Vorhabens;Datum des Beginns;Gesamtbetrag\n"
                f"{self.canary('organisation')} gGmbH;{self.canary(what)};03.06.2024;1.000,00 €\n"
                f"{self.canary('organisation')}s;{self.canary(f'{what}_doubtful')};03.06.2024;5\n"
                f"Muster;{self.canary(f'{what}_rejected')};99.99.2024;5\n"
            )
            return OperationImport.objects.propose(
                by=self.people[Role.ADVISOR],
                fund="esf",
                file=io.BytesIO(text.encode()),
                name=f"{self.canary(f'{what}_file')}.csv",
            )

        self.objects["operations_batch"] = bring("operation_list")
        imported = bring("imported_operation")
        imported.commit(by=self.people[Role.ADVISOR])
        operation = imported.operations.earliest("pk")
        self.objects |= {
            "imported_operations": imported,
            "operation": operation,
            "beneficiary": imported.operations.latest("pk").beneficiary,
        }

    def make_grant(self):
        programme = make_programme(
            officers=[self.people[Role.FUNDER]],
            name=self.canary("programme"),
        )
        make_programme_rule(
            programme=programme,
            name=self.canary("programme_rules"),
            version=self.canary("programme_rules_version"),
            source=self.canary("programme_rules_source"),
            note=self.canary("programme_rules_open"),
        )
        grant = make_grant(
            project=self.objects["project"],
            programme=programme,
            title=self.canary("grant_title"),
            purpose=self.canary("grant_purpose"),
            reference=self.canary("grant_reference"),
            notes=self.canary("grant_notes"),
        )
        make_target(grant=grant, indicator=make_indicator(code=f"BEST-{self.name.upper()}"))
        self.objects |= {"programme": programme, "grant": grant, "fund": programme.fund}
        self.objects["indicator"] = make_indicator(name=self.canary("indicator_unused"))
        self.objects["indicator_set"] = self.objects["indicator"].set
        make_duty(grant=grant, source=self.canary("duty_source"))
        sections = [{"key": "what", "heading": self.canary("section")}]
        self.objects["outline"] = make_outline(name=self.canary("outline"), sections=sections)

    def make_aid(self):
        """What an organisation and its sister declared and were granted, and what was revoked."""
        grant, organisation = self.objects["grant"], self.objects["organisation"]
        advisor, today = self.people[Role.ADVISOR], timezone.localdate()
        type(grant).objects.filter(pk=grant.pk).update(aid_basis="de_minimis")
        grant.refresh_from_db()
        grant.aid_rates.create(rate=60, since=grant.starts_on, source=self.canary("rate_source"))
        sister = make_organisation(name=self.canary("sister_organisation"))
        undertaking = make_undertaking(organisation, sister)
        declaration = make_declaration(
            organisation=organisation,
            signed_by=self.canary("declaration_signer"),
            linked=self.canary("declaration_linked"),
            mergers=self.canary("declaration_mergers"),
            other_aid=self.canary("declaration_other_aid"),
            recorded_by=advisor,
        )
        for what, declared in [
            ("aid", declaration),
            ("sister_aid", make_declaration(organisation=sister, recorded_by=advisor)),
        ]:
            declared.aids.create(
                granted_on=PAST,
                giver=self.canary(f"{what}_giver"),
                reference=self.canary(f"{what}_reference"),
                amount=100,
                value=100,
                regulation=self.canary(f"{what}_regulation"),
            )

        def grant_aid(organisation, what, **fields):
            shared = {"project": grant.project, "organisation": organisation, "held_on": PAST}
            return make_award(
                grant=grant,
                organisation=organisation,
                consultation=make_consultation(advisors=[advisor], **shared),
                granted_on=today,
                recipient=self.canary(what),
                awarded_by=advisor,
                **fields,
            )

        grant_aid(sister, "sister_recipient", registered_on=today)
        self.objects |= {
            "linked": undertaking.members.last(),
            "declaration": declaration,
            "award": grant_aid(organisation, "award_recipient"),
            "revoked_award": grant_aid(
                organisation,
                "revoked_recipient",
                revoked_at=timezone.now(),
                revoked_because=self.canary("revoked_because"),
            ),
        }

    def make_money(self):
        """Vouchers, one in the bin, a payment request handed over, a thing, rates, lists."""
        grant, manager = self.objects["grant"], self.people[Role.MANAGER]

        def costs(what, **fields):
            return make_plan_line(grant=grant, label=self.canary(what), **fields)

        def voucher(what, **fields):
            return make_voucher(
                line=line,
                number=self.canary(f"{what}_number"),
                payee=self.canary(f"{what}_payee"),
                reason=self.canary(f"{what}_reason"),
                by=manager,
                **fields,
            )

        def bring(what):
            words = ";".join(self.canary(f"{what}_{each}") for each in ("number", "payee", "why"))
            text = (
                "Position;Beleg-Nr.;Empfänger;Grund;Zahltag;Betrag\n"
                f"{line.position};{words};03.06.2024;1.000,00 €\n"
                f"{line.position};9;{self.canary(f'{what}_rejected')};-;99.99.2024;5\n"
            )
            return VoucherImport.objects.propose(
                by=manager,
                grant=grant,
                file=io.BytesIO(text.encode()),
                name=f"{self.canary(f'{what}_file')}.csv",
            )

        line = costs("plan_line")
        hours = costs(
            "hours_line", costing="hours", method=make_cost_method(base="hours", name=self.name)
        )
        lump = costs(
            "lump_line", costing="lump", method=make_cost_method(base="results", name=self.name * 2)
        )
        deleted = voucher("deleted_voucher")
        deleted.withdraw(by=manager)
        imported = bring("imported_vouchers")
        imported.commit(by=manager)
        payment = make_payment(grant=grant, note=self.canary("payment_note"), by=manager)
        letter = make_notice_file(
            notice=grant.notices.create(
                issued_on=grant.starts_on,
                reference=self.canary("letter_reference"),
                amount=grant.amount,
            ),
            file=checked_file(f"{self.canary('letter_file')}.txt"),
            by=manager,
        )
        self.objects |= {
            "voucher": voucher(
                "voucher",
                amount=Decimal("80.00"),
                eligible=Decimal("50.00"),
                cut_because=self.canary("cut_because"),
                file=checked_file(f"{self.canary('voucher_file')}.txt"),
            ),
            "deleted_voucher": deleted,
            "vouchers_batch": bring("vouchers"),
            "imported_vouchers": imported,
            "payment": payment,
            "letter_notice": letter.notice,
            "funder_paper": make_funder_paper(payment=payment, by=manager),
            "thing": make_thing(
                grant=grant,
                name=self.canary("thing"),
                mark=self.canary("thing_mark"),
                place=self.canary("thing_place"),
                gone_on=grant.ends_on,
                gone_because=self.canary("thing_gone"),
            ),
            "enterprise_award": make_enterprise_award(
                grant=grant,
                organisation=self.objects["organisation"],
                private_amount=Decimal("200.00"),
                proof=self.canary("award_proof"),
                confirmed_by=self.canary("award_confirmed_by"),
            ),
            "staff_rate": make_staff_rate(
                line=hours,
                person=self.people[Role.ADVISOR],
                source=self.canary("staff_rate_source"),
            ),
            "deliverable": make_deliverable(
                line=lump,
                title=self.canary("deliverable"),
                proven_on=grant.starts_on,
                proof=self.canary("deliverable_proof"),
            ),
            "cost_method": hours.method,
            "accounting_rule": AccountingRule.objects.first() or make_accounting_rule(),
        }

    def make_reports(self):
        """A report with a released version, one that is still a draft, one waiting for a worker."""
        grant = self.objects["grant"]

        def ending(days_before, **fields):
            ends_on = grant.ends_on - timedelta(days=days_before)
            return make_report(grant=grant, ends_on=ends_on, **fields)

        # An enterprise of unknown size in a figure by size: the data check finds it.
        make_target(grant=grant, indicator=make_indicator(rule="enterprises_by_size"))
        make_consultation(
            advisors=[self.people[Role.ADVISOR]],
            project=self.objects["project"],
            organisation=make_enterprise(name=self.canary("unknown_size")),
            held_on=PAST,
            minutes=1200,
        )
        report, draft_report, waiting_report = ending(0), ending(1), ending(2)
        draft_report.narrative = {"summary": self.canary("draft_words")}
        draft_report.save()
        self.objects |= {
            "report": report,
            "version": make_released(self.document("released"), report=report),
            "newer_draft": make_draft(
                self.document("newer_draft"),
                report=report,
                change_note=self.canary("newer_draft_change"),
            ),
            "draft_report": draft_report,
            "draft": make_draft(self.document("draft"), report=draft_report),
            "waiting_report": waiting_report,
            "waiting": make_version(report=waiting_report),
        }

    def make_life(self):
        """A draft that somebody reviews, and a submitted report with an open query."""
        grant, submitted = self.objects["grant"], {}
        for days_before, what in enumerate(("submitted", "reviewed"), start=3):
            ends_on = grant.ends_on - timedelta(days=days_before)
            submitted[what] = make_report(grant=grant, ends_on=ends_on)
        version = make_submitted(self.document("submitted"), report=submitted["submitted"])
        reviewed = make_draft(self.document("reviewed"), report=submitted["reviewed"])
        self.objects |= {
            "submitted_report": version.report,
            "submitted": version,
            "query": make_query(
                version=version,
                by=self.people[Role.FUNDER],
                text=self.canary("query_text"),
            ),
            "lock": self.make_lock("lock"),
            "lifted_lock": self.make_lock("lifted_lock"),
            "reviewed_report": reviewed.report,
            "reviewed": reviewed,
            "review": make_review(
                version=reviewed,
                by=self.people[Role.MANAGER],
                reviewer=self.people[Role.ADVISOR],
            ),
        }

    def make_lock(self, what):
        """A day long ago, so that it holds nothing of this world."""
        lock = PeriodLock.objects.lock(
            by=self.people[Role.FUNDER],
            project=self.objects["project"],
            starts_on=date(1990, 1, 1),
            ends_on=date(1990, 1, 1),
            because=self.canary(what),
        )
        if what == "lifted_lock":
            lock.lift(by=self.people[Role.MANAGER], reason=self.canary("lift_reason"))
        return lock

    def document(self, what):
        words = self.canary(f"{what}_words_of_report")
        chapter = {"key": "summary", "heading": "Zusammenfassung", "paragraphs": [words]}
        return produced(
            frozen=frozen(narrative=[chapter]),
            pdf=f"%PDF-1.7 {words}".encode(),
            csv=f"Schlüssel;Wert\r\n{words};1\r\n".encode("utf-8-sig"),
            json=f'{{"words": "{words}"}}'.encode(),
            volumes=(bound(pdf=f"%PDF-1.7 {words}".encode()),),
        )

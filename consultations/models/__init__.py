"""The nouns of what: projects, consultations, cases, office hours, appointments, imports."""

from consultations.models.absences import Absence, ChangedDay
from consultations.models.answers import Answer, AnswerState
from consultations.models.appointments import Appointment
from consultations.models.assignments import Assignment
from consultations.models.attendance import Attendance
from consultations.models.booking import AppointmentStatus, ToldBy
from consultations.models.busy import BusyCalendar, BusyPeriod
from consultations.models.calendars import CalendarFeed
from consultations.models.cases import SupportCase, SupportTarget
from consultations.models.checkins import CheckIn
from consultations.models.consultation import (
    Channel,
    Consultation,
    ConsultationKind,
)
from consultations.models.contact import ContactRule
from consultations.models.declined import DeclinedRequest, DeclineReason, RequestChannel
from consultations.models.dossiers import Dossier
from consultations.models.employment import Employment
from consultations.models.events import Citation, Finding, Proceedings, ProgrammeItem
from consultations.models.group_dates import GroupSessionDate
from consultations.models.group_states import GroupStatus, OpenTo, RegistrationStatus
from consultations.models.groups import GroupSession
from consultations.models.guests import GuestBooking
from consultations.models.handovers import Handover
from consultations.models.ideas import EndReason, Idea, IdeaOwner
from consultations.models.imports import ImportBatch
from consultations.models.month_sheets import MonthSheet, MonthSheetVersion, SheetStatus
from consultations.models.needs import ChainStage, Need, NeedSource
from consultations.models.office_hours import OfficeHours, Weekday
from consultations.models.participation import Participation
from consultations.models.period_lock import PeriodLock
from consultations.models.productive_hours import ProductiveHours, WorkingYear
from consultations.models.project import Project, ProjectTask, Topic
from consultations.models.promise_queries import Promiser
from consultations.models.promises import Postponement, Promise
from consultations.models.questions import Phase, Question
from consultations.models.registrations import Registration
from consultations.models.text_blocks import TextBlock, TextPart
from consultations.models.time_entries import TimeEntry, TimeKind
from consultations.models.timers import Timer
from consultations.models.visit_queries import Arrival, Mood, WantsToJoin
from consultations.models.visits import Visit
from consultations.models.waiting import WaitingEntry
from consultations.models.waiting_offers import WaitingOffer
from consultations.models.waiting_rules import DayPart, OfferStatus, ReachedBy, WaitingStatus
from consultations.models.working_month import WorkingMonth

__all__ = [
    "Absence",
    "Answer",
    "AnswerState",
    "Appointment",
    "AppointmentStatus",
    "Arrival",
    "Assignment",
    "Attendance",
    "BusyCalendar",
    "BusyPeriod",
    "CalendarFeed",
    "ChangedDay",
    "ChainStage",
    "Channel",
    "CheckIn",
    "Citation",
    "Consultation",
    "ConsultationKind",
    "ContactRule",
    "DayPart",
    "DeclineReason",
    "DeclinedRequest",
    "Dossier",
    "Employment",
    "EndReason",
    "Finding",
    "GroupSession",
    "GroupSessionDate",
    "GroupStatus",
    "GuestBooking",
    "Handover",
    "Idea",
    "IdeaOwner",
    "ImportBatch",
    "MonthSheet",
    "MonthSheetVersion",
    "Mood",
    "Need",
    "NeedSource",
    "OfferStatus",
    "OfficeHours",
    "OpenTo",
    "Participation",
    "PeriodLock",
    "Phase",
    "Postponement",
    "Proceedings",
    "ProductiveHours",
    "ProgrammeItem",
    "Project",
    "ProjectTask",
    "Promise",
    "Promiser",
    "Question",
    "ReachedBy",
    "Registration",
    "RegistrationStatus",
    "RequestChannel",
    "SheetStatus",
    "SupportCase",
    "SupportTarget",
    "TextBlock",
    "TextPart",
    "TimeEntry",
    "TimeKind",
    "Timer",
    "ToldBy",
    "Topic",
    "Visit",
    "WaitingEntry",
    "WaitingOffer",
    "WaitingStatus",
    "WantsToJoin",
    "Weekday",
    "WorkingMonth",
    "WorkingYear",
]

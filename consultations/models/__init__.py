"""The nouns of what: projects, consultations, cases, office hours, appointments, imports."""

from consultations.models.absences import Absence, ChangedDay
from consultations.models.appointments import Appointment
from consultations.models.booking import AppointmentStatus, ToldBy
from consultations.models.busy import BusyCalendar, BusyPeriod
from consultations.models.calendars import CalendarFeed
from consultations.models.cases import SupportCase
from consultations.models.consultation import (
    Attendance,
    Channel,
    Consultation,
    ConsultationKind,
)
from consultations.models.guests import DeclinedRequest, GuestBooking
from consultations.models.imports import BatchStatus, ImportBatch
from consultations.models.office_hours import OfficeHours, Weekday
from consultations.models.project import Project, ProjectTask, Topic

__all__ = [
    "Absence",
    "Appointment",
    "AppointmentStatus",
    "Attendance",
    "BatchStatus",
    "BusyCalendar",
    "BusyPeriod",
    "CalendarFeed",
    "ChangedDay",
    "Channel",
    "Consultation",
    "ConsultationKind",
    "GuestBooking",
    "ImportBatch",
    "DeclinedRequest",
    "OfficeHours",
    "Project",
    "ProjectTask",
    "SupportCase",
    "ToldBy",
    "Topic",
    "Weekday",
]

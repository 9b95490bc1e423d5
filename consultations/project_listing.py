"""Columns of files: projects with their cases, participants and text blocks, contracts, hours."""

from django.utils.translation import gettext_lazy as _

from consultations.hours import kind_of
from consultations.listing import clock, in_hours, joined

PROJECTS = [
    (_("Project"), "name"),
    (_("Key"), "key"),
    (_("From"), "starts_on"),
    (_("Until"), "ends_on"),
    (_("Areas"), lambda row: joined(row.districts.all())),
    (_("Consultations"), "consultation_count"),
    (_("Hours"), lambda row: in_hours(row.minutes_total)),
]
TEXT_BLOCKS = [
    (_("Title"), "title"),
    (_("For which text"), "get_part_display"),
    (_("Text"), "text"),
]
CASES = [
    (_("Organisation"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Project"), "project"),
    (_("Opened on"), "opened_on"),
    (_("Closed on"), "closed_on"),
    (_("Responsible"), "advisor.name"),
]
QUIET_CASES = [
    (_("Organisation"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Stage"), "organisation.get_stage_display"),
    (_("Days without contact"), "silent_for"),
    (_("Allowed"), "allowed_days"),
    (_("Last met"), "met_on"),
    (_("Opened on"), "opened_on"),
    (_("Responsible"), "advisor.name"),
]
CONTACT_RULES = [
    (_("Stage"), "get_stage_display"),
    (_("Days"), "days"),
    (_("Valid from"), "starts_on"),
    (_("Valid until"), "ends_on"),
    (_("Note"), "note"),
    (_("Set by"), "set_by.name"),
]
# No answer stands in it, only whether one is missing.
# Of somebody who came back under the same grant.
WITH_FIRST = _("with the first entry")
PARTICIPANTS = [
    (_("Name"), "participation.person.name"),
    (_("Postcode"), "participation.person.postcode"),
    (_("Entry"), "participation.entered_on"),
    (_("Exit"), "participation.left_on"),
    (_("Counts in reports"), lambda line: line.is_reported if line.place.is_first else WITH_FIRST),
    (_("Missing"), lambda line: joined(line.missing)),
    (_("To do"), lambda line: joined(line.words)),
    (_("Results of leaving count until"), "exit_until"),
    (_("Six months after"), "later_on"),
]
CONTRACTS = [
    (_("Person"), "user.name"),
    (_("Function"), "function"),
    (_("Hours a week"), "weekly_hours"),
    (_("From"), "starts_on"),
    (_("Until"), "ends_on"),
]
ASSIGNMENTS = [
    (_("Person"), "user.name"),
    (_("Project"), "project"),
    (_("Share in percent"), "percent"),
    (_("From"), "starts_on"),
    (_("Until"), "ends_on"),
]
PRODUCTIVE_HOURS = [
    (_("Valid from"), "starts_on"),
    (_("Valid until"), "ends_on"),
    (_("Hours a year"), "hours"),
    (_("Full-time hours a week"), "full_week"),
    (_("Source"), "source"),
]
HOURS = [
    (_("Date"), "day"),
    (_("Start"), lambda line: clock(line.starts_at)),
    (_("End"), lambda line: clock(line.ends_at)),
    (_("Minutes"), "minutes"),
    (_("Hours"), lambda line: in_hours(line.minutes)),
    (_("Kind"), kind_of),
    (_("Project"), "project.name"),
    (_("Activity"), "activity"),
]
# The rows are (somebody's month, one of its sheets or none).
TEAM_HOURS = [
    (_("Person"), lambda row: row[0].user.name),
    (_("Month"), lambda row: row[0].month),
    (_("Hours"), lambda row: in_hours(row[0].minutes)),
    (_("Contract hours"), lambda row: in_hours(row[0].contract)),
    (_("Time sheet"), lambda row: row[1].project.name if row[1] else ""),
    (_("State"), lambda row: row[1].get_status_display() if row[1] else _("missing")),
]

"""Columns of files: grants, programmes, indicators, reports, accounts of aid, the register."""

from django.utils.translation import gettext_lazy as _

GRANTS = [
    (_("Project"), "project"),
    (_("Programme"), "programme"),
    (_("Fund"), "programme.fund"),
    (_("Granting authority"), "authority"),
    (_("Reference number"), "reference"),
    (_("Title in the notice"), "title"),
    (_("Recipient"), "recipient"),
    (_("Period from"), "starts_on"),
    (_("Period until"), "ends_on"),
    (_("Approved early start"), "early_start_on"),
    (_("Amount granted (EUR)"), "amount"),
    (_("Kind of financing"), "get_financing_display"),
    (_("Rate (%)"), "rate"),
]


def told_rule(rule):
    """What it is, its version and days; of one that is not confirmed what is open, too."""
    if rule.is_confirmed:
        return str(rule)
    return _("%(rules)s (not confirmed: %(note)s)") % {"rules": rule, "note": rule.note}


PROGRAMMES = [
    (_("Programme"), "name"),
    (_("Fund"), "fund"),
    (_("Rules"), lambda row: "; ".join(map(told_rule, row.rules.all()))),
    (_("Officers"), lambda row: ", ".join(str(each) for each in row.officers.all())),
]
INDICATORS = [
    (_("Code"), "code"),
    (_("Version"), "version"),
    (_("Indicator"), "name"),
    (_("Unit"), "unit"),
    (_("Set of indicators"), "set"),
    (_("Level"), "get_level_display"),
    (_("How it is counted"), "rule_text"),
    (_("Counting rule"), "way"),
    (_("Source"), "source"),
    (_("Valid from"), "starts_on"),
    (_("Valid until"), "ends_on"),
]
REPORTS = [
    (_("Report"), "report"),
    (_("Kind"), "report.get_kind_display"),
    (_("From"), "report.starts_on"),
    (_("Until"), "report.ends_on"),
    (_("Project"), "report.grant.project"),
    (_("Programme"), "report.grant.programme"),
    (_("Reference number"), "report.grant.reference"),
    (_("Version"), "number"),
    (_("Status"), "get_status_display"),
    (_("Released at"), "released_at"),
]

LOCKS = [
    (_("Project"), "project"),
    (_("From"), "starts_on"),
    (_("Until"), "ends_on"),
    (_("Because of"), "because"),
    (_("Locked at"), "locked_at"),
    (_("Locked by"), "locked_by.name"),
    (_("Opened at"), "lifted_at"),
    (_("Opened by"), "lifted_by.name"),
    (_("Reason"), "lift_reason"),
]


def others_of(account):
    others = [each for each in account.members if each != account.organisation]
    return ", ".join(str(each) for each in others)


def next_to_fall_out(part):
    return lambda account: account.falls_out[0][part] if account.falls_out else None


ACCOUNTS = [
    (_("Organisation"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Counts as one with"), others_of),
    (_("Used (EUR)"), "used"),
    (_("Left of the ceiling (EUR)"), "remaining"),
    (_("Near the ceiling"), "is_near"),
    (_("Next falls out on"), next_to_fall_out(0)),
    (_("Amount that falls out (EUR)"), next_to_fall_out(1)),
    (_("Declared on"), "declared_on"),
]
COUNTED = [
    (_("Granted on"), "on"),
    (_("Recipient of the aid"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Given by"), "giver"),
    (_("Reference number"), "reference"),
    (_("Value of the aid (EUR)"), "amount"),
    (_("Counts no more from"), "counts_no_more_from"),
    (_("Granted by us"), lambda entry: entry.award is not None),
]

ENTERPRISE_AWARDS = [
    (_("Enterprise"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Kind of award"), "get_kind_display"),
    (_("Granted on"), "granted_on"),
    (_("Amount (EUR)"), "amount"),
    (_("Completed on"), "completed_on"),
    (_("Private investment (EUR)"), "private_amount"),
    (_("Proof"), "proof"),
    (_("Confirmed on"), "confirmed_on"),
    (_("Confirmed by"), "confirmed_by"),
]

# Of a project's participants what may leave the agency: a number stands for each of them.
PARTICIPANTS = [
    (_("Participant"), "number"),
    (_("First entry"), "entered_on"),
    (_("Last exit"), "left_on"),
    (_("Hours in the period"), "hours"),
    (_("Counts in reports"), "is_reported"),
    (_("Questionnaires"), "questionnaire"),
]


def entered_by(award):
    return _("us") if award.grant.de_minimis_delegated else award.grant.authority


REGISTER = [
    (_("Number"), "number"),
    (_("Recipient of the aid"), "recipient"),
    (_("File number"), "organisation.number"),
    (_("Branch (NACE)"), "nace"),
    (_("Value of the aid (EUR)"), "amount"),
    (_("Granted on"), "granted_on"),
    (_("Granting authority"), "grant.authority"),
    (_("Instrument"), lambda award: _("Advice (subsidised service)")),
    (_("Regulation"), "rule.regulation"),
    (_("Project"), "grant.project"),
    (_("Reference number"), "grant.reference"),
    (_("In the register by"), "register_due_on"),
    (_("Entered by"), entered_by),
]

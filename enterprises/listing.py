"""Columns of files: organisations, operations, papers, suspected pairs, a timeline; no notes."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ORGANISATIONS = [
    (_("File number"), "number"),
    (_("Name"), "name"),
    (_("Kind"), "get_kind_display"),
    (_("Stage"), "get_stage_display"),
    (_("Legal form"), "get_legal_form_display"),
    (_("Founded on"), "founded_on"),
    (_("Neighbourhood"), "district"),
    (_("Address"), "address"),
    (_("E-mail address"), "email"),
    (_("Phone"), "phone"),
    (_("Website"), "website"),
]
OPERATIONS = [
    (_("Fund"), "get_fund_display"),
    (_("Programming period"), "period"),
    (_("Beneficiary as printed"), "beneficiary.name"),
    (_("Organisation"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Operation"), "name"),
    (_("Summary"), "summary"),
    (_("Start"), "starts_on"),
    (_("End"), "ends_on"),
    (_("Total eligible expenditure (EUR)"), "amount"),
    (_("Co-financing rate (percent)"), "share"),
    (_("EU share of it (EUR)"), "eu_amount"),
    (_("Postcode"), "postcode"),
    (_("Place"), "place"),
    (_("Country"), "country"),
    (_("Category of intervention"), "category"),
    (_("Source"), "batch.source"),
    (_("Row in the source"), "batch_row"),
]
# Each with its newest version.
DOCUMENTS = [
    (_("Organisation"), "organisation.name"),
    (_("File number"), "organisation.number"),
    (_("Kind of paper"), "get_kind_display"),
    (_("Title"), "title"),
    (_("Valid until"), "valid_until"),
    (_("Version"), "latest_number"),
    (_("Name of the file"), "latest_name"),
    (_("Size (bytes)"), "latest_size"),
    (_("Handed in"), "latest_uploaded_at"),
    (_("Brought by"), "uploaded_by.name"),
    (_("Visible to the founders"), "is_shared"),
    (_("How long to keep it, and why"), "retention_note"),
]
ENTRIES = [
    (_("Name"), "name"),
    (_("Kind"), "get_kind_display"),
    (_("Neighbourhood"), "district"),
    (_("Status"), "get_status_display"),
    (_("Confirmed on"), "checked_on"),
]
PAIRS = [
    (_("First"), lambda pair: str(pair.one)),
    (_("Number of the first"), "one.number"),
    (_("Second"), lambda pair: str(pair.other)),
    (_("Number of the second"), "other.number"),
    (_("Why"), lambda pair: ", ".join(str(reason) for reason in pair.because)),
]


def clock_of(entry):
    return timezone.localtime(entry.at).time() if entry.has_clock else None


TIMELINE = [
    (_("Date"), lambda entry: timezone.localdate(entry.at)),
    (_("Time"), clock_of),
    (_("Kind"), "kind.label"),
    (_("What"), "title"),
    (_("Status"), "status"),
    (_("Who"), "who"),
    (_("Text"), "text"),
]
UNPAID_RATES = [
    (_("Valid from"), "starts_on"),
    (_("Valid until"), "ends_on"),
    (_("EUR per hour"), "euros_per_hour"),
    (_("Source"), "source"),
]

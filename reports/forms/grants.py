"""What a manager types about grants: everything a notice says."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.widgets import DateInput, NumberField
from consultations.participation_rules import months_after
from reports.forms.grant_changes import SaysWhichNotice
from reports.forms.grant_tables import GRANT_TABLES, money
from reports.forms.logos import LogosField
from reports.forms.sheets import Sheet
from reports.iban import plain
from reports.models import Grant, GrantChange
from reports.models.grant import STAYS

# The parts of the grant's form: id and heading.
PARTS = {
    "what": _("What and from whom"),
    "notice": _("As the notice says"),
    "money": _("Money"),
    "recipient": _("Recipient"),
    "aid": _("Aid to enterprises"),
    "rules": _("Rules and print"),
}
CENT = Decimal("0.01")
LONGEST_MONTHS = 20 * 12
# The address of the page that sets up a new grant.
RESERVED = "neu"


class GrantForm(SaysWhichNotice, SeesConflicts, forms.ModelForm):
    amount = money(label=_("Amount granted (EUR)"), min_value=CENT)
    rate = NumberField(
        label=_("Rate (%)"), required=False, min_value=CENT, max_value=100, decimal_places=2
    )
    iban = forms.CharField(
        label=_("IBAN"),
        required=False,
        max_length=50,
        help_text=_("The account to which the money is paid; payment requests print it."),
    )
    logos = LogosField(
        label=_("Logo row"),
        required=False,
        help_text=_(
            "One logo per line, in the order of print. “EU:” at the start of a line draws the "
            "European emblem before its text, “BILD:” prints the picture uploaded for it. Behind a "
            "bar (|) stands what is read aloud, behind a second one when it stands there: "
            "“ab 01.01.2026 bis 31.12.2026”."
        ),
    )

    class Meta:
        model = Grant
        fields = [
            "project",
            "programme",
            "ref",
            "profile",
            "outline",
            "authority",
            "authority_address",
            "intermediate_body",
            "reference",
            "title",
            "purpose",
            "recipient",
            "recipient_address",
            "recipient_contact",
            "input_tax",
            "account_holder",
            "iban",
            "bank",
            "amount",
            "financing",
            "rate",
            "starts_on",
            "ends_on",
            "early_start_on",
            "early_start_reference",
            "pay_until",
            "aid_basis",
            "de_minimis_delegated",
            "logos",
            "notes",
        ]
        widgets = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "early_start_on": DateInput,
            "pay_until": DateInput,
            "authority_address": forms.Textarea(attrs={"rows": 3}),
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {"ref": {"unique": _("There is a grant with this key already.")}}
        help_texts = {
            "ref": _(
                "A short name for addresses and commands, such as best-2026-esf. Left empty, it is "
                "made of the project's key and the fund."
            ),
            "aid_basis": _(
                "Free advice may be aid to the enterprise that gets it. The notice says whether."
            ),
            "de_minimis_delegated": _(
                "Until then every certificate is a draft, and the authority issues its own."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["logos"].keep(self.instance.logos)
        self.fields["ref"].required = False
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.error_summary = False
        self.helper.layout = Layout(
            part(
                "what",
                side_by_side("project", "programme"),
                side_by_side("profile", "outline"),
                "ref",
            ),
            part(
                "notice",
                side_by_side("authority", "reference"),
                "authority_address",
                "intermediate_body",
                "title",
                "purpose",
                side_by_side("starts_on", "ends_on"),
                side_by_side("early_start_on", "early_start_reference"),
                *self.notice_fields,
            ),
            part(
                "money",
                side_by_side("amount", "financing", "rate"),
                "pay_until",
            ),
            part(
                "recipient",
                "recipient",
                side_by_side("recipient_address", "recipient_contact"),
                "input_tax",
                "account_holder",
                side_by_side("iban", "bank"),
            ),
            part("aid", "aid_basis", "de_minimis_delegated"),
            part(
                "rules",
                "logos",
                "notes",
            ),
        )

    def clean_ref(self):
        if self.cleaned_data["ref"] == RESERVED:
            raise forms.ValidationError(_("Choose another key; this one is a page of its own."))
        return self.cleaned_data["ref"]

    def clean_iban(self):
        """Keep it without the blanks people write it with."""
        return plain(self.cleaned_data["iban"])

    def clean_project(self):
        return self.keeps_its("project")

    def clean_programme(self):
        return self.keeps_its("programme")

    def keeps_its(self, name):
        """Refuse another project or programme once a report was released: it was told of these."""
        is_moved = self.instance.pk and name in self.changed_data
        if is_moved and self.instance.reports.released().exists():
            raise forms.ValidationError(STAYS)
        return self.cleaned_data[name]

    def clean(self):
        cleaned = super().clean()
        self.check_period(cleaned)
        if cleaned.get("iban") and not cleaned.get("account_holder"):
            self.add_error("account_holder", _("Say whose account it is."))
        project, programme = cleaned.get("project"), cleaned.get("programme")
        if project and programme and cleaned.get("ref") == "":
            cleaned["ref"] = Grant.objects.free_ref(project, programme)
        return cleaned

    def clean_outline(self):
        outline, profile = self.cleaned_data["outline"], self.cleaned_data.get("profile")
        if outline and profile and outline.profile != profile:
            raise forms.ValidationError(_("Choose an outline of the form chosen before."))
        return outline

    def check_period(self, cleaned):
        """Refuse a period turned around, and name the grant whose time it would share."""
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if not (starts_on and ends_on):
            return
        if ends_on < starts_on:
            self.add_error("ends_on", _("A grant's period cannot end before it starts."))
            return
        if ends_on > months_after(starts_on, LONGEST_MONTHS):
            self.add_error("ends_on", _("A grant's period is 20 years at most. Correct the year."))
            return
        early, pay_until = cleaned.get("early_start_on"), cleaned.get("pay_until")
        if (
            cleaned.get("early_start_reference")
            and not early
            and not self.has_error("early_start_on")
        ):
            self.add_error("early_start_on", _("Say from which day the early start was approved."))
        if early and early >= starts_on:
            self.add_error("early_start_on", _("An early start lies before the period."))
        if pay_until and pay_until < ends_on:
            self.add_error("pay_until", _("The last day for payments is not before the end."))
        if self.instance.pk:
            self.check_reports(early or starts_on, ends_on)
        if not (cleaned.get("project") and cleaned.get("programme")):
            return
        others = Grant.objects.overlapping(
            cleaned["project"], cleaned["programme"], starts_on, ends_on
        )
        if other := others.exclude(pk=self.instance.pk).first():
            refusal = _(
                "This project has a grant of the programme in that time already: %(ref)s, from "
                "%(start)s to %(end)s. Choose days outside of it, or change that grant."
            )
            days = {"start": other.starts_on, "end": other.ends_on}
            shown = {name: date_format(day, "SHORT_DATE_FORMAT") for name, day in days.items()}
            self.add_error(
                "starts_on", forms.ValidationError(refusal, params={"ref": other.ref} | shown)
            )

    def check_reports(self, first_day, last_day):
        """Refuse days that leave a report outside which its funder has got, and name it."""
        first = "early_start_on" if "early_start_on" in self.changed_data else "starts_on"
        refusal = _(
            "%(report)s was released and would lie outside of the period. Choose days that hold it."
        )
        for field, days in ((first, (first_day, None)), ("ends_on", (None, last_day))):
            if report := self.instance.reports_outside(*days).first():
                self.add_error(field, forms.ValidationError(refusal, params={"report": report}))


def part(key, *fields):
    return Fieldset(PARTS[key], *fields, css_id=key)


def side_by_side(*names):
    return Row(*map(Column, names))


class GrantSetup(Sheet):
    """The grant's form and the tables below it, checked and saved as one."""

    def __init__(self, data=None, instance=None):
        form = GrantForm(data, instance=instance)
        tables = [
            formset(data, instance=form.instance, prefix=prefix)
            for prefix, formset in GRANT_TABLES.items()
        ]
        super().__init__(form, tables)

    @property
    def contents(self):
        """Id and heading of every part of the page, for the way to it."""
        return [*PARTS.items(), *((table.prefix, table.caption) for table in self.tables)]

    def table(self, prefix):
        return next(table for table in self.tables if table.prefix == prefix)

    @property
    def notices(self):
        return self.table("notices")

    @property
    def plan(self):
        return self.table("plan_lines")

    @property
    def thresholds(self):
        return self.table("thresholds")

    def is_valid(self):
        valid = super().is_valid()
        self.table("milestones").check(self.table("targets"))
        valid = valid and not any(self.table("milestones").errors)
        if hasattr(self.form, "cleaned_data"):
            self.form.check_notice(self.notices, self.plan, self.thresholds)
        return valid and not self.form.errors

    @transaction.atomic
    def save(self, *, by):
        """Store the grant and its lists, and what a notice changed of what reports have told.

        Refuses what changed meanwhile or was just taken.
        """
        is_amended = bool(self.form.amended(self.plan, self.thresholds))
        is_new = self.form.instance.pk is None
        grant = self.store()
        if is_amended:
            GrantChange.objects.keep(
                grant,
                by=by,
                before=self.form.before,
                plan=self.form.plan_before,
                thresholds=self.form.thresholds_before,
                notice=self.form.notice_of(self.notices),
                note=self.form.cleaned_data["change_note"],
            )
        Event.objects.record_saved(actor=by, form=self.form, created=is_new)
        return grant

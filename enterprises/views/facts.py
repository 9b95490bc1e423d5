"""Pages of what is known of an organisation: one small form for each kind of fact."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from enterprises.forms.facts import (
    AssessmentForm,
    DropForm,
    HealthForm,
    IncomeMixForm,
    InnovationForm,
    InvolvementForm,
    JobForm,
    MembershipForm,
    NewcomerForm,
    PersonForm,
    SizeForm,
)
from enterprises.models import Organisation, Person
from enterprises.views.organisations import do, editable_or_404


@dataclass(frozen=True)
class Fact:
    """A kind of fact: the relation that holds it, the forms that write it, their titles."""

    relation: str
    form: type
    new_title: str
    title: str
    new_form: type | None = None


FACTS = {
    "assessment": Fact(
        "assessments", AssessmentForm, _("Assess a criterion"), _("Change the assessment")
    ),
    "income": Fact("income_mixes", IncomeMixForm, _("Add a year"), _("Change the income mix")),
    "job": Fact("jobs", JobForm, _("Add a job"), _("Change the job")),
    "size": Fact(
        "size_declarations", SizeForm, _("Declare the size"), _("Change the declaration of size")
    ),
    "innovation": Fact(
        "innovations", InnovationForm, _("Add an innovation"), _("Change the innovation")
    ),
    "involvement": Fact(
        "involvements",
        InvolvementForm,
        _("Add a person"),
        _("Change the part in the organisation"),
        new_form=NewcomerForm,
    ),
    "health": Fact(
        "health_notes", HealthForm, _("Note how it is doing"), _("Change how it is doing")
    ),
    "membership": Fact(
        "memberships", MembershipForm, _("Add a member"), _("Change the membership")
    ),
}

# Those that reports count; deleted they are asked about.
ACCOUNTABLE = ("job", "size", "innovation")


@role_required(*STAFF_ROLES)
def fact_new(request, pk, kind):
    organisation, fact = editable_or_404(request, pk), FACTS[kind]
    blank = getattr(organisation, fact.relation).model()
    form_class = fact.new_form or fact.form
    form = request.draft.fill(form_class(request.POST or None, instance=blank))
    give_owner(form.instance, organisation, by=request.user)
    return do(request, form, organisation, fact.new_title, lambda: form.keep(by=request.user))


@role_required(*STAFF_ROLES)
def fact_edit(request, pk, kind, fact_pk):
    organisation, fact = editable_or_404(request, pk), FACTS[kind]
    row = get_object_or_404(getattr(organisation, fact.relation).valid(), pk=fact_pk)
    drop_url = ""
    if kind in ACCOUNTABLE and row.accounted:
        drop_url = reverse(f"enterprises:{kind}_drop", args=[pk, fact_pk])
    form = request.draft.fill(fact.form(request.POST or None, instance=row))
    return do(
        request,
        form,
        organisation,
        fact.title,
        lambda: form.keep(by=request.user),
        deletes=row,
        drop_url=drop_url,
    )


@role_required(*STAFF_ROLES)
def fact_drop(request, pk, kind, fact_pk):
    """Delete what accepted reports have counted, with the reason."""
    organisation, fact = editable_or_404(request, pk), FACTS[kind]
    row = get_object_or_404(getattr(organisation, fact.relation).valid(), pk=fact_pk)
    form = request.draft.fill(DropForm(request.POST or None, row=row))
    title = _("Delete “%(row)s”") % {"row": row}
    return do(request, form, organisation, title, lambda: form.drop(by=request.user))


def give_owner(row, organisation, *, by):
    if hasattr(row, "group_id"):
        row.group = organisation
    else:
        row.organisation = organisation
    for author in ("assessed_by", "author"):
        if hasattr(row, f"{author}_id"):
            setattr(row, author, by)


@role_required(*STAFF_ROLES)
def person_edit(request, pk, person_pk):
    organisation = get_object_or_404(Organisation.objects.editable_by(request.user), pk=pk)
    person = get_object_or_404(
        Person.objects.visible_to(request.user).part_of(organisation), pk=person_pk
    )
    form = request.draft.fill(PersonForm(request.POST or None, instance=person))
    return do(
        request, form, organisation, _("Change the person"), lambda: form.keep(by=request.user)
    )

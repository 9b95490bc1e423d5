"""Pages of single undertakings: linking one organisation with another, and ending that."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from best_portal.accounts.access import role_required
from best_portal.accounts.models import STAFF_ROLES
from enterprises.forms.undertaking import LinkedForm, MemberForm
from enterprises.models import UndertakingMember
from enterprises.views.organisations import do, editable_or_404


@role_required(*STAFF_ROLES)
def linked_new(request, pk):
    organisation = editable_or_404(request, pk)
    form = request.draft.fill(LinkedForm(request.POST or None))
    title = _("Add a linked undertaking")
    return do(request, form, organisation, title, lambda: form.join(organisation, by=request.user))


@role_required(*STAFF_ROLES)
def linked_edit(request, pk, member_pk):
    organisation = editable_or_404(request, pk)
    together = UndertakingMember.objects.visible_to(request.user).ever_with(organisation)
    member = get_object_or_404(together, pk=member_pk)
    form = request.draft.fill(MemberForm(request.POST or None, instance=member))
    title = _("Change the link of %(name)s") % {"name": member.organisation}
    return do(request, form, organisation, title, lambda: form.keep(by=request.user))

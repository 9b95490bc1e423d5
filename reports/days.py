"""Which day stands in the rows of a figure, in words."""

from django.utils.translation import gettext_lazy as _

# counting.Figure says when it is which.
DAYS = {
    "held": _("Day of the consultation"),
    "first": _("Day of the first consultation"),
    "founded": _("Day of the founding"),
    "begun": _("First day of the job"),
    "reached": _("Day the hours reached the threshold"),
    "entered": _("Day of the first entry"),
    "left": _("Day of the last exit"),
    "later": _("Six months after the exit"),
    "year_after": _("A year after the support"),
    "declared": _("Day of the declaration"),
    "completed": _("Day the award was completed"),
    "introduced": _("Day it counts from"),
    "granted": _("Day the award was granted"),
    "met": _("Day of the meeting"),
    "signed": _("Day of the signature"),
    "hidden": _("Day (not shown)"),
}

"""The public page of the agency's effect: what released reports say, open to everyone."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from best_portal.lists import list_file
from best_portal.pages.models import SmallCellRule
from reports.impact import figures, sources


def value(figure):
    """The number; words where it is too small to be told."""
    return gettext_lazy("hidden") if figure.value is None else figure.value


FIGURES = [
    (gettext_lazy("Project"), "source.project"),
    (gettext_lazy("Indicator"), "name"),
    (gettext_lazy("Unit"), "unit"),
    (gettext_lazy("How many"), value),
    (gettext_lazy("Programme"), "source.programme"),
    (gettext_lazy("Report"), "source.title"),
    (gettext_lazy("Version"), "source.number"),
    (gettext_lazy("Released at"), "source.released_at"),
]


@login_not_required
@require_safe
def impact(request):
    context = {"sources": sources(), "fewest": SmallCellRule.objects.fewest()}
    return render(request, "reports/impact.html", context)


@list_file(gettext_lazy("impact"), FIGURES, page="reports:impact")
def export(request):
    return figures()

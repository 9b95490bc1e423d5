"""The public directory: the list, the map, the page of each enterprise, and everything as data."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from districts.models import District
from districts.outline import picture
from enterprises.directory_filters import DirectoryFilter
from enterprises.entry_map import drawing, features
from enterprises.models import Entry
from enterprises.open_data import ENDINGS, as_feed, dataset, in_page, licence
from enterprises.public import shown

PAGE = 25
NEWEST = 30


@login_not_required
@never_cache
@require_safe
def index(request):
    """The list first, then the map; the filters are those of both."""
    filters = DirectoryFilter(request.GET)
    pages = Paginator(filters.rows.for_list(), PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "number": pages.count,
        "page": page,
        "entries": shown(page.object_list),
        "picture": drawing(filters.rows),
        "query": request.GET.urlencode(),
        "tiles": {"url": settings.MAP_TILES, "credit": settings.MAP_TILES_CREDIT},
        "files": [("CSV", "csv"), ("JSON", "json"), ("GeoJSON", "geojson")],
        "licence": licence(),
        "structured": in_page(dataset()),
    }
    return render(request, "enterprises/directory.html", context)


@login_not_required
@never_cache
@require_safe
def map_data(request):
    """What the map's script draws, by the same filters as the list."""
    return JsonResponse(features(DirectoryFilter(request.GET).rows))


@login_not_required
@never_cache
@require_safe
def data(request, ending):
    """The directory as a file, filtered as the list is."""
    if ending not in ENDINGS:
        raise Http404
    filters = DirectoryFilter(request.GET)
    if filters.is_bound and not filters.is_valid():
        return redirect(f"{reverse('enterprises:directory')}?{request.GET.urlencode()}")
    response = ENDINGS[ending](shown(filters.rows.for_list()))
    response.headers["Link"] = f'<{settings.OPEN_DATA_LICENCE_URL}>; rel="license"'
    return response


@login_not_required
@never_cache
@require_safe
def feed(request):
    newest = Entry.objects.public().for_list().order_by("-published_at", "-pk")
    return as_feed(shown(newest[:NEWEST]))


@login_not_required
@never_cache
@require_safe
def detail(request, slug):
    """The page of one enterprise; one that was public once answers that it is gone."""
    rows = Entry.objects.public().select_related("district__borough", "organisation")
    row = rows.filter(slug=slug).first()
    if row is None:
        get_object_or_404(Entry.objects.gone(), slug=slug)
        return render(request, "enterprises/entry_gone.html", status=410)
    [entry] = shown([row])
    context = {
        "entry": entry,
        "picture": place(entry, row.district),
        "structured": in_page(entry.structured),
        "panels": panels_of(row),
        "title": _("%(name)s in the directory") % {"name": entry.name},
    }
    return render(request, "enterprises/entry_detail.html", context)


def panels_of(row):
    """(title, template, context) of what other apps tell of this enterprise."""
    modules = [import_module(path) for path in settings.ENTRY_PAGE]
    told = [
        (title, template, context(row))
        for module in modules
        for title, template, context in module.ENTRY_PANELS
    ]
    return [each for each in told if each[2] is not None]


def place(entry, area):
    """Where it is, in the outline of its area; without one, among the points of all areas."""
    outline = area.outline if area else None
    others = District.objects.points() if entry.point and not outline else ()
    return picture([outline], entry.point, others)

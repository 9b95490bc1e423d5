"""The directory as open data: CSV, JSON in the words of schema.org, GeoJSON, and a feed."""

import json
import re

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from best_portal.export import csv_response

HEADINGS = [
    gettext_lazy("Name"),
    gettext_lazy("Kind"),
    gettext_lazy("Text"),
    gettext_lazy("Text in English"),
    gettext_lazy("Neighbourhood"),
    gettext_lazy("Address"),
    gettext_lazy("Latitude"),
    gettext_lazy("Longitude"),
    gettext_lazy("E-mail"),
    gettext_lazy("Phone"),
    gettext_lazy("Website"),
    gettext_lazy("Criteria met"),
    gettext_lazy("Income mix"),
    gettext_lazy("Confirmed on"),
    gettext_lazy("Page"),
    gettext_lazy("Licence"),
]
# A < in a text must not end the script it stands in.
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
# A person's browser asks for these from other sites' pages, too: everybody may use them.
OPEN = {"Access-Control-Allow-Origin": "*"}


def licence():
    return {"name": settings.OPEN_DATA_LICENCE, "url": settings.OPEN_DATA_LICENCE_URL}


def line(entry):
    longitude, latitude = entry.point or (None, None)
    return [
        entry.name,
        entry.kind,
        entry.text_de,
        entry.text_en,
        entry.district.name if entry.district else "",
        entry.address,
        latitude,
        longitude,
        entry.email,
        entry.phone,
        entry.website,
        "; ".join(entry.criteria or ()),
        str(entry.mix or ""),
        entry.checked_on,
        entry.url,
        licence()["name"],
    ]


def as_csv(entries):
    return csv_response(_("directory"), HEADINGS, map(line, entries))


def as_json(entries):
    """A data set of schema.org with every entry in it."""
    return sent(dataset() | {"hasPart": [entry.structured for entry in entries]}, "json")


def as_geojson(entries):
    """A place for each that agreed to show it; the others have none, as RFC 7946 allows."""
    features = [
        {
            "type": "Feature",
            "id": entry.slug,
            "geometry": {"type": "Point", "coordinates": list(entry.point)}
            if entry.point
            else None,
            "properties": {
                "name": entry.name,
                "kind": entry.kind,
                "text": entry.text_de,
                "district": entry.district.name if entry.district else None,
                "address": entry.address or None,
                "url": entry.url,
            },
        }
        for entry in entries
    ]
    about = {"type": "FeatureCollection", "license": licence(), "features": features}
    return sent(about, "geo+json", "geojson")


def sent(content, kind, ending="json"):
    name = f"{_('directory')}.{ending}"
    return HttpResponse(
        json.dumps(content, ensure_ascii=False, indent=1),
        content_type=f"application/{kind}",
        headers=OPEN | {"Content-Disposition": f'attachment; filename="{name}"'},
    )


def address_of(ending):
    return f"{settings.PUBLIC_URL}{reverse('enterprises:directory_data', args=[ending])}"


def dataset():
    """The directory itself, in the words of schema.org."""
    kinds = {"csv": "text/csv", "json": "application/ld+json", "geojson": "application/geo+json"}
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": _("Social enterprises and neighbourhood businesses in Berlin"),
        "description": _("Enterprises that agreed to be shown, part by part."),
        "url": f"{settings.PUBLIC_URL}{reverse('enterprises:directory')}",
        "license": licence()["url"],
        "creator": {"@type": "Organization", "name": settings.AGENCY["name"]},
        "inLanguage": get_language(),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address_of(ending)}
            for ending, kind in kinds.items()
        ],
    }


def in_page(content):
    """JSON-LD that can stand in a page whatever people wrote into it."""
    told = {"@context": "https://schema.org"} | content
    return json.dumps(told, ensure_ascii=False).translate(ESCAPED)


def as_feed(entries):
    """The newest entries as an Atom feed."""
    root = f"{settings.PUBLIC_URL}{reverse('enterprises:directory')}"
    feed = Atom1Feed(
        title=_("New in the directory"),
        link=root,
        description="",
        feed_url=f"{settings.PUBLIC_URL}{reverse('enterprises:directory_feed')}",
        language=get_language(),
        feed_copyright=licence()["name"],
    )
    for entry in entries:
        feed.add_item(
            title=plain(entry.name),
            link=entry.url,
            unique_id=entry.url,
            description=plain(entry.text),
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml", headers=OPEN
    )


def plain(text):
    """Leave out what XML 1.0 does not take."""
    return NOT_IN_XML.sub("", text)


ENDINGS = {"csv": as_csv, "json": as_json, "geojson": as_geojson}

"""manage.py load_boundaries FILE: give our areas their outlines; all of the file or nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from districts.boundaries import UnreadableFile, matched, read
from districts.models import District

SHOWN = 20


class Command(BaseCommand):
    help = "Load outlines of areas from a GeoJSON file (WGS 84, Berlin); all of it or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="where the outlines are from")

    def handle(self, *, file, source, **options):
        try:
            features, faults = read(file)
        except UnreadableFile as refusal:
            raise CommandError(str(refusal)) from refusal
        pairs, unmatched = matched(features, District.objects.all())
        faults += unmatched
        if faults:
            more = len(faults) - SHOWN
            lines = [str(fault) for fault in faults[:SHOWN]]
            lines += [_("… and %(number)d more.") % {"number": more}] if more > 0 else []
            raise CommandError("\n".join([*lines, _("Nothing was loaded.")]))
        District.objects.draw(pairs, source=source or file.name)
        self.stdout.write(_("%(number)d outlines loaded.") % {"number": len(pairs)})

"""Borough and District: the twelve boroughs and the Quartiersmanagement areas, past and present."""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import Days, explained, fold, folded

# Berlin's surroundings: a point outside is a slip of the pen, swapped coordinates mostly.
SOUTH, NORTH, WEST, EAST = 52.30, 52.70, 13.05, 13.80
DAY = timedelta(days=1)
# An area, and every area that went wholly into it, and into that one.
LINEAGE = """
WITH RECURSIVE line (id) AS (
    SELECT unnest(%s::bigint[])
    UNION
    SELECT predecessor_id FROM districts_succession JOIN line ON successor_id = line.id
    WHERE kind IN ('merge', 'renamed')
)
SELECT id FROM line
"""
# What a new name does not change.
SAME_AREA = ("borough", "latitude", "longitude", "outline", "outline_source", "planning_areas")


class BoroughManager(models.Manager):
    def get_by_natural_key(self, key):
        return self.get(key=key)


class Borough(models.Model):
    """Bezirk: one of Berlin's twelve, by its official two-digit key."""

    key = models.CharField(
        _("official key"), max_length=2, unique=True, validators=[RegexValidator(r"^\d\d$")]
    )
    name = models.CharField(_("name"), max_length=60, unique=True)

    objects = BoroughManager()

    class Meta:
        verbose_name = _("borough")
        verbose_name_plural = _("boroughs")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="districts_borough_key_is_official",
                condition=Q(key__regex=r"^(0[1-9]|1[0-2])$"),
                violation_error_message=_("A borough's key is a number from 01 to 12."),
            ),
        ]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.key,)


class DistrictQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Areas are public knowledge."""
        return self.all()

    def valid_on(self, day):
        """The areas that existed on that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def valid_in(self, year):
        """The areas that existed on some day of that year."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last)

    @transaction.atomic
    def draw(self, outlines, *, source):
        """Give each district the geometry of its feature."""
        for district, feature in outlines.items():
            district.outline = feature.geometry
            district.outline_source = source
            district.save(update_fields=["outline", "outline_source"])

    def for_directory(self):
        return self.select_related("borough").order_by("borough__key", "sort_name", "starts_on")

    def points(self):
        """(longitude, latitude) of each place that has one; areas of one place count once."""
        placed = self.exclude(latitude=None).order_by("longitude", "latitude")
        rows = placed.values_list("longitude", "latitude").distinct()
        return [(float(longitude), float(latitude)) for longitude, latitude in rows]

    def get_by_natural_key(self, name, starts_on):
        return self.get(name=name, starts_on=starts_on)

    def lineage(self):
        """These areas and all that went wholly into them: what was theirs is theirs now."""
        keys = list(self.order_by().values_list("pk", flat=True))
        return District.objects.filter(pk__in=RawSQL(LINEAGE, [keys]))  # noqa: S611 - our own text

    @transaction.atomic
    def begin(self, *, by, name, starts_on, **fields):
        """Put a new area on the map; its address is made of its name."""
        name = " ".join(name.split())
        with explained(District):
            area = self.create(
                name=name, slug=self._free_slug(name, starts_on), starts_on=starts_on, **fields
            )
        Event.objects.record(actor=by, verb="district.begun", subject=area)
        return area

    def _free_slug(self, name, starts_on):
        plain = slugify(fold(name))[:100] or "quartier"
        for slug in (plain, f"{plain}-{starts_on:%Y}", f"{plain}-{starts_on:%Y-%m-%d}"):
            if not District.objects.filter(slug=slug).exists():
                return slug
        raise ValidationError(_("There is an area of this name in that time already."))


class District(models.Model):
    """Quartiersmanagement-Gebiet: valid from a day to a day, because areas begin, end and merge.

    An area that is redrawn becomes a second row of the same name; what happened keeps its row.
    """

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    sort_name = folded("name")
    borough = models.ForeignKey(
        Borough, on_delete=models.PROTECT, related_name="districts", verbose_name=_("borough")
    )
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=7, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=7, decimal_places=5, null=True, blank=True
    )
    # A GeoJSON geometry (Polygon or MultiPolygon, WGS 84), loaded by `manage.py load_boundaries`.
    outline = models.JSONField(_("outline"), null=True, blank=True)
    outline_source = models.CharField(_("source of the outline"), max_length=200, blank=True)
    planning_areas = models.CharField(
        _("LOR planning areas"),
        max_length=120,
        blank=True,
        help_text=_("Keys of the cut valid until 2020, separated by blanks."),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("neighbourhood management area")
        verbose_name_plural = _("neighbourhood management areas")
        ordering = ["sort_name", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="districts_district_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("An area cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="districts_district_point_is_whole",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
            models.CheckConstraint(
                name="districts_district_point_is_in_berlin",
                condition=Q(latitude=None)
                | Q(
                    latitude__gte=SOUTH,
                    latitude__lte=NORTH,
                    longitude__gte=WEST,
                    longitude__lte=EAST,
                ),
                violation_error_message=_(
                    "This point is not in Berlin; check latitude and longitude."
                ),
            ),
            ExclusionConstraint(
                name="districts_district_one_of_a_name_at_a_time",
                expressions=[
                    ("name", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There is an area of this name in that time already."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("districts:detail", args=[self.slug])

    def natural_key(self):
        return (self.name, self.starts_on)

    natural_key.dependencies = ["districts.borough"]

    @property
    def point(self):
        """(longitude, latitude), or None where no point is known."""
        if self.latitude is None:
            return None
        return float(self.longitude), float(self.latitude)

    def was_valid_on(self, day):
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def as_of(self, day):
        """This area as it was on that day: of this name, under another one, or merged.

        None where there was none, and where it had been split: nobody knows into which part.
        """
        if self.was_valid_on(day):
            return self
        if same := District.objects.filter(name=self.name).valid_on(day).first():
            return same
        later = self.ends_on is not None and self.ends_on < day
        rows = self.successions.exclude(kind="split") if later else self.origins
        rows = rows if later else rows.filter(kind="renamed")
        link = rows.select_related("successor" if later else "predecessor").first()
        if link is None:
            return None
        return (link.successor if later else link.predecessor).as_of(day)

    @transaction.atomic
    def merge_into(self, successor, *, on, by):
        """From that day on, this area is part of another one, which is there by then."""
        # Both, in one order: two areas cannot go on in each other.
        keys = sorted({self.pk, successor.pk})
        list(District.objects.filter(pk__in=keys).order_by("pk").select_for_update())
        ended_before = self._end_before(on)
        if not District.objects.valid_on(on).filter(pk=successor.pk).exists():
            raise ValidationError(
                _("“%(area)s” is not there on that day. Choose another area or day."),
                params={"area": successor},
            )
        self._follow([successor], kind="merge", on=on, by=by, ended_before=ended_before)

    @transaction.atomic
    def split_into(self, names, *, on, by):
        """From that day on, several areas of these names stand in its place; returns them."""
        names = [" ".join(name.split()) for name in names if name.strip()]
        if len({fold(name) for name in names}) < max(len(names), 2):
            raise ValidationError(_("Give at least two names, each once."))
        ended_before = self._end_before(on)
        parts = [
            District.objects.begin(by=by, name=name, starts_on=on, borough=self.borough)
            for name in names
        ]
        how = {"kind": "split", "ended_before": ended_before, "has_begun": True}
        self._follow(parts, on=on, by=by, **how)
        return parts

    @transaction.atomic
    def rename(self, name, *, on, by):
        """From that day on, the same area is called otherwise; returns it under its new name."""
        if " ".join(name.split()) == self.name:
            raise ValidationError(_("It is called so already."))
        ended_before = self._end_before(on)
        same = {field: getattr(self, field) for field in SAME_AREA}
        renamed = District.objects.begin(by=by, name=name, starts_on=on, **same)
        how = {"kind": "renamed", "ended_before": ended_before, "has_begun": True}
        self._follow([renamed], on=on, by=by, **how)
        return renamed

    def _end_before(self, on):
        """Let the area end on the day before, and return until when it was to last.

        Refused where it went on already, was not there, or work was done in it since. Whoever
        does the same at once waits, and is refused then.
        """
        area = District.objects.select_for_update().get(pk=self.pk)
        if area.successions.exists():
            raise ValidationError(_("It is recorded already how this area went on."))
        if not area.was_valid_on(on - DAY):
            raise ValidationError(
                _("The area was not there on the day before. Choose a day in its time.")
            )
        # What others have tied to the area is asked through their relation.
        if area.consultations.filter(held_on__gte=on).exists():
            raise ValidationError(
                _("Consultations were held in this area since that day. Choose a later day.")
            )
        District.objects.filter(pk=area.pk).update(ends_on=on - DAY)
        self.ends_on = on - DAY
        return area.ends_on

    def _follow(self, successors, *, on, by, **how):
        with explained(self.successions.model):
            for successor in successors:
                self.successions.create(successor=successor, on=on, recorded_by=by, **how)
        Event.objects.record(
            actor=by,
            verb="district.succeeded",
            subject=self,
            on=on.isoformat(),
            kind=how["kind"],
            by=[successor.pk for successor in successors],
        )

    @property
    def is_ended(self):
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def name_with_end(self):
        """The name, and for an area that has ended until when it was one."""
        if self.ends_on is None:
            return self.name
        return _("%(name)s (until %(day)s)") % {
            "name": self.name,
            "day": f"{self.ends_on:%d.%m.%Y}",
        }

"""Borough and District: the twelve boroughs and the Quartiersmanagement areas, past and present."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.db import Days, folded

# Berlin's surroundings: a point outside is a slip of the pen, swapped coordinates mostly.
SOUTH, NORTH, WEST, EAST = 52.30, 52.70, 13.05, 13.80


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
        """The area of this name as it was on that day; None where there was none."""
        if self.was_valid_on(day):
            return self
        return District.objects.filter(name=self.name).valid_on(day).first()

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

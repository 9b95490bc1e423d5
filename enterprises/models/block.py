"""ServiceBlock: a service as it has been tried, ready to be built into an idea."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from enterprises.models.organisation import Organisation


class ServiceBlockQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        return self.valid() if user.is_authenticated and user.is_staff_member else self.none()

    def editable_by(self, user):
        return self.visible_to(user)

    def for_list(self):
        return self.prefetch_related("providers").order_by("name")


class ServiceBlock(Withdrawable):
    """Dienstleistungsbaustein: what is done, what it takes, and which partners contribute it."""

    name = models.CharField(_("building block"), max_length=150)
    service = models.TextField(_("what is done"), help_text=_("For whom, and in which steps."))
    takes = models.TextField(
        _("what it takes"), blank=True, help_text=_("People, rooms, permits, money.")
    )
    tried_where = models.CharField(_("where it has been tried"), max_length=300, blank=True)
    providers = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="service_blocks",
        verbose_name=_("partners who contribute it"),
    )

    objects = ServiceBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("service building block")
        verbose_name_plural = _("service building blocks")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(withdrawn_at=None),
                name="enterprises_serviceblock_one_of_a_name",
                violation_error_message=_("There is a building block of this name already."),
            ),
            models.CheckConstraint(
                name="enterprises_serviceblock_says_what",
                condition=~Q(name="") & ~Q(service=""),
                violation_error_message=_("Say what it is called, and what is done."),
            ),
            withdrawn_together("enterprises_serviceblock_deleted_by_somebody"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("enterprises:block", args=[self.pk])

    @property
    def home(self):
        return reverse("enterprises:blocks")

    @property
    def provider_names(self):
        return ", ".join(each.name for each in self.providers.all())

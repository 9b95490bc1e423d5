"""Wishes to be erased."""

from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.privacy.models import AskedBy, ErasureRequest
from tests.factories.base import make_user
from tests.factories.enterprises import make_person


def make_erasure_request(*, by=None, **fields):
    """One that is open; with a reason it was refused."""
    if "person" not in fields:
        fields["person"] = make_person()
    fields.setdefault("channel", AskedBy.PHONE)
    fields.setdefault("asked_by", fields["person"].user or make_user(Role.ADVISOR))
    if fields.get("reason"):
        fields.setdefault("status", "refused")
        fields.setdefault("decided_by", by or make_user(Role.MANAGER))
        fields.setdefault("decided_at", timezone.now())
    return ErasureRequest.objects.create(**fields)

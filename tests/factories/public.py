"""What the public reads: required pages, barriers people report."""

import uuid
from datetime import date, timedelta

from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.pages.models import Barrier, PageVersion, SmallCellRule
from tests.factories.base import make_user


def make_page_version(**fields):
    fields.setdefault("page", "imprint")
    fields.setdefault("language", "de")
    fields.setdefault("number", 1)
    fields.setdefault("text", "Mustertext")
    fields.setdefault("checked_on", date(2026, 11, 27))
    if "written_by" not in fields:
        fields["written_by"] = make_user(Role.MANAGER)
    return PageVersion.objects.create(**fields)


def make_barrier(**fields):
    fields.setdefault("text", "Der Knopf hat keinen Namen.")
    fields.setdefault("due_on", timezone.localdate() + timedelta(days=30))
    fields.setdefault("form_key", uuid.uuid4())
    return Barrier.objects.create(**fields)


def make_small_cell_rule(**fields):
    fields.setdefault("starts_on", date(2020, 1, 1))
    fields.setdefault("fewest", 5)
    fields.setdefault("note", "Musterregel")
    return SmallCellRule.objects.create(**fields)

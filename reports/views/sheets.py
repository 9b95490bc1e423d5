"""Saving a form with tables from a page: once for grants, programmes and outlines."""

from django.contrib import messages
from django.core.exceptions import ValidationError

from best_portal.conflicts import refuse


def saved(request, sheet, told):
    """Save what was sent and tell so; None where nothing was sent, or a mistake is to be shown."""
    request.draft.fill(sheet.form, *sheet.tables)
    if request.method != "POST" or not sheet.is_valid():
        return None
    try:
        row = sheet.save(by=request.user)
    except ValidationError as refusal:
        refuse(refusal, sheet.form, *sheet.tables)
        return None
    messages.success(request, told)
    return row

"""A form and the tables below it, checked, shown and saved as one."""

from crispy_forms.helper import FormHelper
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.conflicts import check_all
from best_portal.db import explained


class Sheet:
    """Base of what has a `form` and `tables`, each a formset with a `caption`."""

    def __init__(self, form, tables):
        self.form, self.tables = form, tables
        for formset in tables:
            formset.helper = FormHelper()
            formset.helper.form_tag = False
            formset.helper.disable_csrf = True
            formset.helper.template = "kern/table_inline_formset.html"
            formset.helper.table_caption = formset.caption
            formset.helper.error_summary = False
            formset.helper.may_grow = True

    def is_valid(self):
        # Every part is asked, so that one answer names all mistakes.
        return all([self.form.is_valid(), *[formset.is_valid() for formset in self.tables]])

    @transaction.atomic
    def store(self):
        """Save the form and the rows of its tables; return its row.

        Refuses what changed meanwhile or was just taken.
        """
        check_all(self.form, *self.tables)
        with explained(type(self.form.instance)):
            row = self.form.save()
        for formset in self.tables:
            formset.instance = row
            with explained(formset.model):
                formset.save()
        return row

    @property
    def mistakes(self):
        """What the summary names: (where, form) of each part with an error, in its order."""
        rows = [
            (_("%(table)s, row %(number)d") % {"table": table.caption, "number": number}, form)
            for table in self.tables
            for number, form in enumerate(table.forms, start=1)
        ]
        return [(where, form) for where, form in [("", self.form), *rows] if form.errors]

    @property
    def mistakes_of_tables(self):
        """What is wrong with the rows of a table together."""
        return [
            (table, error)
            for table in self.tables
            if table.is_bound
            for error in table.non_form_errors()
        ]

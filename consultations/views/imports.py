"""The pages of the import of a log kept by hand."""

from best_portal.imports.pages import ImportPages
from consultations.forms.imports import LogColumnsForm, LogFileForm, OrganisationsForm
from consultations.models import ImportBatch

pages = ImportPages(
    model=ImportBatch,
    names="consultations:import",
    templates="consultations/import",
    file_form=LogFileForm,
    columns_form=LogColumnsForm,
    questions_form=OrganisationsForm,
)

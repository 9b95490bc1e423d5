"""The pages of the import of a published list of operations."""

from best_portal.imports.pages import ImportPages
from enterprises.forms.operations import BeneficiariesForm, OperationFileForm
from enterprises.models import OperationImport

pages = ImportPages(
    model=OperationImport,
    names="enterprises:operations_import",
    templates="enterprises/operations_import",
    file_form=OperationFileForm,
    questions_form=BeneficiariesForm,
)

"""Taking a document of a version home: the stored ones as they are, Excel made when asked for."""

from reports.models import DownloadFormat, ReportVersion
from reports.tables import workbook


def take(version, *, by, format):
    """Return the bytes; who took what, and when, is kept."""
    if format != DownloadFormat.XLSX:
        return version.download(by=by, format=format)
    version.note_download(by=by, format=format)
    return workbook_of(version)


def workbook_of(version):
    """The figures of a version as an Excel file, made when somebody asks for it."""
    return workbook(ReportVersion.objects.values_list("frozen", flat=True).get(pk=version.pk))

"""Taking a document of a version home: the stored ones as they are, Excel made when asked for."""

from reports.models import DownloadFormat, FileFormat, Imprint, ReportVersion
from reports.money_tables import money_tables
from reports.paper import table_csv
from reports.tables import workbook


def take(version, *, by, format):
    """Return the bytes; who took what, and when, is kept."""
    if format != DownloadFormat.XLSX:
        return version.download(by=by, format=format)
    version.note_download(by=by, format=format)
    content = workbook_of(version)
    Imprint.objects.keep(content, format=FileFormat.XLSX, version=version)
    return content


def workbook_of(version):
    """The tables of a version as an Excel file, made when somebody asks for it."""
    return workbook(frozen_of(version))


def money_files(version):
    """Yield (name, bytes) of each money table as a CSV of its own, made of what was frozen."""
    for table in money_tables(frozen_of(version)):
        yield f"{version.file_stem}_{table.key}.csv", table_csv(table)


def frozen_of(version):
    return ReportVersion.objects.values_list("frozen", flat=True).get(pk=version.pk)

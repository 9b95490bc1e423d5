"""Addresses of projects, consultations, appointments and imports."""

from django.urls import path

from consultations.views import imports

app_name = "consultations"

urlpatterns = [
    path("beratungen/import/", imports.index, name="import"),
    path("beratungen/import/<int:pk>/", imports.preview, name="import_preview"),
    path("beratungen/import/<int:pk>/spalten/", imports.columns, name="import_columns"),
    path(
        "beratungen/import/<int:pk>/organisationen/",
        imports.organisations,
        name="import_organisations",
    ),
    path("beratungen/import/<int:pk>/uebernehmen/", imports.commit, name="import_commit"),
    path("beratungen/import/<int:pk>/abgelehnt/", imports.rejected, name="import_rejected"),
    path("beratungen/import/<int:pk>/verwerfen/", imports.discard, name="import_discard"),
    path("beratungen/import/<int:pk>/rueckgaengig/", imports.undo, name="import_undo"),
]

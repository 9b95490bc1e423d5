"""Addresses of accounting: grants and reports."""

from django.urls import path

from reports.views import grants, reports

app_name = "reports"

urlpatterns = [
    path("zuwendungen/", grants.grants, name="grants"),
    path("zuwendungen/neu/", grants.grant_new, name="grant_new"),
    path("foerderprogramme/neu/", grants.programme_new, name="programme_new"),
    path("foerderprogramme/<int:pk>/", grants.programme_edit, name="programme_edit"),
    path("fonds/neu/", grants.fund_new, name="fund_new"),
    path("indikatoren/", grants.indicators, name="indicators"),
    path("zuwendungen/<slug:ref>/", grants.grant, name="grant"),
    path("zuwendungen/<slug:ref>/bearbeiten/", grants.grant_edit, name="grant_edit"),
    path("berichte/", reports.reports, name="list"),
    path("berichte/neu/", reports.report_new, name="new"),
    path("berichte/neu/<slug:ref>/", reports.report_for, name="new_for"),
    path("berichte/<int:pk>/", reports.report, name="detail"),
    path("berichte/<int:pk>/texte/", reports.texts, name="texts"),
    path("berichte/<int:pk>/neue-version/", reports.version_new, name="version_new"),
    path("berichte/version/<int:pk>/fortschritt/", reports.progress, name="progress"),
    path("berichte/version/<int:pk>/abbrechen/", reports.cancel, name="cancel"),
    path("berichte/version/<int:pk>/wiederholen/", reports.retry, name="retry"),
    path("berichte/version/<int:pk>/freigeben/", reports.release, name="release"),
    path("berichte/version/<int:pk>/zahlen/<str:code>/", reports.figure, name="figure"),
    path(
        "berichte/version/<int:pk>/zahlen/<str:code>/seit-beginn/",
        reports.figure,
        {"cumulated": True},
        name="figure_cumulated",
    ),
    path("berichte/version/<int:pk>/<str:format>/", reports.download, name="download"),
]

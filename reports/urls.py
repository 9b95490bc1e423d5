"""Addresses of accounting: grants and reports."""

from django.urls import path

from reports.views import grants

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
]

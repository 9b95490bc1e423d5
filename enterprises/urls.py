"""Addresses of organisations and what is known of them; paths are German."""

from django.urls import path

from enterprises.views import facts, organisations

app_name = "enterprises"

FACTS = {
    "assessment": "kriterien",
    "income": "einnahmen",
    "job": "arbeitsplaetze",
    "involvement": "mitwirkung",
    "membership": "mitglieder",
}

urlpatterns = [
    path("betriebe/", organisations.index, name="list"),
    path("betriebe/neu/", organisations.new, name="new"),
    path("betriebe/<int:pk>/", organisations.detail, name="detail"),
    path("betriebe/<int:pk>/bearbeiten/", organisations.edit, name="edit"),
    path("betriebe/<int:pk>/gruendung/", organisations.found, name="found"),
    path("betriebe/<int:pk>/phase/", organisations.stage, name="stage"),
    path("betriebe/<int:pk>/personen/<int:person_pk>/", facts.person_edit, name="person_edit"),
]
for kind, folder in FACTS.items():
    urlpatterns += [
        path(
            f"betriebe/<int:pk>/{folder}/neu/", facts.fact_new, {"kind": kind}, name=f"{kind}_new"
        ),
        path(
            f"betriebe/<int:pk>/{folder}/<int:fact_pk>/",
            facts.fact_edit,
            {"kind": kind},
            name=f"{kind}_edit",
        ),
    ]

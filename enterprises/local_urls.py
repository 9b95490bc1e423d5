"""Addresses of forums, networks and partnerships; enterprises/urls.py takes them in."""

from django.urls import path

from enterprises.views import (
    agreements,
    alliances,
    blocks,
    contributions,
    forums,
    meetings,
    resources,
)

FORUMS = [
    path("foren/", forums.index, name="forums"),
    path("foren/liste.<str:ending>", forums.export, name="forums_export"),
    path("foren/neu/", forums.new, name="forum_new"),
    path("foren/<int:pk>/", forums.detail, name="forum"),
    path("foren/<int:pk>/bearbeiten/", forums.edit, name="forum_edit"),
    path("foren/<int:pk>/mitglieder/neu/", forums.member_new, name="forum_member_new"),
    path(
        "foren/<int:pk>/mitglieder/<int:member_pk>/", forums.member_edit, name="forum_member_edit"
    ),
    path(
        "foren/<int:pk>/mitglieder.<str:ending>",
        forums.members_export,
        name="forum_members_export",
    ),
    path("foren/<int:pk>/sitzungen/neu/", meetings.new, name="meeting_new"),
    path("quartiere/<slug:slug>/kalender.ics", forums.feed, name="forum_feed"),
    path("sitzungen/<int:pk>/", meetings.detail, name="meeting"),
    path("sitzungen/<int:pk>/bearbeiten/", meetings.edit, name="meeting_edit"),
    path("sitzungen/<int:pk>/protokoll/", meetings.record, name="meeting_record"),
    path("sitzungen/<int:pk>/absagen/", meetings.cancel, name="meeting_cancel"),
    path("sitzungen/<int:pk>/beschluesse/neu/", meetings.decide, name="decision_new"),
    path("beschluesse/", meetings.decisions, name="decisions"),
    path("beschluesse/liste.<str:ending>", meetings.decisions_export, name="decisions_export"),
    path("beschluesse/<int:pk>/", meetings.decision_edit, name="decision_edit"),
    path("beschluesse/<int:pk>/erledigt/", meetings.decision_done, name="decision_done"),
    path("beschluesse/<int:pk>/wieder/", meetings.decision_reopen, name="decision_reopen"),
    path("beschluesse/<int:pk>/verwerfen/", meetings.decision_drop, name="decision_drop"),
]
ALLIANCES = [
    path("netzwerke/", alliances.index, name="alliances"),
    path("netzwerke/liste.<str:ending>", alliances.export, name="alliances_export"),
]
PARTNERSHIPS = [
    path("bausteine/", blocks.index, name="blocks"),
    path("bausteine/liste.<str:ending>", blocks.export, name="blocks_export"),
    path("bausteine/neu/", blocks.new, name="block_new"),
    path("bausteine/<int:pk>/", blocks.detail, name="block"),
    path("bausteine/<int:pk>/bearbeiten/", blocks.edit, name="block_edit"),
    path("angebote/", resources.index, name="resources"),
    path("angebote/liste.<str:ending>", resources.export, name="resources_export"),
    path("angebote/neu/", resources.new, name="resource_new"),
    path("angebote/<int:pk>/", resources.detail, name="resource"),
    path("angebote/<int:pk>/bearbeiten/", resources.edit, name="resource_edit"),
    path("angebote/<int:pk>/erledigt/", resources.settle, name="resource_settle"),
    path("angebote/<int:pk>/wieder/", resources.reopen, name="resource_reopen"),
    path("vereinbarungen/", agreements.index, name="agreements"),
    path("vereinbarungen/liste.<str:ending>", agreements.export, name="agreements_export"),
    path("vereinbarungen/neu/", agreements.new, name="agreement_new"),
    path("vereinbarungen/<int:pk>/", agreements.detail, name="agreement"),
    path("vereinbarungen/<int:pk>/bearbeiten/", agreements.edit, name="agreement_edit"),
    path("vereinbarungen/<int:pk>/pruefung/", agreements.review, name="agreement_review"),
    path("vereinbarungen/<int:pk>/ende/", agreements.end, name="agreement_end"),
    path("beitraege/", contributions.index, name="contributions"),
    path("beitraege/liste.<str:ending>", contributions.export, name="contributions_export"),
    path(
        "beitraege/je-jahr-und-gebiet.<str:ending>",
        contributions.sums_export,
        name="contribution_sums_export",
    ),
    path("beitraege/neu/", contributions.new, name="contribution_new"),
    path("beitraege/<int:pk>/", contributions.edit, name="contribution_edit"),
]
PARTS = {
    "party": ("parteien", "party"),
    "pledge": ("zusagen", "pledge"),
    "stage": ("etappen", "stage_of_agreement"),
    "milestone": ("meilensteine", "milestone"),
}
for kind, (folder, name) in PARTS.items():
    PARTNERSHIPS += [
        path(
            f"vereinbarungen/<int:pk>/{folder}/neu/",
            agreements.part_new,
            {"kind": kind},
            name=f"{name}_new",
        ),
        path(
            f"vereinbarungen/<int:pk>/{folder}/<int:part_pk>/",
            agreements.part_edit,
            {"kind": kind},
            name=f"{name}_edit",
        ),
    ]
LOCAL = FORUMS + ALLIANCES + PARTNERSHIPS

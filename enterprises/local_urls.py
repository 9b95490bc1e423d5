"""Addresses of forums, networks and partnerships; enterprises/urls.py takes them in."""

from django.urls import path

from enterprises.views import alliances, forums, meetings

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
LOCAL = FORUMS + ALLIANCES

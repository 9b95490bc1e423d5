"""Addresses of projects, consultations, appointments and imports; paths are German."""

from django.urls import path, register_converter

from consultations.converters import MomentConverter
from consultations.views import (
    absences,
    appointments,
    booking,
    calendars,
    consultations,
    guests,
    imports,
    moves,
    office_hours,
    on_behalf,
    projects,
    search,
)

register_converter(MomentConverter, "moment")

app_name = "consultations"

urlpatterns = [
    path("beratungen/", consultations.index, name="list"),
    path("beratungen/neu/", consultations.log, name="log"),
    path("beratungen/neu/bekannt/", consultations.log_known, name="log_known"),
    path("beratungen/liste.<str:ending>", consultations.export, name="export"),
    path("beratungen/<int:pk>/", consultations.detail, name="detail"),
    path("beratungen/<int:pk>/notiz/", consultations.note, name="note"),
    path("beratungen/<int:pk>/bearbeiten/", consultations.edit, name="edit"),
    path("beratungen/<int:pk>/zuruecknehmen/", consultations.withdraw, name="withdraw"),
    path("beratungen/<int:pk>/wiederherstellen/", consultations.restore, name="restore"),
    path("suche/organisationen/", search.organisations, name="organisation_search"),
    path("projekte/", projects.index, name="projects"),
    path("projekte/neu/", projects.new, name="project_new"),
    path("projekte/<slug:key>/", projects.detail, name="project"),
    path("projekte/<slug:key>/bearbeiten/", projects.edit, name="project_edit"),
    path("projekte/<slug:key>/pseudonym.csv", projects.pseudonymous, name="pseudonymous"),
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
    path("termin/", guests.about, name="guest_about"),
    path("termin/zeit/", guests.times, name="guest_times"),
    path("termin/kontakt/", guests.who, name="guest_who"),
    path("termin/postfach/", guests.sent, name="guest_sent"),
    path("termin/<str:token>/", guests.guest, name="guest"),
    path("termin/<str:token>/bestaetigen/", guests.confirm, name="guest_confirm"),
    path("termin/<str:token>/absagen/", guests.cancel, name="guest_cancel"),
    path("termin/<str:token>/verschieben/", guests.move, name="guest_move"),
    path("termine/", appointments.appointments, name="appointments"),
    path("termine/buchen/", booking.book, name="book"),
    path("termine/buchen/<int:pk>/<moment:starts_at>/", booking.book_time, name="book_time"),
    path("termine/fuer-andere/", on_behalf.book_for, name="book_for"),
    path(
        "termine/fuer-andere/<int:pk>/<moment:starts_at>/",
        on_behalf.book_for_time,
        name="book_for_time",
    ),
    path("termine/<int:pk>/brief/", on_behalf.letter, name="appointment_letter"),
    path("suche/personen/", search.people, name="person_search"),
    path("termine/<int:pk>/", appointments.appointment, name="appointment"),
    path("termine/<int:pk>/gebucht/", appointments.booked, name="booked"),
    path("termine/<int:pk>/termin.ics", appointments.appointment_ics, name="appointment_ics"),
    path("termine/<int:pk>/absagen/", appointments.cancel, name="cancel"),
    path("termine/<int:pk>/verschieben/", moves.move, name="move"),
    path(
        "termine/<int:pk>/verschieben/<int:hours>/<moment:starts_at>/",
        moves.move_to,
        name="move_to",
    ),
    path("termine/<int:pk>/stattgefunden/", appointments.took_place, name="took_place"),
    path("termine/<int:pk>/nicht-erschienen/", appointments.missed, name="missed"),
    path("termine/kalender/", calendars.calendars, name="calendars"),
    path("termine/kalender/adresse/", calendars.feed_renew, name="feed_renew"),
    path("termine/kalender/namen/", calendars.feed_names, name="feed_names"),
    path("termine/kalender/widerrufen/", calendars.feed_revoke, name="feed_revoke"),
    path("kalender.ics", calendars.feed, name="feed"),
    path("sprechstunden/", office_hours.office_hours, name="office_hours"),
    path("sprechstunden/neu/", office_hours.office_hours_new, name="office_hours_new"),
    path("sprechstunden/<int:pk>/", office_hours.office_hours_edit, name="office_hours_edit"),
    path("sprechstunden/<int:pk>/ende/", office_hours.office_hours_end, name="office_hours_end"),
    path("sprechstunden/<int:pk>/ausnahmen/", office_hours.changed_days, name="changed_days"),
    path(
        "sprechstunden/<int:pk>/ausnahmen/<int:day_pk>/aufheben/",
        office_hours.changed_day_undo,
        name="changed_day_undo",
    ),
    path("abwesenheiten/", absences.absences, name="absences"),
    path("abwesenheiten/<int:pk>/", absences.absence, name="absence"),
    path(
        "abwesenheiten/<int:pk>/zuruecknehmen/", absences.absence_withdraw, name="absence_withdraw"
    ),
]

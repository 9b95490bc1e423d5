"""Addresses of the work itself; paths are German."""

from django.urls import path, register_converter

from consultations.converters import MomentConverter
from consultations.views import appointments, booking, office_hours

register_converter(MomentConverter, "moment")

app_name = "consultations"
urlpatterns = [
    path("termine/", appointments.appointments, name="appointments"),
    path("termine/buchen/", booking.book, name="book"),
    path("termine/buchen/<int:pk>/<moment:starts_at>/", booking.book_time, name="book_time"),
    path("termine/<int:pk>/", appointments.appointment, name="appointment"),
    path("termine/<int:pk>/gebucht/", appointments.booked, name="booked"),
    path("termine/<int:pk>/termin.ics", appointments.appointment_ics, name="appointment_ics"),
    path("termine/<int:pk>/absagen/", appointments.cancel, name="cancel"),
    path("termine/<int:pk>/stattgefunden/", appointments.took_place, name="took_place"),
    path("termine/<int:pk>/nicht-erschienen/", appointments.missed, name="missed"),
    path("sprechstunden/", office_hours.office_hours, name="office_hours"),
    path("sprechstunden/neu/", office_hours.office_hours_new, name="office_hours_new"),
    path("sprechstunden/<int:pk>/", office_hours.office_hours_edit, name="office_hours_edit"),
    path("sprechstunden/<int:pk>/ende/", office_hours.office_hours_end, name="office_hours_end"),
]

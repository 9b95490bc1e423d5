"""Addresses of the bin; paths are German."""

from django.urls import path

from best_portal.bin import views

app_name = "bin"

urlpatterns = [
    path("papierkorb/", views.index, name="content"),
    path("papierkorb/<slug:noun>/<int:pk>/loeschen/", views.put, name="put"),
    path("papierkorb/<slug:noun>/<int:pk>/zurueckholen/", views.take_out, name="take_out"),
]

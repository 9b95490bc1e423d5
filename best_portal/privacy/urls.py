"""Addresses of a founder's own pages and of wishes to be erased; paths are German."""

from django.urls import path

from best_portal.privacy import erasure_views, views

app_name = "privacy"

urlpatterns = [
    path("meine-akte/", views.my_file, name="my_file"),
    path("meine-akte/gespeichert/", views.stored, name="stored"),
    path("meine-akte/herunterladen/", views.download, name="download"),
    path("meine-akte/loeschen/", erasure_views.wish, name="wish"),
    path("meine-akte/loeschen/<int:pk>/zurueck/", erasure_views.withdraw, name="wish_withdraw"),
    path("personen/<int:pk>/loeschwunsch/", erasure_views.record, name="record"),
    path("loeschwuensche/", erasure_views.index, name="erasures"),
    path("loeschwuensche/<int:pk>/", erasure_views.decide, name="erasure"),
    path("loeschwuensche/<int:pk>/ablehnen/", erasure_views.refuse, name="erasure_refuse"),
]

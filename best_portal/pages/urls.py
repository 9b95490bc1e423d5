"""Addresses of the required pages' making, and of the barriers people report; paths are German."""

from django.urls import path

from best_portal.pages import views

app_name = "pages"

urlpatterns = [
    path("barrierefreiheit/melden/", views.barrier_new, name="barrier_new"),
    path("barrierefreiheit/gemeldet/", views.barrier_sent, name="barrier_sent"),
    path("seiten/", views.index, name="list"),
    path("seiten/barrieren/", views.barriers, name="barriers"),
    path("seiten/barrieren/liste.<str:ending>", views.barriers_export, name="barriers_export"),
    path("seiten/barrieren/<int:pk>/", views.barrier, name="barrier"),
    path("seiten/<slug:page>/<slug:language>/", views.edit, name="edit"),
    path(
        "seiten/<slug:page>/<slug:language>/liste.<str:ending>",
        views.versions_export,
        name="versions_export",
    ),
    path("seiten/<slug:page>/<slug:language>/<int:number>/", views.version, name="version"),
]

"""Addresses of the neighbourhoods; paths are German."""

from django.urls import path

from districts import views

app_name = "districts"

urlpatterns = [
    path("quartiere/", views.index, name="list"),
    path("quartiere/liste.<str:ending>", views.export, name="export"),
    path("quartiere/<slug:slug>/", views.detail, name="detail"),
    path("quartiere/<slug:slug>/nachfolge/", views.succeed, name="succeed"),
    path("quartiere/<slug:slug>/nachfolge/zurueck/", views.take_back, name="take_back"),
    path("quartiere/<slug:slug>/notizen/neu/", views.note_new, name="note_new"),
    path("quartiere/<slug:slug>/notizen/<int:pk>/", views.note_edit, name="note_edit"),
]

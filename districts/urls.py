"""Addresses of the neighbourhoods; paths are German."""

from django.urls import path

from districts import views

app_name = "districts"

urlpatterns = [
    path("quartiere/", views.index, name="list"),
    path("quartiere/<slug:slug>/", views.detail, name="detail"),
]

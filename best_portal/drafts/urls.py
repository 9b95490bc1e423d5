"""Addresses of drafts; paths are German."""

from django.urls import path

from best_portal.drafts import views

app_name = "drafts"

urlpatterns = [
    path("entwuerfe/", views.drafts, name="list"),
    path("entwuerfe/sichern/", views.save, name="save"),
    path("entwuerfe/<int:pk>/verwerfen/", views.discard, name="discard"),
    path("entwuerfe/<int:pk>/zurueckholen/", views.take_back, name="take_back"),
]

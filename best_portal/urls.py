"""Every address of the portal, composed from the apps' own; paths are German."""

from django.urls import path

from best_portal.health import ready

urlpatterns = [
    path("bereit/", ready, name="ready"),
]

"""Every address of the portal, composed from the apps' own; paths are German."""

urlpatterns = []

"""Addresses of accounting: grants and reports."""

app_name = "reports"

urlpatterns = []

"""What people type about organisations and the people in them: one file per kind of noun."""

"""What people type about consultations and projects: one file per noun."""

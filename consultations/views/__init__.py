"""The pages of projects, consultations, appointments and imports: one file per noun."""

"""The pages of organisations: one file per kind of noun."""

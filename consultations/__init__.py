"""What: the projects, the consultations and the appointments, the work itself."""

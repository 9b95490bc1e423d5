"""For whom: accounting to the funders for the work and the money."""

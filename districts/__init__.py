"""Where: Berlin's boroughs and the Quartiersmanagement areas in them."""

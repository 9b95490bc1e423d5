"""A list of operations as an authority publishes it: from a table to entries, no database."""

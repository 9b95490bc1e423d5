"""A list of vouchers as a bookkeeping gives it out: from a table to entries, no database."""

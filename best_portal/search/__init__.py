"""One box that finds people, organisations and what was written: a kind of thing is one class."""

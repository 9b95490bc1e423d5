"""The outbox: every letter is a row first, so that it is sent once, late or never, but not lost."""

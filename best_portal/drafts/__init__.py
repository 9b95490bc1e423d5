"""Drafts: what somebody has typed and not sent yet, kept on the server, for any form."""

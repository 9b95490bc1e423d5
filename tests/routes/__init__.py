"""Every route for every role, with own objects and foreign ones."""

"""Template tags of the pages of the work itself."""

"""Who may enter, wearing which hat."""

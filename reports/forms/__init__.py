"""The forms of accounting, one file per noun."""

"""The pages of accounting, one file per noun."""

"""A consultation log kept by hand: from a file to entries and problems, without the database.

`sheet` reads the file, `columns` finds the table and its columns' meaning, `rows` makes entries.
"""

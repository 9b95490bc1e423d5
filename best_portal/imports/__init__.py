"""Lists kept elsewhere, brought here: one machine for every kind of list.

`guard`, `delimited` and `sheet` open a file safely, `columns` finds the table in it, `rows` reads
it, `preview` shows it, `models` keeps it until it is taken over or put aside, and `pages`, `forms`
and `command` let people do so. What a list means says the app that brings it, in subclasses of
`Meanings`, `RowReader` and `Import`.
"""

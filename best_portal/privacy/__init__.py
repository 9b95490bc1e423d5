"""What a person may ask for: their own file, what is stored and who read it, all of it as files."""

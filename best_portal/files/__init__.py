"""Files people bring: what is taken, how it is checked, and the store outside the web's reach."""

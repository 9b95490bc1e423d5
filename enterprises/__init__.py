"""Who: the initiatives, enterprises and bodies we advise and work with, and their people."""

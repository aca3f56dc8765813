"""How many cars may come in a year."""

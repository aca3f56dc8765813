"""Which car fits which street and parking bay."""

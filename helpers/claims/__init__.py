"""Which statements of the articles hold."""

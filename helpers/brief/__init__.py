"""The answers of all notebooks on one page."""

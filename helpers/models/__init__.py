"""The models: pure functions from tables and parameters to answers. Nothing here reads a file, draws a figure or knows a scenario."""

"""The panel: every parameter at hand, every answer worked out again."""

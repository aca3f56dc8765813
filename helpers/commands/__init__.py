"""The commands of `reverse-imports`, a file a group; `helpers/cli.py` puts them together."""

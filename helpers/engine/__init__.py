"""The warm engine: notebooks run in forks of one prepared process."""

"""A job's own process. What runs it is `__main__`, which processes that a job starts do not import again."""

NICENESS = 5
"""So much lower is its priority, that the window stays smooth beside it."""

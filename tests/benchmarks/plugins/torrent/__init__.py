"""A plugin for measuring: a job that reports very much, at a steady pace, and computes nothing."""

from workbench.api import P, Params, Tool, hookimpl


class Settings(Params):
    """How much, and for how long."""

    steps: int = P(500_000, "Steps", ge=1)
    minutes: float = P(12.0, "Minutes that they take at least", unit="min", gt=0)


TORRENT = Tool("torrent", "A torrent of reports", Settings, run=".job:run")


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [TORRENT]

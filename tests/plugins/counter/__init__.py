"""A job for tests that spreads tasks over processes, keeps their results, and caches a file."""

from workbench.api import Declaration, P, Params, Tool, hookimpl


class Settings(Params):
    """What is counted."""

    tasks: int = P(20, "Tasks", ge=1)
    seconds: float = P(0.0, "Seconds for each", ge=0)
    workers: int = P(2, "Processes", ge=1)
    deadly: int = P(-1, "Task that kills its process once")


@hookimpl
def workbench_declare() -> list[Declaration]:
    """The tool."""
    return [Tool("count", "Squares", Settings, run=".job:run", result="squares")]

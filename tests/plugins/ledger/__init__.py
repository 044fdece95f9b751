"""A job for tests of kills: training that writes into a file of its own when it reported which step."""

from workbench.api import P, Params, Tool, hookimpl


class Settings(Params):
    """What the training can be told."""

    steps: int = P(100, "Steps", ge=1)
    pause: float = P(0.0, "Pause between steps", unit="s", ge=0)
    evaluation: float = P(0.0, "Length of the evaluation at the end", unit="s", ge=0)
    workers: int = P(0, "Processes of the evaluation", ge=0)
    ledger: str = P("", "File")


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [Tool("ledger", "Training with a ledger", Settings, run=".job:run", threads=1)]

"""A job for tests: gradient descent on w², by an optimizer whose rate cannot change while it runs."""

from workbench.api import P, Params, Tool, hookimpl


class Settings(Params):
    """How it descends."""

    lr: float = P(0.1, "Rate", gt=0)
    steps: int = P(100, "Steps", ge=1)
    device: str = P("auto", "Device")
    every: int = P(1000, "Steps between checkpoints", ge=1)


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [Tool("parabola", "A parabola", Settings, run=".job:run", best="-loss", warm=("torch",), threads=1)]

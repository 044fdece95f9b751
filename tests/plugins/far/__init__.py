"""A job for tests whose scalars lie on a GPU, as far as those who fetch them can tell."""

from workbench.api import P, Params, Tool, hookimpl


class Settings(Params):
    lr: float = P(1e-2, "Rate", gt=0, live=True)
    steps: int = P(20, "Steps", ge=1)
    bad: int = P(0, "Step whose number is none")


@hookimpl
def workbench_declare() -> list[Tool]:
    return [Tool("far", "Far away", Settings, run=".job:run")]

"""A job for tests: a random walk of 200 points, with every way for a job to go wrong."""

from typing import Literal

from workbench.api import Layer, P, Panel, Params, Preset, Tool, hookimpl


class Settings(Params):
    """What the walk can be told."""

    lr: float = P(1e-2, "Rate", gt=0, log=True, live=True)
    steps: int = P(100, "Steps", ge=1)
    pause: float = P(0.0, "Pause between steps", unit="s", ge=0)
    fault: Literal["", "raise", "exit", "segfault", "hang", "user", "nan"] = P("", "Fault")
    fault_at: int = P(50, "Step of the fault")


WALK = Tool(
    "walk",
    "A random walk",
    Settings,
    run=".job:run",
    description="Points that wander.",
    panels=(Panel("cloud", parts=(Layer("points", "here"),)),),
    presets=(Preset("short", "Short", {"steps": 20}),),
    best="-spread",
    warm=("torch",),
    threads=1,
)


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [WALK]

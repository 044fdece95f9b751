"""A job for tests: a random walk of 200 points, with every way for a job to go wrong."""

from typing import Literal

from workbench.api import (
    Action,
    Arm,
    Declaration,
    Experiment,
    Layer,
    P,
    Panel,
    Params,
    Preset,
    Tool,
    domain,
    hookimpl,
)

T = domain("walker")


class Settings(Params):
    """What the walk can be told."""

    lr: float = P(1e-2, "Rate", gt=0, log=True, live=True)
    steps: int = P(100, "Steps", ge=1)
    pause: float = P(0.0, "Pause between steps", unit="s", ge=0)
    fault: Literal["", "raise", "exit", "segfault", "hang", "user", "nan", "memory"] = P("", "Fault")
    fault_at: int = P(50, "Step of the fault")


WALK = Tool(
    "walk",
    "A random walk",
    Settings,
    run=".job:run",
    stacked=".stacked:run",
    actions=(Action("home", "Back home"),),
    description="Points that wander.",
    panels=(Panel("cloud", parts=(Layer("points", "here"),)),),
    presets=(Preset("short", "Short", {"steps": 20}),),
    best="-spread",
    threads=1,
)


FASTER = Experiment(
    "faster-spreads",
    statement="A walk with a higher rate spreads further.",
    source="The diffusion equation",
    arms=(
        Arm("slow", "walk", {"lr": 0.01}, {"seed": (0, 1, 2)}),
        Arm("fast", "walk", {"lr": 0.1}, {"seed": (0, 1, 2)}),
    ),
    verdict=".job:verdict",
    quick={"steps": 20},
    quick_vary={"seed": (0, 1)},
)


@hookimpl
def workbench_declare() -> list[Declaration | Experiment]:
    """The tool and its experiment."""
    return [WALK, FASTER]

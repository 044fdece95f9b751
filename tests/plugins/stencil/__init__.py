"""Tools for tests of arrays among the parameters: what shows through a mask, in a long job and live."""

from typing import Annotated, Any

from workbench.api import Array, P, Params, Tool, hookimpl


class Settings(Params):
    """What is shown, and how much of it."""

    mask: Annotated[Any, Array("bool", 2)] = P([[True, False]], "Mask", live=True)
    gain: float = P(1.0, "Gain", live=True)
    steps: int = P(3, "Steps", ge=1)


@hookimpl
def workbench_declare() -> list[Tool]:
    """A long job and a live tool."""
    return [
        Tool("stencil", "A stencil", Settings, run=".job:run"),
        Tool("held", "A stencil, live", Settings, run=".job:show", live=True),
    ]

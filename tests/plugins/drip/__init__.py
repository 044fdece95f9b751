"""A job for tests of the window: light, slow when it is told to, with pictures, points, rows, notices and faults."""

from typing import Literal

from workbench.api import Layer, P, Panel, Params, Preset, Tool, hookimpl


class Settings(Params):
    """How it drips."""

    steps: int = P(40, "Steps", ge=1)
    pause: float = P(0.0, "Pause", unit="s", ge=0, live=True)
    fault: Literal["", "raise", "notice"] = P("", "Fault")


DRIP = Tool(
    "drip",
    "Dripping water",
    Settings,
    run=".job:run",
    panels=(Panel("picture", "images", "tiles"), Panel("cloud", parts=(Layer("points", "drops"),), title="Drops")),
    layout="picture | cloud",
    presets=(Preset("slow", "Slow", {"steps": 4000, "pause": 0.01}, text="Watch it."), Preset("short", "Short", {})),
)


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [DRIP]

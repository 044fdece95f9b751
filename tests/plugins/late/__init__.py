"""A job some of whose panels get something late, and one nothing at all; at its end it reports results."""

from workbench.api import Layer, P, Panel, Params, Preset, Tool, hookimpl


class Settings(Params):
    """How long it takes."""

    steps: int = P(40, "Steps", ge=1)
    late: int = P(20, "First picture at step", ge=1, live=True)
    pause: float = P(0.02, "Pause", unit="s", ge=0)


LATE = Tool(
    "late",
    "Late pictures",
    Settings,
    run=".job:run",
    panels=(
        Panel("early", parts=(Layer("points", "early"),), title="Early"),
        Panel("picture", "images", "picture", title="Picture"),
        Panel("never", "text", "never", title="Never"),
    ),
    layout="early | picture / never",
    presets=(Preset("first", "First", {}),),
)


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [LATE]

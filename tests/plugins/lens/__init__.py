"""A live tool for tests: a bump on a field, its centre dragged by a handle."""

from workbench.api import Handle, Layer, P, Panel, Params, Preset, Tool, hookimpl


class Settings(Params):
    """Where the bump is."""

    centre: tuple[float, float] = P((0.0, 0.0), "Centre")
    width: float = P(0.5, "Width", gt=0, log=True)
    size: int = P(400, "Points per side", ge=2)
    work: int = P(1, "Rounds of work", ge=1)


LENS = Tool(
    "lens",
    "A bump",
    Settings,
    run=".look:run",
    live=True,
    panels=(Panel("picture", parts=(Layer("field", "bump"), Handle("point", "centre"))),),
    presets=(Preset("left", "To the left", {"centre": [-0.5, 0.0]}),),
    warm=("numpy",),
)


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [LENS]

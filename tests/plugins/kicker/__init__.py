"""Tools for tests of actions: a ball that is kicked while its job runs, and a live one."""

from workbench.api import Action, Group, Layer, P, Panel, Params, Preset, Tool, hookimpl


class Settings(Params):
    """How the ball rolls."""

    steps: int = P(4000, "Steps", ge=1)
    pause: float = P(0.005, "Pause", unit="s", ge=0)


class Kick(Group):
    """What a kick wants to know."""

    strength: float = P(1.0, "Strength", gt=0)
    backwards: bool = P(False, "Backwards")


class Place(Params):
    """Where the live ball lies."""

    height: float = P(0.0, "Height")


ACTIONS = (Action("kick", "Kick", Kick), Action("rest", "Rest"))
PANEL = Panel("place", parts=(Layer("points", "ball"),))


@hookimpl
def workbench_declare() -> list[Tool]:
    """A long job and a live tool."""
    return [
        Tool("ball", "A ball", Settings, run=".job:roll", panels=(PANEL,), actions=ACTIONS),
        Tool(
            "still", "A ball, live", Place, run=".job:lie", live=True, panels=(PANEL,), actions=ACTIONS,
            presets=(Preset("high", "High up", {"height": 5.0}, text="Kick it."),),
        ),
        Tool("toys", "Many toys", Settings, run=".job:roll", actions=tuple(Action(f"toy{n}") for n in range(5))),
    ]  # fmt: skip

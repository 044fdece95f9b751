"""A plugin for measuring: two small GANs, trained for so many seconds, that tell how fast they went."""

from typing import Literal

from workbench.api import P, Params, Tool, hookimpl


class Settings(Params):
    """Which of the two, and for how long."""

    game: Literal["mlp", "conv"] = P("mlp", "Game")
    seconds: float = P(10.0, "Seconds that are measured", unit="s", gt=0)
    warm: int = P(50, "Steps before them", ge=1)


DUEL = Tool("duel", "Two small GANs", Settings, run=".job:run", warm=("torch",), threads=1)


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [DUEL]

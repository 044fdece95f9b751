"""A plugin for measuring: two small GANs, trained until they are ended, that tell when each step was done."""

from typing import Literal

from workbench.api import P, Params, Tool, hookimpl


class Settings(Params):
    """Which of the two, and where it tells of its steps."""

    game: Literal["mlp", "conv"] = P("mlp", "Game")
    ticks: str = P("", "File of its steps")


DUEL = Tool("duel", "Two small GANs", Settings, run=".job:run", warm=("torch",), threads=1)


@hookimpl
def workbench_declare() -> list[Tool]:
    """The tool."""
    return [DUEL]

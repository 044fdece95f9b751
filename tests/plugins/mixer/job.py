"""Dice: made, kept, loaded, thrown."""

from __future__ import annotations

import json
from pathlib import Path

from workbench.api import Context

from . import Die, Two


def make(params: Die, context: Context) -> None:
    """A die at every step, each with one side more; and a cup, which is no die."""
    for step in context.steps(params.steps):
        sides = list(range(1, params.sides + step))
        context.artifact("die", "model/die", lambda path, sides=sides: keep(path, sides))  # type: ignore[misc]
        context.artifact("cup", "model/cup", lambda path: keep(path, []))


def throw(params: Two, context: Context) -> None:
    """The mean of their sum."""
    one, other = context.load(params.one), context.load(params.other)
    context.scalars(mean=sum(one) / len(one) + sum(other) / len(other))


def keep(path: Path, sides: list[int]) -> None:
    """Writes a die."""
    path.write_text(json.dumps(sides))


def load(path: Path) -> list[int]:
    """The sides of a die."""
    sides: list[int] = json.loads(path.read_text())
    return sides

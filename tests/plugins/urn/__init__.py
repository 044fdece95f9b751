"""A job for tests of data in files: beads are counted that lie in an urn."""

from pathlib import Path
from typing import Annotated, Any

from workbench.api import File, Group, Offer, Offered, P, Params, Tool, hookimpl


class Beads(Group):
    """A text with a letter for each bead."""

    path: Annotated[Path, File("*.txt")] = P(..., "File")


class Settings(Params):
    """What is counted, and how often."""

    data: Annotated[Any, Offered("dataset/beads")] = P(..., "Beads")
    beside: tuple[Annotated[Path, File("*.txt")], ...] = P((), "More of them")
    steps: int = P(2, "Steps", ge=1)


@hookimpl
def workbench_declare() -> list[Tool | Offer]:
    """The data and the tool."""
    return [
        Offer("beads", "dataset/beads", "Beads", ".job:load", Beads),
        Tool("urn", "An urn", Settings, run=".job:run"),
    ]

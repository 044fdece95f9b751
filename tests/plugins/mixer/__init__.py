"""A model composed of others for tests: dice that runs made, thrown together without knowing who made them."""

from typing import Annotated

from workbench.api import Artifact, ArtifactKind, Declaration, P, Params, Tool, hookimpl


class Die(Params):
    """A die to be made."""

    sides: int = P(6, "Sides", ge=1)
    steps: int = P(1, "Versions", ge=1)


class Two(Params):
    """Two dice that runs have made."""

    one: Annotated[str, Artifact("model/die")] = P(..., "One die")
    other: Annotated[str, Artifact("model/die")] = P(..., "The other")


@hookimpl
def workbench_declare() -> list[Declaration]:
    """A tool that makes artifacts, one that takes them, and how they are loaded."""
    return [
        Tool("die", "A die", Die, run=".job:make", threads=1),
        Tool("throw", "Two dice", Two, run=".job:throw", threads=1),
        Tool("look", "Two dice, live", Two, run=".job:throw", live=True, threads=1),
        ArtifactKind("model/die", "A die", ".job:load"),
        ArtifactKind("model/cup", "A cup", ".job:load"),
    ]

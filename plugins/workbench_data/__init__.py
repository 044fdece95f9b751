"""Data sets that every tool may use: embedded digits, the MNIST family from files, mixtures in the plane."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from workbench.api import Declaration, Folder, Group, Offer, P, hookimpl


class Digits(Group):
    """Nothing to set."""


class Ring8(Group):
    """Eight normals on a circle."""

    radius: float = P(2.0, "Radius", gt=0)
    sigma: float = P(0.02, "Standard deviation", gt=0, log=True)


class Grid25(Group):
    """25 normals on a square grid."""

    spacing: float = P(2.0, "Spacing", gt=0)
    sigma: float = P(0.05, "Standard deviation", gt=0, log=True)


class Moons(Group):
    """Two half moons."""

    radius: float = P(2.0, "Radius", gt=0)
    sigma: float = P(0.1, "Standard deviation", gt=0, log=True)


class SwissRoll(Group):
    """A spiral."""

    radius: float = P(3.0, "Outer radius", gt=0)
    sigma: float = P(0.1, "Standard deviation", gt=0, log=True)


class Idx(Group):
    """MNIST, Fashion-MNIST, Kuzushiji-MNIST, …: four IDX files, plain or .gz."""

    path: Annotated[Path, Folder()] = P(Path(), "Folder")


OFFERS = [
    Offer(
        id="digits",
        kind="dataset/image",
        title="Digits, 8 × 8",
        description="1 797 handwritten digits, built in (UCI, CC BY 4.0).",
        params=Digits,
        load="workbench.ml.data:digits",
    ),
    Offer(
        id="idx",
        kind="dataset/image",
        title="IDX files (MNIST family)",
        description="A folder with train-images-idx3-ubyte and its three companions, plain or .gz.",
        params=Idx,
        load="workbench.ml.data:idx",
    ),
    Offer(
        id="ring8",
        kind="dataset/points",
        title="Ring of 8",
        description="Eight narrow normals on a circle.",
        params=Ring8,
        load="workbench.ml.data:ring8",
    ),
    Offer(
        id="grid25",
        kind="dataset/points",
        title="Grid of 25",
        description="25 narrow normals on a square grid.",
        params=Grid25,
        load="workbench.ml.data:grid25",
    ),
    Offer(
        id="moons",
        kind="dataset/points",
        title="Two moons",
        description="Two half circles that reach into each other.",
        params=Moons,
        load="workbench.ml.data:moons",
    ),
    Offer(
        id="swissroll",
        kind="dataset/points",
        title="Swiss roll",
        description="A spiral in the plane.",
        params=SwissRoll,
        load="workbench.ml.data:swissroll",
    ),
]


@hookimpl
def workbench_declare() -> Iterable[Declaration]:
    return OFFERS

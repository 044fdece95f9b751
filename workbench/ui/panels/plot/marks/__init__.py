"""What a canvas draws: one mark for each kind of layer."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.tool import Layer
from workbench.ui.panels.plot.marks.arrows import ArrowsMark
from workbench.ui.panels.plot.marks.bars import BarsMark
from workbench.ui.panels.plot.marks.base import Entry, Mark, Scale
from workbench.ui.panels.plot.marks.field import FieldMark
from workbench.ui.panels.plot.marks.lines import LinesMark
from workbench.ui.panels.plot.marks.paths import PathsMark
from workbench.ui.panels.plot.marks.points import PointsMark
from workbench.ui.panels.plot.marks.scalars import ScalarsMark

MARKS: Mapping[str, type[Mark]] = {
    "scalars": ScalarsMark, "lines": LinesMark, "points": PointsMark, "field": FieldMark,
    "arrows": ArrowsMark, "paths": PathsMark, "bars": BarsMark,
}  # fmt: skip


def make_mark(layer: Layer, place: int) -> Mark:
    """The mark of a layer."""
    return MARKS[layer.kind](layer, place)


__all__ = ["MARKS", "Entry", "Mark", "Scale", "make_mark"]

"""The results: scalars that have one value each, a row for each, a column for every run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.texts import T
from workbench.tool import Panel
from workbench.ui.panels.base import PanelWidget, Say
from workbench.ui.panels.fitting import scalars_of, spoken
from workbench.ui.panels.rows import RowsModel
from workbench.ui.panels.table import Sheet
from workbench.ui.source import Source


class ResultsPanel(PanelWidget):
    """The newest values of the scalars that the panel's parts name."""

    def __init__(self, panel: Panel, say: Say) -> None:
        super().__init__(panel, say)
        self._named: list[Any] = []
        self.sheet = Sheet(say)
        self.show_content(self.sheet)

    def draw(self, sources: Sequence[Source]) -> None:
        """Takes the newest values."""
        if isinstance(self.sheet.model, RowsModel):
            rows = self._rows(sources)
            self.sheet.model.take(rows)
            self._fit([next(iter(row.values())) for row in rows])

    def _fit(self, named: list[Any]) -> None:
        """Results come bit by bit: a longer name has room too."""
        if named != self._named:
            self._named = named
            self.sheet.view.fit()

    def _rows(self, sources: Sequence[Source]) -> list[dict[str, Any]]:
        result = self.say(T("Result"))
        heads = [source.label for source in sources] if len(sources) > 1 else [self.say(T("Value"))]
        rows = []
        for name in scalars_of(self.panel):
            curves = [source.curve(name) for source in sources]
            values = [float(curve["value"][0]) if len(curve) == 1 else None for curve in curves]
            if any(value is not None for value in values):
                rows.append({result: spoken(name, self.say), **dict(zip(heads, values, strict=False))})
        return rows

    def filled(self, sources: Sequence[Source]) -> bool:
        """Whether some result is known at this step."""
        return bool(self._rows(sources))

    def worded(self) -> None:
        """The texts of its filter."""
        self.sheet.worded()

    def rows(self) -> list[list[Any]]:
        """As they are sorted and filtered."""
        model = self.sheet.model
        body = [[model.cell(i, j) for j in range(len(model.columns))] for i in range(model.rowCount())]
        return [list(model.columns), *body]

"""The tools at the left, found by some letters of their names in either language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QToolTip, QVBoxLayout, QWidget

from workbench import texts
from workbench.registry import FoundTool
from workbench.texts import T
from workbench.ui.formulas import Formulas
from workbench.ui.fuzzy import best
from workbench.ui.icons import sign
from workbench.ui.speech import Speech

_LEAST, _NARROW, _WIDE, _ROOM = 110, 180, 340, 34
"""Pixels: the least width; the limits of one that nobody chose; what stands beside a name."""
_ID = Qt.ItemDataRole.UserRole


class Sidebar(QWidget):
    """`chosen(tool id)` when another tool is looked at."""

    chosen = Signal(str)

    def __init__(self, tools: Sequence[FoundTool], speech: Speech) -> None:
        super().__init__()
        self._tools = {found.tool.id: found for found in tools}
        self._speech, self._formulas = speech, Formulas(self)
        self._formulas.ready.connect(self._retranslate)
        self.search = QLineEdit(clearButtonEnabled=True)
        speech.bind(self.search, "setPlaceholderText", T("Search tools"))
        self.list = QListWidget()
        self.list.setIconSize(QSize(26, 26))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        speech.bind(self.list, "setAccessibleName", T("Tools"))
        self.setMinimumWidth(_LEAST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 8, 6, 6)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        for found in tools:
            item = QListWidgetItem(sign(found.tool.id, found.tool.title), "", self.list)
            item.setData(_ID, found.tool.id)
        self._retranslate()
        speech.changed.connect(self._retranslate)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._take_first)
        self.list.itemSelectionChanged.connect(self._choose)
        self.list.itemActivated.connect(lambda item: self.chosen.emit(item.data(_ID)))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the names need, within limits."""
        wide = self.list.sizeHintForColumn(0) + _ROOM
        return QSize(min(max(wide, _NARROW), _WIDE), super().sizeHint().height())

    def choose(self, tool: str) -> None:
        """Selects a tool; none for "", when a page is looked at that is no tool's."""
        if not tool:
            self.list.clearSelection()  # the current one stays: without one Qt takes the first when the focus comes
        for item in self._items():
            if item.data(_ID) == tool:
                self.list.setCurrentItem(item)
                item.setSelected(True)

    @property
    def shown(self) -> list[str]:
        """The tools that the search leaves."""
        return [item.data(_ID) for item in self._items() if not item.isHidden()]

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _filter(self, query: str) -> None:
        for item in self._items():
            found = self._tools[item.data(_ID)]
            names = [texts.translate(found.tool.title, each, found.package) for each in texts.LANGUAGES]
            item.setHidden(bool(query.strip()) and not best(query, [*names, found.tool.id]))

    def _take_first(self) -> None:
        if self.shown:
            self.choose(self.shown[0])

    def _choose(self) -> None:
        for item in self.list.selectedItems():
            self.chosen.emit(item.data(_ID))

    def _retranslate(self) -> None:
        for item in self._items():
            found = self._tools[item.data(_ID)]
            title, description = (
                self._speech.say(text, found.package) for text in (found.tool.title, found.tool.description)
            )
            item.setText(title)
            tip = "\n".join(filter(None, (title, description)))
            item.setToolTip(self._formulas.html(tip, QToolTip.font(), QToolTip.palette().toolTipText().color().name()))

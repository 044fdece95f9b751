"""All jobs of this window: their states, their places in the queue; move, cancel, show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.texts import T, Text
from workbench.ui.icons import icon
from workbench.ui.jobs import Jobs, Work
from workbench.ui.named import named
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

_HEADS = (T("Run"), T("State"), T("Slot"), T("Progress"))


class JobList(QWidget):
    """`chosen(work)` when a job is to be shown."""

    chosen = Signal(object)

    def __init__(self, jobs: Jobs, speech: Speech, theme: Theme) -> None:
        super().__init__()
        self._jobs, self._speech, self._theme = jobs, speech, theme
        self._works: list[Work] = []
        self.tree = QTreeWidget()
        self.tree.setRootIsDecorated(False)
        self.tree.setColumnCount(len(_HEADS))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setStretchLastSection(False)
        self.buttons = {
            "up": self._button("up", T("Earlier in the queue"), lambda: self._move(-1)),
            "down": self._button("down", T("Later in the queue"), lambda: self._move(1)),
            "stop": self._button("stop", T("Stop and save"), lambda: self._end(save=True)),
            "close": self._button("close", T("Cancel: no last checkpoint"), lambda: self._end(save=False)),
        }
        self._lay_out()
        self.tree.itemActivated.connect(lambda *_: self._show())
        self.tree.itemSelectionChanged.connect(self._switch)
        jobs.changed.connect(self.refresh)
        jobs.queued.connect(self.refresh)
        jobs.beat.connect(self._progress)
        speech.changed.connect(self.refresh)
        theme.changed.connect(self._colour)
        self._colour()
        self.refresh()

    @property
    def current(self) -> Work | None:
        """The selected job."""
        item = self.tree.currentItem()
        row = self.tree.indexOfTopLevelItem(item) if item is not None else -1
        return self._works[row] if 0 <= row < len(self._works) else None

    def refresh(self) -> None:
        """Lists the jobs anew: those that run, then those that wait in their order, then the others, newest first."""
        current = self.current
        self.tree.setHeaderLabels([self._speech.say(each) for each in _HEADS])
        self._works = sorted(self._jobs.works, key=self._order)
        self.tree.clear()
        for work in self._works:
            item = QTreeWidgetItem(self.tree, self._row(work))
            item.setToolTip(0, work.job.spec.tool)
            if work is current:
                self.tree.setCurrentItem(item)
        self._switch()

    def _order(self, work: Work) -> tuple[int, float]:
        place = self._jobs.place(work)
        if place is not None:
            return 1, place
        return (2, -work.begun) if work.ended else (0, work.begun)

    def _row(self, work: Work) -> list[str]:
        place = self._jobs.place(work)
        name = T("{tool} (live)", tool=work.job.spec.tool) if work.live else Text(work.job.run_id)
        slot = T("waits, {place}", place=place + 1) if place is not None else Text(self._slot(work))
        return [self._speech.say(each) for each in (name, T(work.job.state), slot)] + [_percent(work)]

    def _slot(self, work: Work) -> str:
        return "" if work.ended or work.live else work.job.spec.slot.upper()

    def _progress(self) -> None:
        if self.isVisible():
            for row, work in enumerate(self._works):
                item = self.tree.topLevelItem(row)
                if item is not None and item.text(3) != _percent(work):
                    item.setText(3, _percent(work))

    def _switch(self) -> None:
        work = self.current
        waits = work is not None and self._jobs.place(work) is not None
        for name, button in self.buttons.items():
            button.setEnabled(waits if name in ("up", "down") else work is not None and not work.ended)

    def _move(self, by: int) -> None:
        if self.current is not None:
            self._jobs.move(self.current, by)

    def _end(self, *, save: bool) -> None:
        if self.current is not None:
            self._jobs.stop([self.current], save=save)

    def _show(self) -> None:
        if self.current is not None:
            self.chosen.emit(self.current)

    def _button(self, name: str, text: str, run: Callable[[], object]) -> QToolButton:
        button = named(QToolButton(autoRaise=True), name)
        self._speech.bind(button, "setToolTip", text)
        self._speech.bind(button, "setAccessibleName", text)
        button.clicked.connect(lambda _checked=False: run())
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addLayout(row)
        layout.addWidget(self.tree)

    def _colour(self) -> None:
        colours = self._theme.colours
        for name, button in self.buttons.items():
            button.setIcon(icon(name, colours.text, colours.line))


def _percent(work: Work) -> str:
    event = work.intake.progress
    total = event.data["total"] if event else None
    return f"{100 * event.data['done'] / total:.0f} %" if event and total else ""

"""What the runs of an experiment said: the verdict, its numbers, its picture, and the runs themselves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.evidence import Experiment
from workbench.registry import Found
from workbench.texts import T
from workbench.ui.docks import Docks
from workbench.ui.named import named
from workbench.ui.pages.experiments.links import link
from workbench.ui.pages.experiments.listing import FAILED, Judged, Trial, drawn, picture
from workbench.ui.pages.experiments.outcome import OUTCOMES, colour, size, when, written
from workbench.ui.stored import Stored

if TYPE_CHECKING:
    from workbench.ui.pages.experiments.page import ExperimentsPage

_LANE = "experiments"
_HIGH = 150
"""Pixels of the tables: the picture takes the rest."""
_NUMBERS = (T("Number"), T("Mean"), T("95 % interval"), T("n"))
_RUNS = (T("Run"), T("State"), T("What varies"))


class Findings(QWidget):
    """One verdict, or that there is none."""

    def __init__(self, page: ExperimentsPage) -> None:
        super().__init__()
        self.page, self.host = page, page.host
        self.judged: Judged | None = None
        self._found: Found[Experiment] | None = None
        self.outcome, self.text = named(QLabel(), "outcome"), QLabel(wordWrap=True)
        self.facts = named(QLabel(), "quiet")
        self.nothing = named(QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter), "quiet")
        self.numbers, self.runs = _tree("numbers"), _tree("trials")
        self.docks: Docks | None = None
        self._build()
        self.runs.itemActivated.connect(self._open)
        self.host.speech.changed.connect(self._word)
        self.host.theme.changed.connect(lambda _: self._word())

    def show_judged(self, found: Found[Experiment], judged: Judged | None) -> None:
        """Shows a verdict; its picture follows when it was read."""
        if judged is not None and self._shows(judged) and self._found is found:
            self.judged = judged
            return
        self._found, self.judged = found, judged
        self._clear()
        self._word()
        if judged is not None and judged.outcome != FAILED:
            read = partial(picture, judged)
            self.host.background.do(read, partial(self._draw, judged), self.page.complain, lane=_LANE)

    def _shows(self, judged: Judged) -> bool:
        """Whether it is the verdict that is shown; read again meanwhile, it is another object."""
        return self.judged is not None and self.judged.row == judged.row

    # ------------------------------------------------------------------ the picture

    def _draw(self, judged: Judged, source: Stored) -> None:
        if self._shows(judged) and drawn(source):
            self.host.when_drawable(partial(self._make_panels, judged, source))

    def _make_panels(self, judged: Judged, source: Stored) -> None:
        if not self._shows(judged) or self.docks is not None or self._found is None:
            return
        panels = self.host.part("panels", "panels_for")(drawn(source), {}, ())
        self.docks = Docks(self._found.package, self.host.speech, self.host.theme)
        self.docks.fill(panels, " | ".join(each.id for each in panels), self.host.part("panels", "make_panel"))
        self._layout.addWidget(self.docks, 1)
        self.docks.show()
        self.docks.looked.connect(partial(self._refresh, source))
        self._refresh(source)

    def _refresh(self, source: Stored) -> None:
        if self.docks is not None:
            self.docks.refresh([source])

    def _clear(self) -> None:
        if self.docks is not None:
            self._layout.removeWidget(self.docks)
            self.docks.deleteLater()
            self.docks = None

    # ------------------------------------------------------------------ texts

    def _word(self) -> None:
        judged, say = self.judged, self.host.speech.say
        for widget in (self.outcome, self.text, self.facts, self.runs):
            widget.setVisible(judged is not None)
        self.nothing.setVisible(judged is None)
        self.nothing.setText(say(T("This statement was never put to the test on this machine.")))
        self.numbers.setVisible(judged is not None and bool(judged.numbers))
        if judged is None or self._found is None:
            return
        self.outcome.setText(say(OUTCOMES[judged.outcome]))
        self.text.setText(say(judged.text, self._found.package))
        self.facts.setText(" · ".join([*self._facts(judged), self._group(judged)]))
        self._fill_numbers(judged)
        self._fill_runs(judged.trials)
        self._colour()

    def _facts(self, judged: Judged) -> list[str]:
        say = self.host.speech.say
        runs = T("runs: {count}", count=len(judged.trials))
        return [escape(each) for each in (say(size(judged.quick)), when(judged.row.created), say(runs))]

    def _group(self, judged: Judged) -> str:
        """A link to its runs on the page of runs, where more can be done with them."""
        group = judged.row.group
        return link(group, group, self.host.theme.colours.accent)

    def _show_group(self, group: str) -> None:
        self.page.main.runs.page.show_group(group)
        self.page.main.runs.show()

    def _fill_numbers(self, judged: Judged) -> None:
        self.numbers.setHeaderLabels([self.host.speech.say(each) for each in _NUMBERS])
        self.numbers.clear()
        for name, number in judged.numbers.items():
            item = QTreeWidgetItem(self.numbers, [name, *written(number)])
            for column in (1, 2, 3):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        _fit(self.numbers)

    def _fill_runs(self, trials: Sequence[Trial]) -> None:
        say = self.host.speech.say
        self.runs.setHeaderLabels([say(each) for each in _RUNS])
        self.runs.clear()
        arms: dict[str, QTreeWidgetItem] = {}
        for trial in trials:
            arm = arms.setdefault(
                trial.arm, QTreeWidgetItem([say(trial.arm, self._found.package if self._found else "")])
            )
            varied = ", ".join(f"{path}={value}" for path, value in trial.varied.items())
            state = say(T(trial.state)) if trial.state else say(T("deleted"))
            item = QTreeWidgetItem(arm, [trial.run, state, varied])
            item.setData(0, Qt.ItemDataRole.UserRole, trial.run if trial.state else "")
        self.runs.addTopLevelItems(list(arms.values()))
        self.runs.expandAll()
        _fit(self.runs)

    def _open(self, item: QTreeWidgetItem) -> None:
        name = item.data(0, Qt.ItemDataRole.UserRole)
        if name:
            self.page.main.open_run(name)

    def _colour(self, *_: object) -> None:
        colours = self.host.theme.colours
        found = colour(self.judged.outcome if self.judged else "", colours)
        self.outcome.setStyleSheet(
            f"color: {colours.base}; background: {found}; border-radius: 9px; padding: 3px 12px; font-weight: 600;"
        )

    # ------------------------------------------------------------------ its parts

    def _build(self) -> None:
        speech = self.host.speech
        speech.bind(self.numbers, "setAccessibleName", T("Numbers of the verdict"))
        speech.bind(self.runs, "setAccessibleName", T("Runs of the experiment"))
        speech.bind(self.runs, "setToolTip", T("Enter or a double click opens a run"))
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.facts.linkActivated.connect(self._show_group)
        speech.bind(self.facts, "setToolTip", T("Its runs on the page of runs"))
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head, tables = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.outcome, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.text, 1)
        tables.addWidget(self.numbers, 1)
        tables.addWidget(self.runs, 1)
        for tree in (self.numbers, self.runs):
            tree.setFixedHeight(_HIGH)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.nothing, 1)
        self._layout.addLayout(head)
        self._layout.addWidget(self.facts)
        self._layout.addLayout(tables)


def _tree(name: str) -> QTreeWidget:
    tree = named(QTreeWidget(), name)
    tree.setRootIsDecorated(name == "trials")
    tree.setAlternatingRowColors(True)
    tree.setTextElideMode(Qt.TextElideMode.ElideLeft)  # the end of an id tells runs apart
    tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    return tree


def _fit(tree: QTreeWidget) -> None:
    """Columns as wide as their texts, the first takes the rest."""
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

"""What a newcomer sees first: what this is, a sample of each tool that starts at once, language, colours, places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.texts import LANGUAGES, T
from workbench.ui.host import Host
from workbench.ui.named import named
from workbench.ui.pages.first_card import Card

_NARROW = 300
"""Pixels that a card takes at least."""
_WIDEST = 1120
_THEMES = ("light", "dark", "auto")
_WHAT = T("Here articles about machine learning can be run and seen: each tool has its parameters beside its pictures.")
_KEPT = T("Whatever you start is kept as a run, to be opened again, compared, continued and repeated.")
_PALETTE = T("{keys} finds every command by some of its letters.", keys="Ctrl+Shift+P")


class FirstPage(QScrollArea):
    """`chosen(tool id)`: its sample shall start."""

    chosen = Signal(str)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("page-first")
        self.host = host
        self.cards = {found.tool.id: Card(found, host) for found in host.tools}
        for tool, card in self.cards.items():
            card.clicked.connect(partial(self._choose, tool))
        self.places = {name: _selectable(QLabel()) for name in ("workspace", "settings", "plugins", "logs")}
        self.body = named(QWidget(), "first")
        self._choices: list[QWidget] = []
        self._columns = 0
        self._grid = QGridLayout()
        self._build()
        self._tell_places()
        host.preferences.changed.connect(self._tell_places)
        host.speech.changed.connect(host.commands.refresh)
        host.theme.changed.connect(host.commands.refresh)

    def _choose(self, tool: str, _checked: bool = False) -> None:
        self.cards[tool].begin()
        self.chosen.emit(tool)

    def _tell_places(self, *_: object) -> None:
        """Where runs, settings, plugins and logs lie."""
        places = self.host.session.places
        found = (self.host.preferences.now.workspace, places.settings_file, places.plugins, places.logs)
        for label, path in zip(self.places.values(), found, strict=True):
            label.setText(_short(path))

    # ------------------------------------------------------------------ its parts

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self.body)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(32, 26, 32, 24)
        layout.setSpacing(12)
        layout.addLayout(self._head())
        layout.addSpacing(6)
        layout.addWidget(
            self._label(T("Try one: a click starts it") if self.cards else T("There are no tools."), "part")
        )
        layout.addLayout(self._grid)
        layout.addSpacing(10)
        layout.addWidget(self._label(T("Where things are kept"), "part"))
        layout.addLayout(self._kept())
        self.setWidget(self.body)
        self.body.installEventFilter(self)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._grid.setSpacing(12)
        self._arrange(1)  # from now on the cards are in this window, and can have their places in the order of the keys
        for before, after in pairwise([*self._choices, *self.cards.values(), *self.places.values()]):
            QWidget.setTabOrder(before, after)

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._label(T("Welcome to Workbench"), "welcome"))
        for text in (_WHAT, _KEPT):
            words.addWidget(self._label(text))
        choices = QVBoxLayout()
        choices.setSpacing(8)
        choices.addLayout(self._choice("language", tuple(LANGUAGES)))
        choices.addLayout(self._choice("theme", _THEMES))
        choices.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(40)
        head.addLayout(words, 1)
        head.addLayout(choices)
        return head

    def _choice(self, what: str, values: Sequence[str]) -> QHBoxLayout:
        """The commands of that name beside each other: the chosen one is marked."""
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addStretch(1)
        for place, value in enumerate(values):
            button = QToolButton()
            button.setProperty("end", {0: "first", len(values) - 1: "last"}.get(place, ""))
            self.host.theme.dress(button, "choice")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setDefaultAction(self.host.commands.action(f"{what}.{value}"))
            row.addWidget(button)
            self._choices.append(button)
        return row

    def _kept(self) -> QGridLayout:
        titles = (T("Runs"), T("Settings"), T("Your plugins"), T("Logs"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(4)
        for row, (title, label) in enumerate(zip(titles, self.places.values(), strict=True)):
            grid.addWidget(self._label(title, "quiet", wrap=False), row, 0)
            grid.addWidget(label, row, 1)
        grid.addWidget(self._label(_PALETTE, "quiet"), len(titles), 0, 1, 2)
        grid.setColumnStretch(1, 1)
        return grid

    def _label(self, text: str, name: str = "", *, wrap: bool = True) -> QLabel:
        label = named(QLabel(wordWrap=wrap), name)
        self.host.speech.bind(label, "setText", text)
        return label

    def _fit(self) -> None:
        """As wide as there is room for, as high as that needs: a scroll area alone takes wrapped lines for higher."""
        width = min(_WIDEST, self.viewport().width())
        self._arrange(max(1, min(3, width // _NARROW)))
        self.body.resize(width, self.body.heightForWidth(width))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(3):
            self._grid.setColumnStretch(column, int(column < columns))
        for place, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, place // columns, place % columns)

    # ------------------------------------------------------------------ Qt

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One card."""
        return QSize(_NARROW + 80, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """More cards in a row, or fewer."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Other words, in another font: another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self._fit)  # asked before the layout is made again, it would not be made again
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The keyboard is at the first card, the chosen language and theme are marked."""
        super().showEvent(event)
        self.host.commands.refresh()
        for card in list(self.cards.values())[:1]:
            card.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """What was to start has a page of its own now."""
        super().hideEvent(event)
        for card in self.cards.values():
            card.rest()


def _selectable(label: QLabel) -> QLabel:
    flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    label.setTextInteractionFlags(flags)
    label.setWordWrap(True)
    return label


def _short(path: Path) -> str:
    """With ~ for one's home."""
    home = Path.home()
    return str(Path("~", path.relative_to(home))) if path.is_relative_to(home) else str(path)

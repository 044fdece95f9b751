"""A tool as a card: pressed, its sample starts."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from workbench.registry import FoundTool
from workbench.texts import T
from workbench.ui.formulas import Spelled
from workbench.ui.host import Host
from workbench.ui.icons import drawn, sign
from workbench.ui.named import named

_SIGN, _MARK = 36, 14


class Card(QPushButton):
    """The whole of it is the button."""

    def __init__(self, found: FoundTool, host: Host) -> None:
        super().__init__()
        host.theme.dress(self, "card")
        self.setAutoDefault(True)  # so that Enter presses it
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._host, self._found = host, found
        self.title, self.about, self.sample = (_passive(Spelled(wordWrap=True), name) for name in _PARTS)
        self._sign, self._mark = (_passive(QLabel(), name) for name in ("sign", "mark"))
        self._sign.setPixmap(sign(found.tool.id, found.tool.title).pixmap(_SIGN, _SIGN))
        self._lay_out()
        self._word()
        self._colour()
        host.theme.changed.connect(self._colour)
        host.speech.changed.connect(self._name)

    def begin(self) -> None:
        """It was pressed: says so until the tool's page is there."""
        self._host.speech.bind(self.sample, "setText", T("Starting…"))

    def rest(self) -> None:
        """Says again what it starts."""
        tool, speech = self._found.tool, self._host.speech
        if tool.presets:
            speech.bind(self.sample, "setText", tool.presets[0].title, self._found.package)
        else:
            speech.bind(self.sample, "setText", T("Open"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As its layout needs, not as a button's text."""
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """See `sizeHint`."""
        layout = self.layout()
        return super().minimumSizeHint() if layout is None else layout.minimumSize()

    def _word(self) -> None:
        found, speech = self._found, self._host.speech
        speech.bind(self.title, "setText", found.tool.title, found.package)
        speech.bind(self.about, "spell", found.tool.description, found.package)
        if found.tool.presets:
            speech.bind(self, "setToolTip", found.tool.presets[0].text, found.package)
        self.rest()
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(f"{self.title.text()}: {self.sample.text()}")

    def _lay_out(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._sign)
        head.addWidget(self.title, 1)
        foot.setSpacing(6)
        foot.addWidget(self._mark)
        foot.addWidget(self.sample, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.about)
        layout.addStretch(1)
        layout.addLayout(foot)

    def _colour(self, *_: object) -> None:
        self._mark.setPixmap(drawn("start", self._host.theme.colours.accent).scaledToHeight(_MARK))


L = TypeVar("L", bound=QLabel)
_PARTS = ("card-title", "quiet", "card-sample")


def _passive(label: L, name: str) -> L:
    """A label that lets clicks through to the card."""
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return named(label, name)

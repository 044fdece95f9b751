"""A line that says something: what a job noticed, what went wrong, with the details one click away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.texts import T
from workbench.ui.icons import drawn, icon
from workbench.ui.named import named
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

_MOST, _MOST_DETAILS = 600, 20_000
"""Characters that are said, and shown as details: laying out a million takes the window a minute."""
Details = Callable[[Callable[[str], object]], object]
"""Asked for the details of what is said: it hands them to what it is given, at once or later."""


class Bar(QFrame):
    """Hidden until it says something; the newest replaces the one before. bad: whether that something went wrong."""

    def __init__(self, speech: Speech, theme: Theme) -> None:
        super().__init__()
        named(self, "bar")
        self.bad = False
        self._speech, self._theme = speech, theme
        self._details: Details | None = None
        self._parts: tuple[str, ...] = ()
        self._whole = ""
        self._sign, self._said = QLabel(), QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.details = QPushButton()
        self.dismiss = QToolButton(autoRaise=True)
        speech.bind(self.details, "setText", T("Details"))
        speech.bind(self.dismiss, "setToolTip", T("Close"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 6, 4)
        for widget, stretch in ((self._sign, 0), (self._said, 1), (self.details, 0), (self.dismiss, 0)):
            layout.addWidget(widget, stretch)
        self.details.clicked.connect(self._ask)
        self.dismiss.clicked.connect(self.hide)
        speech.changed.connect(self._draw)
        theme.changed.connect(self._draw)
        self.hide()

    def say(self, *parts: str, bad: bool = False, details: Details | None = None) -> None:
        """Says sentences (text, remedy); bad: something went wrong. What is too long is read whole in the details."""
        self._parts, self._details = tuple(filter(None, parts)), details
        self.bad = bad
        self._draw()
        self.show()

    @property
    def text(self) -> str:
        """What it says."""
        return self._said.text()

    def _draw(self) -> None:
        colours = self._theme.colours
        colour = colours.bad if self.bad else colours.quiet
        self.setPalette(colours.alarming if self.bad else colours.lifted)
        self._sign.setPixmap(drawn("bad" if self.bad else "note", colour).scaledToHeight(18))
        self.dismiss.setIcon(icon("close", colours.quiet))
        self._whole = " ".join(self._speech.say(each) for each in self._parts)
        self._said.setText(_cut(self._whole, _MOST))
        self.details.setVisible(self._details is not None or len(self._whole) > _MOST)

    def _ask(self) -> None:
        if self._details is not None:
            self._details(self._show)
        else:
            self._show(_cut(self._whole, _MOST_DETAILS))

    def _show(self, text: str) -> None:
        show_text(self._speech.say(T("Details")), text, self)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def show_text(title: str, text: str, parent: QWidget) -> QDialog:
    """A window with a long text, to be read and copied."""
    dialog = QDialog(parent.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.resize(760, 440)
    body = QPlainTextEdit(text, readOnly=True, lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    layout = QVBoxLayout(dialog)
    layout.addWidget(body)
    layout.addWidget(buttons)
    dialog.open()
    return dialog

"""What is wrong with the settings file, and its two repairs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from workbench.texts import T
from workbench.ui.bar import show_text
from workbench.ui.host import Host
from workbench.ui.named import named

_LONGEST = 100_000
"""Characters of the file that are shown."""


class Damage(QFrame):
    """Hidden while nothing is wrong."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        named(self, "bar")
        self.host = host
        self.said = QLabel(wordWrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.look, self.keep, self.reset = QPushButton(), QPushButton(), QPushButton()
        self._build()
        preferences = host.preferences
        self.look.clicked.connect(self._read)
        self.keep.clicked.connect(partial(self._mend, True))
        self.reset.clicked.connect(partial(self._mend, False))
        preferences.refused.connect(self.refresh)
        preferences.mended.connect(self.refresh)
        host.speech.changed.connect(self.refresh)
        host.theme.changed.connect(self._colour)
        self._colour()
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Says what is wrong, or hides."""
        damage = self.host.preferences.damage
        if damage is not None:
            self.said.setText(" ".join(map(self.host.speech.say, (damage.text, damage.remedy))))
        self.setVisible(damage is not None)

    def _colour(self) -> None:
        self.setPalette(self.host.theme.colours.alarming)

    def _mend(self, keep: bool, _checked: bool = False) -> None:
        self.host.preferences.mend(keep=keep)

    def _read(self) -> None:
        file = self.host.session.places.settings_file
        title = self.host.speech.say(T("Settings"))
        self.host.background.do(
            lambda: file.read_text("utf-8", "replace")[:_LONGEST], lambda text: show_text(title, text, self)
        )

    def _build(self) -> None:
        speech = self.host.speech
        for button, text, tip in (
            (self.look, T("Show the file"), T("The text of the settings file")),
            (
                self.keep,
                T("Repair: keep what can be understood"),
                T("Everything that is wrong becomes its default; the damaged file is kept beside it"),
            ),
            (self.reset, T("Reset all settings"), T("All defaults; the damaged file is kept beside it")),
        ):
            speech.bind(button, "setText", text)
            speech.bind(button, "setToolTip", tip)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.look, self.keep, self.reset):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 8, 6)
        layout.addWidget(self.said)
        layout.addLayout(row)

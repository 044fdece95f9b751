"""What the workspace takes of the disk, measured off the GUI thread; its cache can be cleared."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from workbench.jobs.cache import Cache
from workbench.runs.usage import Usage, measure
from workbench.texts import T, Text
from workbench.ui.host import Host
from workbench.ui.named import named

_LANE = "disk"
_ROWS = {
    "records": T("Records of runs"),
    "checkpoints": T("Checkpoints"),
    "artifacts": T("Artifacts"),
    "cache": T("Cache"),
    "total": T("All together"),
    "free": T("Free on the disk"),
}
_UNITS = ("B", "kB", "MB", "GB", "TB")


class Disk(QGroupBox):
    """Measured whenever it comes into view. said: what a person should read."""

    said = Signal(object)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.host = host
        self.usage: Usage | None = None
        self.folder = QLabel(wordWrap=True)
        self.count = named(QLabel(), "quiet")
        self.sizes = {name: QLabel(alignment=Qt.AlignmentFlag.AlignRight) for name in _ROWS}
        self.open, self.again, self.clear = QPushButton(), QPushButton(), QPushButton()
        self._build()
        self.open.clicked.connect(host.commands.action("workspace.open").trigger)
        self.again.clicked.connect(self.measure)
        self.clear.clicked.connect(self._clear)
        host.workspace_changed.connect(self._moved)
        host.speech.changed.connect(self._word)

    def measure(self) -> None:
        """Looks at every file, in a lane."""
        self.again.setEnabled(False)
        self.usage = None
        self._word()
        workspace = self.host.desk().workspace
        self.host.background.do(partial(measure, workspace), self._measured, self._failed, lane=_LANE)

    def _measured(self, usage: Usage) -> None:
        self.usage = usage
        self.again.setEnabled(True)
        self._word()

    def _failed(self, error: Exception) -> None:
        self.again.setEnabled(True)
        self.said.emit(T("The disk use could not be measured: {problem}", problem=str(error)))

    def _clear(self) -> None:
        self.clear.setEnabled(False)
        cache = Cache(self.host.desk().workspace.cache, 0)
        self.host.background.do(cache.clear, self._cleared, self._failed, lane=_LANE)

    def _cleared(self, freed: int) -> None:
        self.said.emit(T("The cache was cleared: {size} are free again.", size=size(freed)))
        self.measure()

    def _moved(self) -> None:
        self._word()
        if self.isVisible():
            self.measure()

    def _word(self) -> None:
        say, usage = self.host.speech.say, self.usage
        self.folder.setText(_breakable(str(self.host.preferences.now.workspace)))
        self.count.setText(say(T("Runs: {count}", count=f"{usage.count:,}") if usage else T("Measuring…")))
        for name, label in self.sizes.items():
            label.setText(size(getattr(usage, name)) if usage else "…")
        self.clear.setEnabled(bool(usage and usage.cache))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """What has happened meanwhile counts."""
        super().showEvent(event)
        self.measure()

    def _build(self) -> None:
        speech = self.host.speech
        speech.bind(self, "setTitle", T("Workspace"))
        speech.bind(self.open, "setText", T("Open workspace…"))
        speech.bind(self.again, "setText", T("Measure again"))
        speech.bind(self.clear, "setText", T("Clear the cache"))
        speech.bind(self.clear, "setToolTip", T("What is in it is made again when it is needed"))
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        speech.bind(self.folder, "setAccessibleName", T("Workspace"))
        table = QFormLayout(labelAlignment=Qt.AlignmentFlag.AlignLeft)
        for name, title in _ROWS.items():
            label = QLabel()
            speech.bind(label, "setText", title)
            table.addRow(label, self.sizes[name])
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addWidget(self.clear)
        layout = QVBoxLayout(self)
        layout.addWidget(self.folder)
        layout.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.count)
        layout.addLayout(table)
        layout.addLayout(buttons)
        layout.addStretch(1)
        self._word()


def size(count: float) -> Text:
    """A number of bytes as people read it: 12.3 MB (10⁶ bytes)."""
    unit = 0
    while count >= 999.5 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return Text(f"{count:.3g} {_UNITS[unit]}" if unit else f"{count:.0f} B")


def _breakable(path: str) -> str:
    """A long path that a label may break after each part."""
    return path.replace("/", "/\u200b")

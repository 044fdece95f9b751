"""The timeline: one slider over the steps of the runs that are shown; it plays, and obeys the arrow keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from workbench.texts import T
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

_TICK = 50
"""Milliseconds between two steps that are played."""
_TICKS = 200
"""Into so many ticks the whole is played, or more slowly where there are fewer steps."""


class Timeline(QWidget):
    """`asked(step)` when another step is to be shown; its owner sets `busy` until it is: playing waits for that."""

    asked = Signal(int)

    def __init__(self, speech: Speech, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self._speech, self._theme = speech, theme
        self.steps: NDArray[np.int64] = np.zeros(0, np.int64)
        self.busy = False
        self.play = named(QToolButton(autoRaise=True), "play")
        self.slider = _Slider()
        self.said = named(QLabel(), "quiet")
        self._timer = QTimer(self, interval=_TICK)
        self._build()
        self._draw()

    def set_steps(self, steps: ArrayLike) -> None:
        """The steps at which there is something to see, ascending; shows the last of them."""
        self.stop()
        self.steps = np.asarray(steps, np.int64)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(self.steps) - 1))
        self.slider.setPageStep(max(1, len(self.steps) // 10))
        self.slider.setValue(self.slider.maximum())
        self.slider.blockSignals(False)
        self._draw()

    @property
    def step(self) -> int:
        """The step where it stands."""
        return int(self.steps[self.slider.value()]) if len(self.steps) else 0

    @property
    def playing(self) -> bool:
        """Whether it moves by itself."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Plays, from the beginning where it stands at the end; or pauses."""
        if self.playing:
            self.stop()
            return
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._timer.start()
        self._draw()

    def stop(self) -> None:
        """Pauses."""
        self._timer.stop()
        self._draw()

    def _advance(self) -> None:
        if self.busy:
            return
        self.slider.setValue(self.slider.value() + max(1, len(self.steps) // _TICKS))
        if self.slider.value() == self.slider.maximum():
            self.stop()

    def _moved(self) -> None:
        self._draw()
        self.asked.emit(self.step)

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget, stretch in ((self.play, 0), (self.slider, 1), (self.said, 0)):
            layout.addWidget(widget, stretch)
        self._speech.bind(self.slider, "setAccessibleName", T("Step of the run"))
        self._speech.bind(self.slider, "setToolTip", T("Drag, or use the arrow keys; Space plays"))
        self.play.clicked.connect(self.toggle)
        self.slider.play.connect(self.toggle)
        self.slider.valueChanged.connect(self._moved)
        self._timer.timeout.connect(self._advance)
        self._theme.changed.connect(self._draw)
        self._speech.changed.connect(self._draw)

    def _draw(self) -> None:
        self.play.setIcon(icon("pause" if self.playing else "start", self._theme.colours.text))
        tip = self._speech.say(T("Pause") if self.playing else T("Play"))
        self.play.setToolTip(tip)
        self.play.setAccessibleName(tip)
        last = int(self.steps[-1]) if len(self.steps) else 0
        self.said.setText(self._speech.say(T("step {step} of {last}", step=f"{self.step:,}", last=f"{last:,}")))


class _Slider(QSlider):
    """Space plays."""

    play = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Arrows, Home, End and the page keys are Qt's own."""
        if event.key() == Qt.Key.Key_Space:
            self.play.emit()
        else:
            super().keyPressEvent(event)

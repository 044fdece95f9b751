"""The strip of a plot's own controls: only those that its layers and handles have a use for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from workbench.texts import T

PARTS = 1000
"""Steps of a slider."""


class Strip(QWidget):
    """Smoothing, scrubber, brush, log axes, fit."""

    changed = Signal()
    """A slider or a switch was moved."""
    fitted = Signal()
    """The range is to follow the data again."""

    def __init__(self, say: Callable[[str], str]) -> None:
        super().__init__()
        self._say = say
        self._texts: list[tuple[QWidget, str, str]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 0, 6, 2)
        self._row.setSpacing(6)
        self.smoothing = self._slider(T("Smoothing"), T("An exponential mean over the steps"), 0)
        self.time = self._slider(T("Time"), T("How far the paths have come"), PARTS)
        self.brush = self._slider(T("Brush"), T("The brush's size in cells; the right button erases"), 120)
        self._row.addStretch(1)
        self.log_x = self._button(T("Log x"), T("Logarithmic x axis"), True)
        self.log_y = self._button(T("Log y"), T("Logarithmic y axis"), True)
        self.fit = self._button(T("Fit"), T("Let the axes follow the data again (double click)"), False)
        self.fit.clicked.connect(self.fitted)
        self.worded()

    def _slider(self, label: str, tip: str, value: int) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, PARTS)
        slider.setValue(value)
        slider.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        slider.setMaximumWidth(180)
        slider.setMinimumWidth(40)
        slider.valueChanged.connect(self.changed)
        name = QLabel()
        name.setBuddy(slider)
        self._texts += [(name, label, tip), (slider, "", tip)]
        for each in (name, slider):
            self._row.addWidget(each)
            each.hide()
        return slider

    def _button(self, label: str, tip: str, switch: bool) -> QToolButton:
        button = QToolButton()
        button.setCheckable(switch)
        button.setAutoRaise(True)
        if switch:
            button.toggled.connect(self.changed)
        self._texts.append((button, label, tip))
        self._row.addWidget(button)
        button.hide()
        return button

    def offer(self, *controls: QWidget) -> None:
        """Shows just these controls; without any the strip is gone."""
        names: dict[QWidget, QLabel] = {label.buddy(): label for label in self.findChildren(QLabel)}
        for each in (self.smoothing, self.time, self.brush, self.log_x, self.log_y, self.fit):
            each.setVisible(each in controls)
            if each in names:
                names[each].setVisible(each in controls)
        self.setVisible(bool(controls))

    def worded(self) -> None:
        """Sets all texts."""
        for widget, label, tip in self._texts:
            if isinstance(widget, QLabel | QToolButton):
                widget.setText(self._say(label))
            widget.setToolTip(self._say(tip))
            widget.setAccessibleName(self._say(label or tip))

"""One of a few values."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from workbench.ui.forms.editors.base import Editor, OnlyFocused
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.place import Place

_AROUND = 4
"""Pixels that a style leaves free beside the text."""


def combo() -> QComboBox:
    """A combo box that may be narrower than its longest entry, and that the wheel turns only when it has the focus."""
    box = _Combo()
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(OnlyFocused(box))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(2)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box


class _Combo(QComboBox):
    """Qt cuts a text that is too long in the middle of a letter; here an ellipsis says that there is more."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """As Qt does, with a text that has room."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        if self.currentIndex() < 0:
            palette = option.palette
            palette.setBrush(QPalette.ColorRole.ButtonText, palette.placeholderText())
            option.palette = palette
            option.currentText = self.placeholderText()
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - _AROUND
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()  # before it is left to Python, which another thread may keep from forgetting it


class ChoiceEditor(Editor):
    """The choices of a `Literal`, by the titles that the field's flag `choices` gives them, else by themselves."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.choices = combo()
        for option in place.kind.options:
            self.choices.addItem("", option)
        self.choices.activated.connect(lambda index: self.edited.emit(place.kind.options[index]))
        self.box.addWidget(self.choices)
        self.retranslate()

    def show_value(self, value: Any) -> None:
        options = self.place.kind.options
        self.choices.setCurrentIndex(options.index(value) if value in options else -1)
        self.choices.setPlaceholderText("" if value is None else str(value))

    def stops(self) -> list[QWidget]:
        return [self.choices]

    def retranslate(self) -> None:
        titles = self.place.flags.get("choices") or {}
        for index, option in enumerate(self.place.kind.options):
            text = "–" if option in ("", None) else str(option)
            text = self.hub.say(titles.get(option, text), self.place.domain)
            self.choices.setItemText(index, text)

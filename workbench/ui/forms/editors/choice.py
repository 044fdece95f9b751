"""One of a few values."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from workbench.ui.forms.editors.base import Editor, OnlyFocused
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.place import Place


def combo() -> QComboBox:
    """A combo box that may be narrower than its longest entry, and that the wheel turns only when it has the focus."""
    box = QComboBox()
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(OnlyFocused(box))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(2)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box


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

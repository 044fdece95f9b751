"""The small form of an action that wants to know something before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from workbench import fields
from workbench.texts import T
from workbench.tool import Action
from workbench.ui.forms import Form
from workbench.ui.host import Host

Button = QDialogButtonBox.StandardButton
_WIDTH, _ROW, _FRAME, _TALLEST = 420, 34, 110, 520


class Asking(QDialog):
    """Fields for an action's arguments; `done_with(values)` when they are right and one agrees."""

    def __init__(self, action: Action, model: type[BaseModel], domain: str, host: Host, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setObjectName("asking")
        self._then: Callable[[dict[str, Any]], object] = lambda _: None
        self._model = model
        self.form = Form(model, domain, host.speech.of(domain), may_vary=False, turns=host.turns)
        self.form.toolbar.hide()  # a few fields need no presets and no search
        self.form.apply_theme(host.theme.dark)
        self.buttons = QDialogButtonBox(Button.Ok | Button.Cancel)
        host.theme.dress(self.agree, "start")
        title = action.title or action.id
        host.speech.bind(self, "setWindowTitle", title, domain)
        host.speech.bind(self.agree, "setText", title, domain)
        host.speech.bind(self.buttons.button(Button.Cancel), "setText", T("Cancel"))
        host.speech.changed.connect(self.form.retranslate)
        host.theme.changed.connect(self.form.apply_theme)
        self.buttons.accepted.connect(self._agree)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.form)
        layout.addWidget(self.buttons)
        self.resize(_WIDTH, min(_TALLEST, _FRAME + _ROW * len(model.model_fields)))

    @property
    def agree(self) -> QWidget:
        """The button that does it."""
        return self.buttons.button(Button.Ok)

    def ask(self, then: Callable[[dict[str, Any]], object]) -> None:
        """Opens; `then(values)`, plain JSON with every field, unless one cancels."""
        self._then = then
        self.open()
        self.form.focus(next(iter(self._model.model_fields)))

    def _agree(self) -> None:
        """What is wrong is said at its field, and the form stays."""
        problems = self.form.problems()
        if problems:
            self.form.focus(problems[0][0])
            return
        self.accept()
        self._then(fields.record(self._model.model_validate(self.form.values())))

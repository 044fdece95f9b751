"""One row of a form: title, editor, unit; switches for "none" and "vary"; reset; what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from workbench.texts import T
from workbench.ui.forms import vary
from workbench.ui.forms.button import Button
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.painted import Dot, Muted, Role, Said, tint
from workbench.ui.forms.place import Place
from workbench.ui.forms.toggle import Toggle
from workbench.ui.forms.wrapped import Wrapped
from workbench.ui.named import named


class Row(QWidget):
    """A field. bare: without its title, as an element of a list. wrong, running: whether it is marked so."""

    def __init__(self, hub: Hub, place: Place, editor: Editor, bare: bool = False) -> None:
        super().__init__()
        self.hub, self.place, self.editor, self.bare = hub, place, editor, bare
        self.wrong = self.running = False
        self.live, self.title = Dot(hub, self), Wrapped(self)
        self.problem, self.note = Said(hub, "problem", self), Said(hub, "note", self)
        self.unit = named(Muted(hub, self), "unit")
        self.none = Toggle(hub, self)
        self.values = QLineEdit(self)
        self.vary = Button(hub, "vary", T("Vary: several values make a sweep (Alt+V)"), self)
        self.reset = Button(hub, "reset", T("Reset to default (Alt+R)"), self)
        self.field, self.heading = QWidget(self), QWidget(self)
        self._lay_out()
        self._connect()
        self.retranslate()

    # ------------------------------------------------------------------ making

    def _lay_out(self) -> None:
        self.title.setBuddy(self.editor.stops()[0])
        self.vary.setCheckable(True)
        for each in (self.vary, self.reset):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys press them, so that a tab goes to the next field
        self.reset.keep_room()
        self.values.hide()
        self._line(self.heading, [(self.live, 0), (self.title, 1)], 5)
        parts: list[tuple[QWidget, int]] = [(self.none, 0), (self.editor, 1), (self.values, 1), (self.unit, 0)]
        self._line(self.field, [*parts, (self.vary, 0), (self.reset, 0)], 3)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.live.setVisible(bool(self.place.flags.get("live")))
        self.none.setVisible(self.place.kind.optional)
        self.heading.setVisible(not self.bare)
        self.vary.setHidden(self.bare or self.place.in_list or not self.hub.may_vary)
        self.reset.setHidden(self.bare)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(4, 1, 0, 1)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(1)
        self.arrange(False, 120)

    @staticmethod
    def _line(holder: QWidget, parts: list[tuple[QWidget, int]], spacing: int) -> None:
        box = QHBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(spacing)
        for widget, stretch in parts:
            box.addWidget(widget, stretch)

    def _connect(self) -> None:
        self.editor.edited.connect(lambda value: self.hub.put(self.place.path, value, half=self._is_writing()))
        for line in self._lines():
            line.editingFinished.connect(self._written)
        self.none.clicked.connect(lambda on: self.hub.switch(self.place.path, on))
        self.reset.clicked.connect(self.to_default)
        self.vary.toggled.connect(self._vary)
        self.values.textEdited.connect(self._vary_over)
        for each in self.stops():
            each.installEventFilter(self)

    def arrange(self, stacked: bool, width: int) -> None:
        """Puts the title beside the field, in a column of this width, or above it."""
        self.title.setMinimumWidth(0)
        if stacked or self.bare:
            self._grid.addWidget(self.heading, 0, 0, 1, 2)
            self._grid.addWidget(self.field, 1, 0, 1, 2)
            self._grid.addWidget(self.problem, 2, 0, 1, 2)
            self._grid.addWidget(self.note, 3, 0, 1, 2)
            self.heading.setMinimumWidth(0)
            self.heading.setMaximumWidth(16777215)
        else:
            self._grid.addWidget(self.heading, 0, 0)
            self._grid.addWidget(self.field, 0, 1)
            self._grid.addWidget(self.problem, 1, 1)
            self._grid.addWidget(self.note, 2, 1)
            self.heading.setFixedWidth(width)
        self._grid.setColumnStretch(1, 1)

    # ------------------------------------------------------------------ showing

    def refresh(self) -> None:
        """Shows what the field is set to, or takes."""
        value = self.hub.state.shown(self.place.path)
        there = value is not None or not self.place.kind.optional
        locked = self.hub.locked(self.place)
        self.none.setChecked(there)
        self.editor.show_value(value)
        self.editor.setEnabled(there and not locked)
        if not self.bare:
            self.hub.tell_difference(self.place.path, self.reset, self.reset.setVisible)
        for each in (self.none, self.vary, self.reset):
            each.setEnabled(not locked)
        self._show_vary()
        if self.running is not (self.hub.running and not locked):
            self.running = not self.running
            self._show_running()

    def _show_vary(self) -> None:
        text = self.hub.vary.get(self.place.path)
        on = text is not None
        if self.vary.isChecked() != on:
            self.vary.blockSignals(True)
            self.vary.setChecked(on)
            self.vary.blockSignals(False)
        self.vary.recolour()
        self.values.setVisible(on)
        self.editor.setHidden(on)
        self.values.setEnabled(not self.hub.running)
        if text is not None and self.values.text() != text:
            self.values.setText(text)

    def say_wrong(self, text: str) -> None:
        """Says what is wrong at the field, and marks it."""
        self.problem.say(text)
        if self.wrong is not bool(text):
            self.wrong = bool(text)
            self._show_wrong()

    def say_note(self, text: str) -> None:
        """Says what is worth knowing of the field."""
        self.note.say(text)

    def _show_wrong(self) -> None:
        tint(self.title, self.hub.colours.wrong if self.wrong else "")
        for each in (self.values, *self.editor.stops()):
            tint(each, self.hub.colours.wrong_ground if self.wrong else "", Role.Base, Role.Button)

    def _show_running(self) -> None:
        self.setAutoFillBackground(self.running)
        tint(self, self.hub.colours.live_ground if self.running else "", Role.Window)

    def retranslate(self) -> None:
        """Says title, unit and help in the person's language."""
        self.title.setText(self.hub.say(self.place.title))
        unit = self.place.flags.get("unit")
        self.unit.setText(self.hub.say(unit, self.place.domain) if unit else "")
        self.unit.setVisible(bool(unit))
        self.none.setToolTip(self.hub.say(T("Off: none")))
        self.live.setToolTip(self.hub.say(T("May change while the job runs")))
        self.values.setPlaceholderText(self.hub.say(T("1, 3, 10 or 0:5")))
        self._describe()
        self.editor.retranslate()
        self.vary.retranslate()
        self.reset.retranslate()

    def _describe(self) -> None:
        help_text = self.hub.say(self.place.help)
        details = "  ".join(filter(None, (self.place.path, str(self.place.kind.bounds))))
        for each in (self.title, *self.editor.stops()):
            each.setToolTip(each.toolTip() if each is not self.title and each.toolTip() and not help_text
                            else "\n".join(filter(None, (help_text, details))))  # fmt: skip
        for each in (self.editor.stops()[0], self.values):
            each.setAccessibleName(self.title.text())
            each.setAccessibleDescription(help_text)

    def recolour(self) -> None:
        """Takes the colours of the theme."""
        for each in (self.editor, self.vary, self.reset, self.unit, self.problem, self.note):
            each.recolour()
        for on, show in ((self.wrong, self._show_wrong), (self.running, self._show_running)):
            if on:
                show()

    # ------------------------------------------------------------------ doing

    def stops(self) -> list[QWidget]:
        """What the tab key stops at."""
        return [self.none, *self.editor.stops(), self.values]

    def _lines(self) -> list[QLineEdit]:
        return [each for each in self.editor.stops() if isinstance(each, QLineEdit)]

    def _is_writing(self) -> bool:
        """Whether a value comes from keys that write; a step or a choice replaces the text, which is whole then."""
        return any(each.hasFocus() and each.isModified() for each in self._lines())

    def _written(self) -> None:
        for each in self._lines():
            each.setModified(False)
        self.hub.finish(self.place.path)

    def to_default(self) -> None:
        """Lets the field take what it takes."""
        self.hub.put_default(self.place.path)

    def _vary(self, on: bool) -> None:
        self.hub.set_vary(self.place.path, self._shown_text() if on else None)
        if on:
            self.values.setFocus()
            self.values.selectAll()
        else:
            self.editor.stops()[0].setFocus()

    def _vary_over(self, text: str) -> None:
        self.hub.set_vary(self.place.path, text)

    def _shown_text(self) -> str:
        path = self.place.path
        return vary.begin(path, self.hub.as_text(path, self.hub.state.shown(path)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The help of the field that has the focus is shown; Alt+V and Alt+R press its two buttons."""
        if event.type() == QEvent.Type.FocusIn:
            self.hub.explained.emit(self.place)
        if isinstance(event, QKeyEvent) and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            pressed = {Qt.Key.Key_V: self.vary, Qt.Key.Key_R: self.reset}.get(Qt.Key(event.key()))
            if pressed is self.reset and not self.bare:
                pressed.setVisible(self.hub.state.differs(self.place.path))  # its turn may not have come yet
            if pressed is not None and pressed.isVisible():
                event.accept()  # a menu's shortcut comes second
                if event.type() == QEvent.Type.KeyPress:
                    pressed.click()
                return True
        return super().eventFilter(watched, event)

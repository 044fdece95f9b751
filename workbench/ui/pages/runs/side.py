"""What a person says of the selected runs: name, star, tags, note, beside the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from workbench.runs.labels import LONGEST_TITLE, Labels, with_tags
from workbench.runs.search import Entry
from workbench.texts import T
from workbench.ui.host import Host
from workbench.ui.named import named
from workbench.ui.pages.runs.chips import TagField
from workbench.ui.pages.runs.model import GOLD

SAVE = 150
"""Milliseconds after the first keystroke until what was typed is on the disk: so much a crash can take."""
_LEAST = 120
"""Pixels."""
How = Callable[[Labels], Labels]


class Side(QWidget):
    """`said(ids, change)`: what is to be changed of these runs. Name and note are of one run, star and tags of any."""

    said = Signal(list, object)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("side")
        self._host = host
        self._entries: Sequence[Entry] = ()
        self._dirty = False
        self.title, self.star = QLineEdit(maxLength=LONGEST_TITLE), named(QToolButton(autoRaise=True), "star")
        self.tags, self.note = TagField(host.speech), named(QPlainTextEdit(), "note")
        self._id, self._origin = named(QLabel(wordWrap=True), "quiet"), named(QLabel(wordWrap=True), "quiet")
        self._save = QTimer(self, singleShot=True, interval=SAVE)
        self._word()
        self._build()
        self._connect()
        self.show_runs((), ())

    def show_runs(self, entries: Sequence[Entry], known: Sequence[str]) -> None:
        """Shows what was said of these runs; what is being typed into one stays. known: all tags that there are."""
        others = [each.row.id for each in entries] != [each.row.id for each in self._entries]
        if others:
            self.flush()
            self.tags.line.clear()
        self._entries = entries
        one = entries[0].row if len(entries) == 1 else None
        for widget in (self.star, self.tags):
            widget.setEnabled(bool(entries))
        for field in (self.title, self.note):
            field.setEnabled(one is not None)
        self.tags.show_tags(_common(entries), known)
        if not self._dirty:
            self._fill(one.labels if one else Labels(), others)
        self._tell()

    def flush(self) -> None:
        """What was typed is handed over now."""
        self._save.stop()
        if self._dirty and len(self._entries) == 1:
            self._dirty = False
            title, note = self.title.text(), self.note.toPlainText()
            self._say(lambda before: replace(before, title=title, note=note))

    def rename(self) -> None:
        """The name is typed next."""
        self.title.setFocus()
        self.title.selectAll()

    def toggle_star(self) -> None:
        """All get the star; where all have it, all lose it."""
        on = not all(each.row.labels.star for each in self._entries)
        self._say(lambda before: replace(before, star=on))

    def _say(self, how: How) -> None:
        if self._entries:
            self.said.emit([each.row.id for each in self._entries], how)

    def _typed(self) -> None:
        self._dirty = True
        if not self._save.isActive():  # not begun again at every key: who types on is saved too
            self._save.start()

    def _fill(self, labels: Labels, others: bool) -> None:
        """others: of other runs than before. Else a field with the focus is left as it is: in a pause of who types
        there, what was saved, and tidied, would take its place."""
        if self.title.text() != labels.title and (others or not self.title.hasFocus()):
            self.title.setText(labels.title)
        if self.note.toPlainText() != labels.note and (others or not self.note.hasFocus()):
            self.note.blockSignals(True)
            self.note.setPlainText(labels.note)
            self.note.blockSignals(False)

    def _tell(self) -> None:
        say, rows = self._host.speech.say, [each.row for each in self._entries]
        lit = bool(rows) and all(row.labels.star for row in rows)
        self.star.setText("★" if lit else "☆")
        self.star.setStyleSheet(f"color: {GOLD if lit else self._host.theme.colours.quiet}; font-size: 14pt;")
        if len(rows) == 1:
            self._id.setText(rows[0].id)
        else:
            text = T("{count} runs selected", count=f"{len(rows):,}") if rows else T("No run is selected.")
            self._id.setText(say(text))
        lines = [say(_link(each.relation, each.run, each.step)) for each in rows[0].links] if len(rows) == 1 else []
        self._origin.setText("\n".join(lines[:4]))
        self._origin.setVisible(bool(lines))

    def _word(self) -> None:
        bind = self._host.speech.bind
        bind(self.title, "setPlaceholderText", T("Name"))
        bind(self.title, "setAccessibleName", T("Name"))
        bind(self.note, "setPlaceholderText", T("Note"))
        bind(self.note, "setAccessibleName", T("Note"))
        bind(self.star, "setToolTip", T("Star"))
        bind(self.star, "setAccessibleName", T("Star"))

    def _build(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.star)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 0, 0)
        layout.addLayout(row)
        for widget in (self._id, self._origin, self.tags):
            layout.addWidget(widget)
        layout.addWidget(self.note, 1)
        self.note.setTabChangesFocus(True)
        self.setMinimumWidth(_LEAST)

    def _connect(self) -> None:
        self._save.timeout.connect(self.flush)
        self.title.textEdited.connect(self._typed)
        self.title.editingFinished.connect(self.flush)
        self.note.textChanged.connect(self._typed)
        self.star.clicked.connect(self.toggle_star)
        self.tags.added.connect(lambda tags: self._say(lambda before: with_tags(before, tags)))
        self.tags.removed.connect(lambda tag: self._say(lambda before: with_tags(before, remove=[tag])))
        self._host.speech.changed.connect(self._tell)
        self._host.theme.changed.connect(self._tell)


def _common(entries: Sequence[Entry]) -> list[str]:
    """The tags that all of them have."""
    if not entries:
        return []
    first, *rest = (each.row.labels.tags for each in entries)
    return [tag for tag in first if all(tag in other for other in rest)]


def _link(relation: str, run: str, step: int | None) -> str:
    if relation == "fork":
        return T("Forked from {run} at step {step}", run=run, step=step)
    if relation == "repeat":
        return T("Repeats {run}", run=run)
    return T("Takes from {run}", run=run) if relation == "input" else T("Judges {run}", run=run)

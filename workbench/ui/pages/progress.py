"""How far a job is, how fast it goes, how long it still takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from workbench.events import Event
from workbench.jobs.spec import ENDED
from workbench.texts import T, Text
from workbench.ui.named import named
from workbench.ui.pace import Pace, duration
from workbench.ui.speech import Speech

_FINE = 1000


def together(events: Sequence[Event | None]) -> Event | None:
    """How far several jobs are in all: those that have said nothing yet have as much to do as the largest other."""
    known = [each for each in events if each is not None]
    if len(events) < 2 or not known:
        return known[0] if known else None
    done, totals = (sum(each.data["done"] for each in known), [each.data["total"] or 0 for each in known])
    total = sum(totals) + max(totals) * (len(events) - len(known)) if all(totals) else 0
    return replace(max(known, key=lambda each: each.wall), data={"done": done, "total": total, "text": ""})


class Progress(QWidget):
    """A bar and a sentence."""

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self._speech = speech
        self._pace = Pace()
        self._event: Event | None = None
        self._state = ""
        self.bar = QProgressBar(textVisible=False, maximum=_FINE)
        self.bar.setFixedHeight(8)
        self.said = named(QLabel(), "quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.said)
        speech.changed.connect(self._say)

    def begin(self) -> None:
        """A job begins."""
        self._pace, self._event = Pace(), None
        self.bar.setRange(0, _FINE)
        self.bar.setValue(0)

    def show_state(self, state: str) -> None:
        """The job is in this state."""
        self._state = state
        if state in ENDED and self.bar.maximum() == 0:
            self.bar.setRange(0, _FINE)
        if state == "done":
            self.bar.setValue(_FINE)
        self._say()

    def show_event(self, event: Event | None) -> None:
        """The job has come so far (an event of kind "progress")."""
        if event is None or event is self._event:
            return
        self._event = event
        done, total = event.data["done"], event.data["total"]
        self._pace.at(event.wall, done)
        self.bar.setRange(0, _FINE if total else 0)
        if total:
            self.bar.setValue(round(_FINE * min(1.0, done / total)))
        self._say()

    def _say(self) -> None:
        parts = [self._speech.say(T(self._state))] if self._state else []
        if self._event is not None:
            parts += [self._speech.say(each) for each in self._how_far(self._event) if each]
        self.said.setText(" · ".join(parts))

    def _how_far(self, event: Event) -> list[str]:
        done, total = event.data["done"], event.data["total"]
        doing = self._state not in ENDED  # what it does, and how much of something whose end nobody knows
        found: list[str] = [Text.from_json(event.data["text"])] if doing else []
        if total:
            found.append(T("{done} of {total}", done=f"{done:,.10g}", total=f"{total:,.10g}"))
        elif doing:
            found.append(Text(f"{done:,.10g}"))
        left = self._pace.left(total) if total and self._state == "running" else None
        if left is not None and done < total:
            found.append(T("{time} left", time=duration(left)))
        return found

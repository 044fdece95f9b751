"""What all parts of a form share: its state, its language and theme, and the way in which changes are made known."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import QObject, QTimer, Signal

from workbench import fields
from workbench.texts import HOST, Text
from workbench.ui.forms import copying, theme, vary
from workbench.ui.forms.growth import Growth
from workbench.ui.forms.nested import UNSET, plain
from workbench.ui.forms.place import Place
from workbench.ui.forms.presence import Presence
from workbench.ui.forms.state import State
from workbench.ui.turns import Turns

CHEAP = 0.002
"""Seconds; a model whose check takes longer is checked when typing pauses."""
PAUSE = 150
Say = Callable[..., str]


class Hub(QObject):
    """The heart of a form.

    edited: the path of what was set, "" for everything. finished: the same, but what is being written into a line comes
    once it is written: by Return, or by going elsewhere. refreshed: values were checked, what is shown may differ.
    rebuilt: rows were made or moved. explained: the place whose help is to be read. drawing: an array shall be drawn in
    its panel. picking: candidates of an artifact's kind are looked at. typed: what `draft` would give has changed.
    moved: what a person was at has gone to this path.
    """

    edited = Signal(str)
    finished = Signal(str)
    refreshed = Signal()
    rebuilt = Signal()
    explained = Signal(object)
    drawing = Signal(str)
    picking = Signal(str)
    typed = Signal()
    refused = Signal(str, object)
    moved = Signal(str)

    def __init__(self, model: type[BaseModel], say: Say, turns: Turns, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State(model)
        self.vary: dict[str, str] = {}
        self.maker: Callable[[Hub, Place, bool], Any] = _no_maker
        self.artifacts: dict[str, list[str]] = {}
        self.presence = Presence(self)
        self.turns, self.growth = turns, Growth(turns, self)
        self.running = False
        self.may_vary = True
        self.given: frozenset[str] = frozenset()
        """Fields that are filled in when a job is started: nobody need set them before."""
        self.advanced = False
        self.sought = ""
        """What is searched, as it was written."""
        self.cheap = CHEAP
        """Up to here checking is done after every keystroke."""
        self.dark = False
        self._say = say
        self._two = _takes_two(say)
        self._paths: list[str] = []
        self._half: set[str] = set()
        """The fields that are being written."""
        self._later = QTimer(self, singleShot=True, interval=PAUSE)
        self._later.timeout.connect(self.check_now)
        self.presence.found.connect(self.refreshed)
        self.growth.done.connect(self.refreshed)
        self.growth.done.connect(self.rebuilt)

    # ------------------------------------------------------------------ words and colours

    def say(self, text: str, domain: str = HOST) -> str:
        """A text in the person's language."""
        if not isinstance(text, Text):
            text = Text(text, domain=domain)
        return self._say(text, text.domain) if self._two else self._say(text)

    @property
    def colours(self) -> theme.Colours:
        """The colours of the theme."""
        return theme.colours(self.dark)

    @property
    def needle(self) -> str:
        """What is searched, however it was written."""
        return self.sought.casefold()

    # ------------------------------------------------------------------ changes

    def put(self, path: str, value: Any, half: bool = False) -> None:
        """A person set a field; UNSET lets it take what it takes. half: it is still being written."""
        if value is UNSET:
            self.state.clear(path)
        else:
            self.state.put(path, value)
        self.check(path, half=half)

    def choose(self, path: str, member: str) -> None:
        """A variant's member was chosen."""
        now = self.state.choose(path, member)
        self.check(path)
        if now != path:
            self.moved.emit(now)

    def switch(self, path: str, on: bool) -> None:
        """An optional field was given a value, or none."""
        self.state.switch(path, on)
        self.check(path)

    def put_default(self, path: str) -> None:
        """Lets a field take what it takes, and only that. While a job runs, a group gives back only its live fields."""
        if self.running:
            live = {each for each in fields.live_paths(self.state.model) if f"{each}.".startswith(f"{path}.")}
            for each in live if path not in live else {path}:
                self.state.clear(each)
        else:
            self.state.clear(path)
            self._vary_nothing(path)
        self.check(path)

    def check(self, path: str, now: bool = False, half: bool = False) -> None:
        """Checks and tells everybody: at once where that is cheap, else when typing pauses."""
        (self._half.add if half else self._half.discard)(path)
        if path not in self._paths:
            self._paths.append(path)
        self.typed.emit()
        if now or self.state.seconds < self.cheap:
            self.check_now()
        else:
            self._later.start()

    def settle(self) -> None:
        """Checks now what was to be checked when typing pauses."""
        if self._later.isActive():
            self.check_now()

    def check_now(self) -> None:
        """Checks what is set, shows what all fields take, says what was changed."""
        self._later.stop()
        paths, self._paths = self._paths, []
        self.state.check()
        self.refreshed.emit()
        for path in paths:
            self.edited.emit(path)
            if path not in self._half:
                self.finished.emit(path)

    def finish(self, path: str) -> None:
        """What was being written in a field is written."""
        self.settle()
        if path in self._half:
            self._half.remove(path)
            self.finished.emit(path)

    # ------------------------------------------------------------------ questions of the rows

    def locked(self, place: Place) -> bool:
        """Whether a field may not be changed now."""
        return self.running and not place.flags.get("live")

    def wanted(self, place: Place) -> bool:
        """Whether a field's conditions hold (`when`), save search and the switch for advanced ones."""
        return self._holds(place.flags.get("when") or {}, place.group)

    def _holds(self, conditions: Mapping[str, Any], group: str) -> bool:
        for name, value in conditions.items():
            beside = f"{group}.{name}" if group else name
            if not _same(self._value(beside, name), value):
                return False
        return True

    def applies(self, path: str) -> bool:
        """Whether a field counts now: there is one, its conditions hold, and what it is in is not varied as a whole."""
        return self.state.exists(path) and self._applies(path)

    def _applies(self, path: str) -> bool:
        group = path.rpartition(".")[0]
        holds = self._holds(self.state.flags_at(path).get("when") or {}, group)
        return holds and (not group or (group not in self.vary and self._applies(group)))

    def _value(self, beside: str, whole: str) -> Any:
        try:
            self.state.kind_at(beside)
        except (KeyError, IndexError):
            beside = whole
        if beside.endswith("kind"):
            holder = beside.rpartition(".")[0]
            return self.state.member_at(holder) or self.state.shown(beside)
        return self.state.shown(beside)

    def tell_difference(self, path: str, owner: QObject, tell: Callable[[bool], object]) -> None:
        """Says whether a field differs from what it would take: in a turn of its own where the whole form must be
        checked for that. owner: of whoever is told."""
        if self.state.knows(path):
            tell(self.state.differs(path))
        else:
            self.turns.put(owner, lambda: tell(self.state.differs(path)))

    # ------------------------------------------------------------------ sweeps, refusals

    def set_vary(self, path: str, text: str | None) -> None:
        """The values that a field takes in a sweep; None: it takes one."""
        if text is None:
            self.vary.pop(path, None)
        else:
            self.vary[path] = text
        self.check(path)

    def _vary_nothing(self, path: str) -> None:
        """Lets the field, those inside it too, take one value in a sweep; "": all fields."""
        for each in [each for each in self.vary if not path or f"{each}.".startswith(f"{path}.")]:
            del self.vary[each]

    def varied(self) -> dict[str, str]:
        """The values of the fields that are varied and count now."""
        return {path: text for path, text in self.vary.items() if self.applies(path)}

    def vary_fault(self, path: str) -> Text | None:
        """What is wrong with the values of a field, if it is varied."""
        if path not in self.vary or not self.applies(path):
            return None
        return vary.fault(self.state.model, self.state.values, path, self.varied())

    def as_text(self, path: str, value: Any) -> str:
        """A value as the command line writes it."""
        if self.state.kind_at(path).name == "variant":
            return self.state.member_at(path)
        return copying.as_text(plain(value))

    def refuse(self, path: str, text: Text) -> None:
        """Says once why something could not be done with a field."""
        self.refused.emit(path, text)

    def faults(self) -> list[tuple[str, Text]]:
        """Everything that is wrong: by the model, and files that do not exist."""
        missing = self.presence.faults(self._names)
        return [each for each in (*self.state.wrong, *missing) if each[0] not in self.given]

    def _names(self, path: str, name: str) -> bool:
        """Whether runs would look for this at a field."""
        return self.applies(path) and path not in self.vary and str(self.state.shown(path)) == name

    def candidates(self, kind: str) -> Sequence[str]:
        """The artifacts on offer."""
        return self.artifacts.get(kind, ())


def _no_maker(hub: Hub, place: Place, bare: bool) -> Any:
    raise NotImplementedError


def _same(value: Any, wanted: Any) -> bool:
    """Several values in a condition: any of them."""
    if isinstance(wanted, list | tuple | set | frozenset) and not isinstance(value, list | tuple):
        return value in wanted
    return bool(value == wanted)


def _takes_two(say: Say) -> bool:
    try:
        inspect.signature(say).bind("", "")
    except TypeError:
        return False
    except ValueError:
        return True
    return True

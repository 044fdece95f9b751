"""What every part of a form's tree does, be it a field, a group, a variant or a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Protocol

from pydantic import BaseModel
from PySide6.QtWidgets import QBoxLayout, QWidget

from workbench.texts import Text
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.place import Place, places

Fault = tuple[str, Text]


class Retranslated(Protocol):
    """A part that speaks and is coloured."""

    def retranslate(self) -> None:
        """Says its texts in the person's language."""

    def recolour(self) -> None:
        """Takes the colours of the theme."""


class Node(QWidget):
    """A part of the tree; those inside it that count now are `inner`."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__()
        self.hub, self.place = hub, place
        self.faults: list[Fault] = []
        self._words = ""

    def inner(self) -> list[Node]:
        """The parts inside it that count now."""
        return []

    def made(self) -> list[Node]:
        """All parts inside it that were ever made."""
        return self.inner()

    def parts(self) -> list[Retranslated]:
        """What of it speaks and is coloured, save the parts inside."""
        return []

    def refresh(self) -> None:
        """Shows what is set, or taken."""
        raise NotImplementedError

    def stops(self) -> list[QWidget]:
        """What the tab key stops at, in order."""
        raise NotImplementedError

    def say_wrong(self, text: str) -> None:
        """Says what is wrong here."""
        raise NotImplementedError

    def say_note(self, text: str) -> None:
        """Says what is worth knowing here."""

    INDENT = 8

    def arrange(self, room: int, width: int) -> None:
        """Puts titles beside the fields, in a column of this width, or above them where there is little room."""
        for each in self.made():
            each.arrange(room - self.INDENT, width)

    def unfold(self) -> None:
        """Shows what is inside."""

    # ------------------------------------------------------------------ the same for all

    def make_node(self, place: Place, bare: bool = False) -> Node:
        """A part for a place inside it. bare: without its title, as an element of a list."""
        made: Node = self.hub.maker(self.hub, place, bare)
        return made

    def grow(self, model: type[BaseModel], into: list[Node], box: QBoxLayout, domain: str = "") -> None:
        """Soon makes the parts for all fields of a group's model, or of a variant's member."""
        live = bool(self.place.flags.get("live"))
        prefix = f"{self.place.path}." if self.place.path else ""
        for each in places(model, prefix, domain, live, self.place.in_list):
            self.hub.growth.want(partial(self._grow, each, into, box))

    def _grow(self, place: Place, into: list[Node], box: QBoxLayout) -> None:
        made = self.make_node(place)
        into.append(made)
        box.addWidget(made)
        made.refresh()
        made.setVisible(not place.flags.get("advanced") or self.hub.advanced)

    def every(self) -> Iterator[Node]:
        """This part and all inside it that count now."""
        yield self
        for each in self.inner():
            yield from each.every()

    def every_part(self) -> Iterator[Retranslated]:
        """All that speaks and is coloured of it and of the parts inside it."""
        yield from self.parts()
        for each in self.made():
            yield from each.every_part()

    def claim(self, faults: list[Fault]) -> list[Fault]:
        """Takes the faults that are its own or of what is inside; gives back the others."""
        for each in self.inner():
            faults = each.claim(faults)
        path = self.place.path
        self.faults = [fault for fault in faults if fault[0] == path or fault[0].startswith(path + ".")]
        self.say_wrong("\n".join(self._said(*each) for each in self.faults))
        return [fault for fault in faults if fault not in self.faults]

    def note(self, notes: Mapping[str, str]) -> None:
        """Says what is remarked, by path."""
        for each in self.inner():
            each.note(notes)
        self.say_note(notes.get(self.place.path, ""))

    def _said(self, path: str, text: Text) -> str:
        """A fault; with the rest of its path where it lies deeper than this part."""
        rest = path.removeprefix(self.place.path).removeprefix(".")
        return f"{rest}: {self.hub.say(text)}" if rest else self.hub.say(text)

    def show_up(self, forced: bool = False) -> bool:
        """Shows it if conditions, search and the switch for advanced fields want it; says whether."""
        matching = forced or self._matches()
        inside = [each.show_up(forced or bool(self.hub.needle and matching)) for each in self.inner()]
        wanted = any(inside) or (matching and (not self.hides_empty() or bool(self.hub.needle)))
        shown = wanted and self.hub.wanted(self.place) and self._in_sight()
        self.setVisible(shown)
        return shown

    def hides_empty(self) -> bool:
        """Whether it goes when nothing inside it is to be seen."""
        return False

    def _matches(self) -> bool:
        if not self.hub.needle:
            return True
        self._words = self._words or self.place.words
        return all(each in self._words for each in self.hub.needle.split())

    def _in_sight(self) -> bool:
        """Of the advanced fields those that are wrong or varied are always to be seen."""
        telling = any(each.faults or each.place.path in self.hub.vary for each in self.every())
        return not self.place.flags.get("advanced") or self.hub.advanced or bool(self.hub.needle) or telling

"""Names of widgets: style sheets, saved states and tests know widgets by them."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject

Thing = TypeVar("Thing", bound=QObject)


def named(thing: Thing, name: str) -> Thing:
    """The thing, with a name."""
    thing.setObjectName(name)
    return thing

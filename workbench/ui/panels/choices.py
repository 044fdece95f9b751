"""What a panel offers in its menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu

Say = Callable[[str], str]


@dataclass(frozen=True)
class Choice:
    """One line of the menu. checked: of a switch; within: the title of the menu inside which it stands."""

    title: str
    run: Callable[[], object]
    checked: bool | None = None
    enabled: bool = True
    within: str = ""


def fill(menu: QMenu, choices: Sequence[Choice], say: Say) -> None:
    """Adds the choices below a line, those within the same title as one menu."""
    if choices and not menu.isEmpty():
        menu.addSeparator()
    inside: dict[str, QMenu] = {}
    for choice in choices:
        place = menu
        if choice.within:
            place = inside.get(choice.within) or menu.addMenu(say(choice.within))
            inside[choice.within] = place
        action = place.addAction(say(choice.title))
        action.setEnabled(choice.enabled)
        action.setCheckable(choice.checked is not None)
        action.setChecked(bool(choice.checked))
        action.triggered.connect(lambda _checked=False, run=choice.run: run())

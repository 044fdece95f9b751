"""Everything that can be asked of the window, in one registry: menus, shortcuts and the palette come from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from workbench import texts
from workbench.texts import HOST, T
from workbench.ui.fuzzy import best
from workbench.ui.speech import Speech


@dataclass(frozen=True)
class Command:
    """Something that can be asked.

    id: `place.deed`. menu: the menu in which it stands, "" for none. enabled, checked: asked whenever it is shown.
    group: within a menu, a line separates groups. domain: the catalogue of its title. of: what its title is one of,
    said before it where it does not stand in a menu of such.
    """

    id: str
    title: str
    run: Callable[[], object]
    shortcut: str = ""
    menu: str = ""
    group: str = ""
    enabled: Callable[[], bool] = lambda: True
    checked: Callable[[], bool] | None = None
    domain: str = HOST
    of: str = ""

    @property
    def name(self) -> str:
        """What it is called where it stands among commands of all kinds."""
        return T("{kind}: {title}", kind=self.of, title=self.title) if self.of else self.title


class Commands(QObject):
    """The registry. Each command has one QAction, shared by whatever shows it."""

    changed = Signal()

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self._speech = speech
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, *commands: Command) -> Callable[[], None]:
        """Registers commands; what is returned takes them away again. Raises ValueError for an id that is taken."""
        for each in commands:
            if each.id in self._commands:
                raise ValueError(f"there is a command {each.id} already")
            self._commands[each.id] = each
            self._actions[each.id] = self._action(each)
        self.changed.emit()
        return lambda: self._remove(commands)

    def action(self, id: str) -> QAction:
        """The action of a command."""
        return self._actions[id]

    def of_menu(self, menu: str) -> list[Command]:
        """The commands of a menu, in the order of registration, groups together."""
        found = [each for each in self._commands.values() if each.menu == menu]
        order = list(dict.fromkeys(each.group for each in found))
        return sorted(found, key=lambda each: order.index(each.group))

    def refresh(self) -> None:
        """Asks every command again whether it can be done and is switched on."""
        for each in self._commands.values():
            action = self._actions[each.id]
            action.setEnabled(each.enabled())
            if each.checked is not None:
                action.setChecked(each.checked())

    def search(self, query: str) -> list[Command]:
        """The commands that fit, best first, found by their titles in any language; without a query all."""
        if not query.strip():
            return list(self._commands.values())
        scored = [(best(query, names(each)), each) for each in self._commands.values()]
        return [each for found, each in sorted(scored, key=lambda pair: -pair[0]) if found > 0]

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def _action(self, command: Command) -> QAction:
        action = QAction(self)
        action.setCheckable(command.checked is not None)
        if command.shortcut:
            action.setShortcut(QKeySequence(command.shortcut))
        self._speech.bind(action, "setText", command.title, command.domain)
        action.triggered.connect(lambda _checked=False: command.run())
        return action

    def _remove(self, commands: tuple[Command, ...]) -> None:
        for each in commands:
            del self._commands[each.id]
            self._actions.pop(each.id).deleteLater()
        self.changed.emit()


def names(command: Command) -> list[str]:
    """What a command is called, in every language."""
    return [texts.translate(command.name, language, command.domain) for language in texts.LANGUAGES]

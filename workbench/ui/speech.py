"""What the window says, in a language that can be changed while it runs."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from workbench import texts
from workbench.texts import T
from workbench.ui import fonts
from workbench.ui.parts import Parts
from workbench.ui.turns import Told, alive, seen

Say = Callable[[str], str]


class Speech(QObject):
    """The window's language. `bind` keeps a widget's text in it."""

    def __init__(self, language: str, parts: Parts | None = None) -> None:
        super().__init__()
        self.parts = parts or Parts()
        self.turns = self.parts.turns
        self.changed = Told(self.turns)
        """Tells, in turns, that texts which are not bound are to be said anew."""
        self.language = language
        self._bound: dict[tuple[int, str], tuple[weakref.ref[QObject], str, str]] = {}
        self._qt = _Words()
        QCoreApplication.installTranslator(self._qt)

    def say(self, text: str, domain: str = texts.HOST) -> str:
        """`text` in the window's language."""
        return texts.translate(text, self.language, domain)

    def of(self, domain: str) -> Say:
        """Says texts of a plugin's catalogue."""
        return partial(self.say, domain=domain)

    def bind(self, target: QObject, setter: str, text: str, domain: str = texts.HOST) -> None:
        """Calls `target.setter(text)` now, and soon after the language changes, as long as the target lives.

        Another text for the same setter takes the place of the one before.
        """
        self._bound[id(target), setter] = weakref.ref(target), text, domain
        getattr(target, setter)(self.say(text, domain))

    def speak(self, language: str, qt: bytes) -> None:
        """Changes the language; its catalogues must have been read (`read`), for the window opens no file."""
        self.language = language
        self._qt.take(language, qt)
        with self.parts.changing():
            application = QApplication.instance()
            if isinstance(application, QApplication):
                fonts.choose(application, language)
            self.parts.take_letters()
            self._bound = {key: bound for key, bound in self._bound.items() if alive(bound[0]())}
            for key in sorted(self._bound, key=lambda each: not seen(self._bound[each][0]())):
                self.turns.put(self, partial(self._say_bound, key))
            self.changed.emit()

    def end(self) -> None:
        """Qt's own words are as they were."""
        QCoreApplication.removeTranslator(self._qt)

    def _say_bound(self, key: tuple[int, str]) -> None:
        reference, text, domain = self._bound[key]
        target = reference()
        if alive(target):
            getattr(target, key[1])(self.say(text, domain))


_LACKING = frozenset({T("&Look in:"), T("Files of &type:"), T("Folder")})
"""Texts of file dialogs that Qt's Chinese lacks."""


class _Words(QTranslator):
    """Qt's own words: those of its standard buttons and menus. It stays the same for all languages, because Qt tells
    every widget of another translator."""

    def __init__(self) -> None:
        super().__init__()
        self._language, self._catalogue, self._found = "", b"", QTranslator()

    def take(self, language: str, catalogue: bytes) -> None:
        """Those of another language; without a catalogue in English."""
        self._language = language
        self._catalogue, self._found = catalogue, QTranslator()  # which looks into it and has no copy
        if catalogue:
            self._found.load(catalogue)

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        """It may know words later."""
        return False

    def translate(self, context: str, source: str, /, disambiguation: str | None = None, n: int = -1) -> str | None:
        """See Qt; None, not "", for what it does not know."""
        found = self._found.translate(context, source, disambiguation, n)
        if not found and source in _LACKING:
            return texts.translate(source, self._language)
        return found or None


def read(language: str, domains: Iterable[str]) -> bytes:
    """Reads a language's catalogues, after which looking up a text opens no file; Qt's own is returned."""
    for domain in {texts.HOST, *domains}:
        texts.translate("-", language, domain)
    file = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), f"qtbase_{language}.qm")
    return file.read_bytes() if file.is_file() else b""

"""Texts for people, in two languages and without Qt.

A `Text` is its English source plus values; it is translated at the edges (window, command line), never before,
so that nothing translated is ever stored. Catalogues are gettext's; a plugin's lie inside its package.
"""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench import resources

HOST = "workbench"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
BREAKS = {"\n": "↵", "\r": "↵", "\t": "⇥"}
"""Signs for what would tear a table's cell."""


class Text(str):
    """An English sentence that remembers its template, its values and the catalogue that knows it."""

    __slots__ = ("domain", "source", "values")
    source: str
    values: Mapping[str, Any]
    domain: str

    def __new__(cls, source: str, values: Mapping[str, Any] | None = None, domain: str = HOST) -> Text:
        values = dict(values or {})
        text = super().__new__(cls, source.format(**values) if values else source)
        text.source, text.values, text.domain = source, values, domain
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        return Text, (self.source, self.values, self.domain)

    def to_json(self) -> dict[str, Any]:
        """The text as it lies in a record: source, values, domain."""
        values = {k: v.to_json() if isinstance(v, Text) else _plain(v) for k, v in self.values.items()}
        return {"source": self.source, "values": values, "domain": self.domain}

    @classmethod
    def from_json(cls, record: Mapping[str, Any] | str) -> Text:
        """The reverse of `to_json`; a bare string is a text without values."""
        if isinstance(record, str):
            return cls(record)
        values = {k: cls.from_json(v) if isinstance(v, dict) else v for k, v in record.get("values", {}).items()}
        return cls(record["source"], values, record.get("domain", HOST))


def domain(name: str) -> Callable[..., Text]:
    """The marker for texts of the catalogue `name` (a plugin's package): `T = domain("my_plugin")`."""

    def mark(source: str, /, **values: Any) -> Text:
        return Text(source, values, name)

    return mark


T = domain(HOST)
"""Marks a text of the host's: `T("No tool is called {name}.", name=name)`."""
STATES = (
    T("queued"), T("running"), T("paused"), T("stopping"), T("stopped"),
    T("done"), T("failed"), T("cancelled"), T("interrupted"),
)  # fmt: skip
"""The states of jobs and runs: English words in records, shown in the reader's language by `T(state)`."""


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)


def folder(name: str) -> Path:
    """Where the catalogues of a domain lie: the host's in its resources, a plugin's in its package."""
    if name == HOST:
        return resources.path("locale")
    file = import_module(name).__file__
    if file is None:
        raise FileNotFoundError(name)
    return Path(file).parent / "locale"


@lru_cache(maxsize=64)
def _catalogue(name: str, language: str) -> gettext.NullTranslations:
    try:
        where = folder(name)
    except (ImportError, FileNotFoundError):
        return gettext.NullTranslations()
    return gettext.translation(name, where, [language], fallback=True)


def translate(text: str, language: str, name: str = HOST) -> str:
    """`text` in `language`; a plain string is looked up in the domain `name`, then in the host's.

    A text that no catalogue holds stays English. Values that are texts are translated too.
    """
    if not text:
        return text
    source = text.source if isinstance(text, Text) else str(text)
    name = text.domain if isinstance(text, Text) else name
    found = _look_up(source, language, name)
    if not isinstance(text, Text) or not text.values:
        return found
    return found.format(**{k: translate(v, language) if isinstance(v, Text) else v for k, v in text.values.items()})


def _look_up(source: str, language: str, name: str) -> str:
    for each in dict.fromkeys((name, HOST)):
        found = _catalogue(each, language).gettext(source)
        if found != source:
            return found
    return source


def choose(*wishes: str | None) -> str:
    """The first wish that is a language we have, else the locale's, else English."""
    environment = [os.environ.get(k) for k in ("LC_ALL", "LC_MESSAGES", "LANG")]
    for wish in (*wishes, *environment, locale.getlocale()[0]):
        if wish in LANGUAGES:
            return str(wish)
        if wish and wish.lower().replace("-", "_").split(".")[0].startswith(("zh", "chinese")):
            return "zh_CN"
        if wish and wish.lower().startswith("en"):
            return "en"
    return "en"

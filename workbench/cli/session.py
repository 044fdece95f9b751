"""What every command starts from: places, settings, language; tools and workspace when they are asked for."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

from workbench import settings, texts
from workbench.discovery import discover
from workbench.errors import UserError
from workbench.loading import PATIENCE
from workbench.registry import Registry
from workbench.settings import Places, Settings
from workbench.texts import T

_COMMANDS = [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
"""Characters that a terminal obeys instead of showing them: controls, and those that turn the direction of writing."""
_ESCAPED = {each: f"\\u{each:04x}" for each in _COMMANDS if chr(each) not in "\n\t"}


@dataclass(frozen=True)
class Session:
    """One call of the program."""

    places: Places
    settings: Settings
    language: str
    profile: str
    safe_mode: bool
    damage: UserError | None = None
    """What is wrong with the settings file, where a session was wanted all the same."""

    @classmethod
    def of(cls, options: argparse.Namespace, *, lenient: bool = False) -> Session:
        """From the options that every command has. Raises UserError for broken settings, unless lenient: then what can
        be understood of them counts."""
        places = Places.of(options.profile)
        found, damage = settings.salvage(places) if lenient else (settings.load(places), None)
        if options.workspace:
            found = found.model_copy(update={"workspace": settings.absolute(Path(options.workspace))})
        language = texts.choose(options.lang, found.language or None)
        return cls(places, found, language, options.profile, options.safe_mode, damage)

    @cached_property
    def registry(self) -> Registry:
        """The plugins and what they declare."""
        return discover(self.places, self.settings, self.safe_mode, late=self._say_late)

    def _say_late(self, plugin: str) -> None:
        """The window too waits for its plugins before there is one: a terminal is where this can be said."""
        profile = ["--profile", self.profile] if self.profile else []
        command = shlex.join(["workbench", *profile, "plugin", "disable", plugin])
        seconds = f"{PATIENCE:g}"
        said = T("The plugin {name} is still being loaded, after {seconds} seconds.", name=plugin, seconds=seconds)
        remedy = T("If it does not end, press Ctrl-C and disable it: `{command}`.", command=command)
        self.note(f"workbench: {self.say(said)} {self.say(remedy)}")

    def say(self, text: str, domain: str = texts.HOST) -> str:
        """`text` in the language of this call."""
        return texts.translate(text, self.language, domain)

    def print(self, line: str = "") -> None:
        """A line on standard output."""
        write(sys.stdout, line + "\n")

    def note(self, line: str) -> None:
        """A line on standard error."""
        write(sys.stderr, line + "\n", flush=True)

    def print_json(self, found: Any) -> None:
        """One JSON object on standard output; not-a-number becomes null, as JSON knows none."""
        self.print(to_json(_finite(found)))


def to_json(found: Any) -> str:
    """`found` as JSON that standard output can show: a stream that lacks characters gets JSON's own escapes."""
    whole = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json.dumps(found, ensure_ascii=not whole, indent=2, default=str)


def shown(text: str) -> str:
    """`text` with an escape for what a terminal would obey."""
    return text.translate(_ESCAPED)


def write(stream: TextIO, text: str, flush: bool = False) -> None:
    """Writes what may come from anywhere: what would move a terminal's cursor, or cannot be encoded, as an escape.

    Once nobody reads the stream any more (`| head`), the rest goes nowhere, and the work goes on. So it does where
    notes cannot be written; of what was asked for UserError is raised.
    """
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(shown(text).encode(encoding, "backslashreplace").decode(encoding))
        if flush:
            stream.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        if stream is sys.stderr or isinstance(error, BrokenPipeError):
            return
        text = T("Standard output cannot be written: {why}.", why=error.strerror or str(error))
        raise UserError(text, remedy=T("Send it to another place, or free some space there.")) from error


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value

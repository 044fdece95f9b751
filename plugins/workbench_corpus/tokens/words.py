"""What a person sets of the words, as JSON that a child process can use: files read, frequencies settled."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.api import UserError, domain

from ..reading.walk import absolute
from . import folding

if TYPE_CHECKING:
    from .params import Words

T = domain("workbench_corpus")
_LINE = re.compile(r"^(.+?)( [0-9]+)?( [a-z]+)?$")
"""A line of a dictionary, as jieba reads it: a word may hold spaces."""
_MOST, _LONGEST = 10**9, 100
"""Of a frequency, and of a word: whoever chose a text for a dictionary shall learn it."""


def spec(words: Words, field: str = "words") -> dict[str, Any]:
    """`words` as a `Cutter` needs them. Raises UserError for files that cannot be read; field: where `words` stands.

    dictionary (see `dictionary.settled`), stops (folded as the words of the text are), marks, script, width, case,
    digits, and the version of OpenCC where it acts. Loads jieba (a second) if there is a dictionary.
    """
    plain = words.model_dump(mode="json", include={"marks", "script", "width", "case", "digits"})
    script = {"opencc": version("opencc")} if words.script != "kept" else {}
    before, whole = folding.before(plain) or str, folding.whole(plain)
    read = _lines(words.stops_file, f"{field}.stops_file") if words.stops_file else ()
    stops = sorted({whole(word) for word in (*read, *words.stops)})
    rows = [(before(word), frequency, tag) for word, frequency, tag in _rows(words, field)]
    dictionary = {"dictionary": _settled(rows)} if rows else {}
    return {**plain, **script, **dictionary, "stops": stops}


def _settled(rows: list[tuple[str, int | None, str]]) -> dict[str, Any]:
    """By name, for it imports jieba, which takes its time and memory and is seldom needed."""
    module = importlib.import_module(".dictionary", __package__)
    settled: dict[str, Any] = module.settled(rows)
    return settled


def _rows(words: Words, field: str) -> Iterator[tuple[str, int | None, str]]:
    if words.dictionary_file:
        for line in _lines(words.dictionary_file, f"{field}.dictionary_file"):
            yield _row(line, f"{field}.dictionary_file")
    for entry in words.dictionary:
        yield entry.word, entry.freq, entry.tag


def _row(line: str, field: str) -> tuple[str, int | None, str]:
    match = _LINE.match(line)
    word, frequency, tag = match.groups() if match else (line, None, None)
    if len(word) > _LONGEST:
        text = T("“{begin}…” is longer than a word can be.", begin=word[:20])
        raise UserError(text, remedy=T("A dictionary holds a word a line."), field=field)
    if frequency and float(frequency) > _MOST:  # of thousands of digits Python makes no whole number
        text = T("The frequency of {word} is beyond {most}.", word=word, most=f"{_MOST:,}")
        raise UserError(text, remedy=T("Leave it out: then it is as much as it takes."), field=field)
    return word, int(frequency) if frequency else None, (tag or "").strip()


def _lines(path: Path, field: str) -> Iterator[str]:
    """The lines of a file that are not empty, stripped as jieba strips them."""
    try:
        lines = Path(absolute(path, field)).read_bytes().split(b"\n")
        texts = [line.strip().decode("utf-8").lstrip("\ufeff") for line in lines]
    except OSError as error:
        text = T("{path} cannot be read: {why}.", path=path, why=error.strerror or error)
        raise UserError(text, remedy=T("Choose another file."), field=field) from error
    except UnicodeDecodeError as error:
        text = T("{path} is not in UTF-8, as jieba's dictionaries are.", path=path)
        raise UserError(text, remedy=T("Save it as UTF-8."), field=field) from error
    return filter(None, texts)

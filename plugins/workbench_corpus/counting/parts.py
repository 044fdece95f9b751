"""What a child leaves on disk of one task: words with their counts, and on request every token."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from workbench.api import Text

from ..reading.encodings import sound
from ..reading.records import Entry

Ints = NDArray[np.int64]
Ids = NDArray[np.int32]
_N = "{n}"


def _none() -> Any:
    return np.zeros(0, np.int32)


@dataclass(frozen=True)
class Part:
    """Counts of one task: its k-th word occurs `counts[k]` times, in `documents[k]` whole documents. The counts of
    words that are not to be counted (stop words) are negative: only the index of tokens knows them. Words are first
    those in `known`, by the numbers of `tokens.lattice.stock.Names`, then those in `words`; each stands there once.

    Documents in pieces are told apart, for other tasks have their other pieces: `open_words` (numbers of words) lie one
    piece after the other, `open_lengths` of each; `open_names` says which document it is. Where tokens are kept, `ids`
    are the numbers of their words in the text's order, `lengths` how many each document or piece has, and `places` its
    (file, number, columns). groups: (column, value, documents, tokens), column "" being the file. begun: documents that
    begin here; entries: the files that were read (see `entry`).
    """

    words: Sequence[str]
    counts: Ints
    documents: Ints = field(default_factory=_none)
    open_names: Sequence[str] = ()
    open_words: Ids = field(default_factory=_none)
    open_lengths: Ints | Ids = field(default_factory=_none)
    ids: Ids = field(default_factory=_none)
    lengths: Ints | Ids = field(default_factory=_none)
    places: Sequence[Any] = ()
    groups: Sequence[Any] = ()
    begun: int = 0
    entries: Sequence[dict[str, Any]] = ()
    known: Ids = field(default_factory=_none)

    _ARRAYS = ("counts", "known", "documents", "open_words", "open_lengths", "ids", "lengths")
    _TEXTS = ("open_names", "places", "groups", "begun", "entries")

    def reading(self, begun: int, entries: Sequence[dict[str, Any]]) -> Part:
        """The same with what was read."""
        return replace(self, begun=begun, entries=entries)

    def write(self, path: Path) -> None:
        """Whole or not at all: a child that dies leaves at most a file that nobody reads and the next try replaces."""
        arrays = {name: each for name in self._ARRAYS if len(each := getattr(self, name))}
        arrays |= {name: _packed(each) for name in self._TEXTS if (each := getattr(self, name))}
        arrays |= {"words": _bytes(_joined(self.words))} if self.words else {}
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        save_file(arrays, temporary)
        temporary.replace(path)

    @classmethod
    def read(cls, path: Path) -> Part:
        """Raises OSError for a part that is gone, SafetensorError for a damaged one."""
        found: dict[str, Any] = load_file(path)
        texts = {name: json.loads(found.pop(name).tobytes()) for name in cls._TEXTS if name in found}
        words = _split(found.pop("words").tobytes().decode()) if "words" in found else []
        return cls(words, **{"counts": np.zeros(0, np.int64), **texts, **found})


def entry(read: Entry, documents: int = 0) -> dict[str, Any]:
    """A line of the table of files as JSON. documents: how many began in what was read."""
    return {
        "file": read.file, "format": read.format, "encoding": read.encoding, "bytes": read.bytes,
        "documents": documents, "undecodable": read.undecodable, "troubles": [*map(_counted, read.troubles)],
    }  # fmt: skip


def said(troubles: Mapping[str, int]) -> str:
    """The troubles of a file, each with its number, as its line in the table says them."""
    return " ".join(sorted(what.replace(_N, f"{n}") for what, n in troubles.items()))


def _counted(trouble: Text) -> tuple[str, int]:
    """What it says, its number {n} left open, and the number: those of a file's parts add up."""
    what = trouble.source.format(**{**trouble.values, "n": _N}) if "n" in trouble.values else str(trouble)
    return sound(what)[0], trouble.values.get("n", 0)


def _packed(value: Any) -> NDArray[np.uint8]:
    return _bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _joined(words: Sequence[str]) -> str:
    """The words after a character that none of them holds, and between them the same; quicker than JSON."""
    text = "".join(words)
    between = next(each for each in map(chr, count()) if each not in text)
    return between + between.join(words)


def _split(text: str) -> list[str]:
    return text[1:].split(text[0])

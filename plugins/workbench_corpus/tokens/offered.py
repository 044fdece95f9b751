"""The tokenizers by name: how a child process makes the one that a parameter chose.

What a loader of the kind "tokenizer" returns, a plugin's too, has a `spec`: JSON with `make`, the name
"module:function" of what makes the tokenizer out of the spec and the dictionary (see `words.spec`; or None). What is
made has `cut(text) -> list of tokens`, and may have `exact(token)`, which tells which tokens one of `cut` stands for,
`sure(text)`, whether all of a text stand for themselves, `doubtful(tokens)`, which of them may not, `bare(token)`, the
word without what was added to it, `numbering`, the exact tokens as numbers, which are counted more quickly (see
`lattice.numbering`), and `cache`, a folder where it keeps what it has made of the dictionary, "" for none: who has one
sets it before the first cut. Long texts come in pieces, a plugin's tokenizer gets whole lines (see `cuts`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ..reading.borders import LINES, MARKS, SPACES

if TYPE_CHECKING:
    from pydantic import BaseModel

    from workbench.api import Context

_HERE = __package__
MAKERS = {
    "rjieba": f"{_HERE}.fast:Rjieba",
    "jieba": f"{_HERE}.reference:Jieba",
    "characters": f"{_HERE}.simple:Characters",
    "chargrams": f"{_HERE}.simple:CharGrams",
    "whitespace": f"{_HERE}.simple:Whitespace",
    "regex": f"{_HERE}.simple:Regex",
}
_CUTS = {"rjieba": MARKS, "jieba": MARKS, "characters": MARKS, "chargrams": SPACES, "whitespace": SPACES}
_LIBRARIES = {"jieba": ("jieba",), "rjieba": ("rjieba", "jieba")}
"""Whose versions decide how they cut: of jieba the dictionary, if nothing else."""


@dataclass(frozen=True)
class Chosen:
    """A chosen tokenizer."""

    spec: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that decides how it cuts, its version included."""
        return digest(self.spec)


def tokenizer(params: BaseModel, context: Context) -> Chosen:  # noqa: ARG001 - a loader's signature
    """Any of ours."""
    return Chosen(completed(params.model_dump(mode="json")))


def completed(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A tokenizer's parameters with what makes it and with the present version of its library, where it is ours."""
    kind = spec["kind"]
    ours = {"make": MAKERS[kind]} if "make" not in spec else {}
    library = {"version": " ".join(map(version, _LIBRARIES[kind]))} if kind in _LIBRARIES else {}
    return {**spec, **ours, **library}


def adds(spec: Mapping[str, Any]) -> bool:
    """Whether tokens may be more than their words; of ours only jieba's with their parts of speech are. To make a
    tokenizer and ask it takes longer."""
    return spec["kind"] not in MAKERS or spec.get("mode") == "tagged"


def cuts(kind: str) -> int:
    """Where a text may be cut so that a tokenizer of this kind finds the same: see `reading.borders.LINES`."""
    return _CUTS.get(kind, LINES)


def digest(value: Any) -> str:
    """SHA-256 of a value's JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()

"""Tokenizers without a dictionary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


class _Plain:
    """A dictionary plays no part."""

    def __init__(self, spec: Mapping[str, Any], dictionary: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        self.spec = spec


class Characters(_Plain):
    """Every character by itself, white space too."""

    def cut(self, text: str) -> list[str]:
        """The characters."""
        return list(text)


class CharGrams(_Plain):
    """All runs of n characters without white space in them."""

    def cut(self, text: str) -> list[str]:
        """The runs, from each position in turn."""
        n: int = self.spec["n"]
        return ["".join(run) for part in text.split() for run in zip(*(part[k:] for k in range(n)), strict=False)]


class Whitespace(_Plain):
    """What stands between white space."""

    def cut(self, text: str) -> list[str]:
        """The parts of the text, none of them empty."""
        return text.split()


class Regex(_Plain):
    """The matches of a regular expression, whole, whatever groups it has; empty ones are none.

    Each lies in one line, so that it does not matter in which pieces a text is cut.
    """

    def cut(self, text: str) -> list[str]:
        """The matches from left to right."""
        found = re.compile(self.spec["pattern"]).finditer
        return [match[0] for line in text.splitlines(keepends=True) for match in found(line) if match[0]]

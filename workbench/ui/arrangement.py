"""How a tool arranges its panels: `a | b / c` is a beside b, and c below both.

`/` binds least: it parts rows; `|` parts the columns of a row; `a, b` are tabs in one place; brackets group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Way = Literal["/", "|", ","]
_TOKEN = re.compile(r"[/|,()]|[^\s/|,()]+")


@dataclass(frozen=True)
class Split:
    """Parts one below the other (/), side by side (|) or as tabs (,)."""

    way: Way
    parts: tuple[Node, ...]


Node = str | Split


def parse(text: str) -> Node | None:
    """The arrangement that a tool declares; None for an empty one. What is unbalanced is taken as far as it goes."""
    tokens = _TOKEN.findall(text)
    return _parse(tokens, 0) if tokens else None


def complete(node: Node | None, panels: Sequence[str]) -> Node | None:
    """The arrangement with every panel in it once; those that it does not name come below."""
    named = dict.fromkeys(leaves(node))
    known = _only(node, set(panels))
    rest = [each for each in panels if each not in named]
    if not rest:
        return known
    if known is None:
        return grid(rest)
    return Split("/", (known, rest[0] if len(rest) == 1 else Split("|", tuple(rest))))


def grid(panels: Sequence[str]) -> Node:
    """Panels in rows of at most three."""
    if len(panels) <= 1:
        return panels[0]
    wide = 2 if len(panels) in (2, 4) else 3
    rows = [tuple(panels[start : start + wide]) for start in range(0, len(panels), wide)]
    parts: list[Node] = [row[0] if len(row) == 1 else Split("|", row) for row in rows]
    return parts[0] if len(parts) == 1 else Split("/", tuple(parts))


def leaves(node: Node | None) -> list[str]:
    """The panels, in reading order."""
    if node is None or isinstance(node, str):
        return [node] if node else []
    return [leaf for part in node.parts for leaf in leaves(part)]


def splits(node: Node) -> Iterator[Split]:
    """All that is parted in it, tabs left out, from the outside inwards."""
    if isinstance(node, Split) and node.way != ",":
        yield node
        for part in node.parts:
            yield from splits(part)


_WAYS: tuple[Way, ...] = ("/", "|", ",")


def _parse(tokens: list[str], level: int) -> Node | None:
    if level == len(_WAYS):
        return _atom(tokens)
    parts = [_parse(tokens, level + 1)]
    while tokens and tokens[0] == _WAYS[level]:
        tokens.pop(0)
        parts.append(_parse(tokens, level + 1))
    found = tuple(each for each in parts if each is not None)
    return Split(_WAYS[level], found) if len(found) > 1 else found[0] if found else None


def _atom(tokens: list[str]) -> Node | None:
    if not tokens or tokens[0] in "/|,)":
        return None
    token = tokens.pop(0)
    if token != "(":
        return token
    inside = _parse(tokens, 0)
    if tokens and tokens[0] == ")":
        tokens.pop(0)
    return inside


def _only(node: Node | None, known: set[str]) -> Node | None:
    if node is None or isinstance(node, str):
        return node if node in known else None
    parts = tuple(kept for each in node.parts if (kept := _only(each, known)) is not None)
    return Split(node.way, parts) if len(parts) > 1 else parts[0] if parts else None

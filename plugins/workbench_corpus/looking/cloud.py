"""A cloud of words: the more often, the larger. As HTML, for a panel of text, in which a click selects a word."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import islice
from urllib.parse import quote

from ..tokens.preview import as_html

COLOURS = ("#3f7fb5", "#c2703d", "#4f9a63", "#9a6ab0", "#b5546a")
"""Read well on light and on dark grounds."""
_WHOLE = "\u2060"
"""A word joiner: between Chinese characters a line would break anywhere."""
SMALLEST, LARGEST = 11.0, 46.0


def cloud(counted: Iterable[tuple[str, int]], most: int = 120, bares: Sequence[str] = ()) -> str:
    """The first words of two characters or more, most frequent first: single ones are nearly all grammar.


    The area of a word goes with its count, its place and colour with its code, so that they stay from count to count.
    bares: see `TokenIndex`.
    """
    both = zip(counted, bares, strict=False) if bares else ((each, each[0]) for each in counted)
    words = list(islice((each for each, bare in both if len(bare) > 1 and any(map(str.isalpha, bare))), most))
    top = words[0][1] if words else 1
    words.sort(key=lambda each: _code(each[0]))
    spans = (
        _span(word, max(SMALLEST, LARGEST * (n / top) ** 0.5), COLOURS[_code(word) % len(COLOURS)]) for word, n in words
    )
    return f'<p align="center" style="line-height: 110%">{" ".join(spans)}</p>'


def _span(word: str, size: float, colour: str) -> str:
    style = f"font-size: {size:.0f}px; color: {colour}; text-decoration: none"
    return f'<a href="#{quote(word)}" style="{style}">{as_html(_WHOLE.join(word))}</a>'


def _code(word: str) -> int:
    return zlib.crc32(word.encode())

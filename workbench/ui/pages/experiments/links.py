"""Sources of statements with what can be opened in them as links."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

_PLACES: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"https?://[^\s;,，；）)]+", lambda found: found[0]),
    (r"arXiv[:\s]?\s*(\d{4}\.\d{4,5})", lambda found: f"https://arxiv.org/abs/{found[1]}"),
    (r"doi:\s*(10\.\d{4,}/[^\s;,，；）)]+)", lambda found: f"https://doi.org/{found[1]}"),
    (r"archives/(\d+)", lambda found: f"https://kexue.fm/archives/{found[1]}"),
)
"""How an address, a paper, an article is written, and where it is."""
_ANY = re.compile("|".join(f"(?:{pattern.replace('(', '(?:').replace('(?:?:', '(?:')})" for pattern, _ in _PLACES))


def linked(text: str, colour: str) -> str:
    """The text as HTML, every address, paper and article in it a link of that colour."""
    parts, end = [], 0
    for found in _ANY.finditer(text):
        parts += [escape(text[end : found.start()]), link(_address(found[0]), found[0], colour)]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def link(address: str, text: str, colour: str) -> str:
    """One link, as HTML."""
    return f'<a href="{escape(address)}" style="color: {colour}">{escape(text)}</a>'


def _address(written: str) -> str:
    for pattern, address in _PLACES:
        found = re.fullmatch(pattern, written)
        if found:
            return address(found)
    raise AssertionError(written)

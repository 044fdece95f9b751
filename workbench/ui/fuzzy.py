"""Finding a title by some of its letters, as in an editor's palette of commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_START, _NEXT, _GAP = 8.0, 5.0, 0.4


def score(query: str, text: str) -> float:
    """How well the letters of `query` are found in `text`, in order; 0 where they are not.

    Letters at the start of a word and letters that follow each other count more; gaps and long texts a little less.
    """
    letters, lower = query.lower().replace(" ", ""), text.lower()
    found = _walk(letters, lower, _best) or _walk(letters, lower, str.find)
    return found - len(text) / 1000 if found else 0.0


def _walk(letters: str, text: str, find: Callable[[str, str, int], int]) -> float:
    total, last = 1.0, -1
    for letter in letters:
        place = find(text, letter, last + 1)
        if place < 0:
            return 0.0
        total += _NEXT if last >= 0 and place == last + 1 else _START if _starts(text, place) else 1.0
        total -= _GAP * min(place - last - 1, 10) / 10
        last = place
    return total


def best(query: str, texts: Iterable[str]) -> float:
    """The best score among several names of one thing."""
    return max((score(query, each) for each in texts), default=0.0)


def _best(text: str, letter: str, start: int) -> int:
    """Where to take a letter: right here, else at the next start of a word, else where it comes first."""
    first = text.find(letter, start)
    place = first
    while place > start and not _starts(text, place):
        place = text.find(letter, place + 1)
    return first if place < 0 else place


def _starts(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()

"""What words of one's own change: the texts that hold them are read once more and cut in both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .around import joined

Tokens = Callable[[str], list[str]]
Bare = Callable[[str], str]


@dataclass
class Recount:
    """Tokens of the texts that hold a word of one's own, before and after, and lines that show both."""

    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    lines: list[dict[str, str]] = field(default_factory=list)
    texts: int = 0

    def changed(self, totals: Mapping[str, int], most: int) -> list[dict[str, Any]]:
        """Words whose counts differ, the most first; of the whole corpus, whose counts `totals` were before."""
        rows = []
        for word in self.before | self.after:
            gain = self.after[word] - self.before[word]
            if gain:
                rows.append(
                    {"word": word, "before": totals.get(word, 0), "after": totals.get(word, 0) + gain, "change": gain}
                )
        rows.sort(key=lambda row: (-abs(int(str(row["change"]))), str(row["word"])))
        return rows[:most]


def recount(
    texts: Iterable[str], words: Sequence[str], before: Tokens, after: Tokens, around: int, most: int, bare: Bare = str
) -> Recount:
    """Cuts every text that holds one of the words. around: characters to either side in lines, of which there are at
    most `most`; bare: a token as it stands in the text."""
    found = Recount()
    for text in texts:
        held = [word for word in words if word in text]
        if not held:
            continue
        old, new = before(text), after(text)
        found.before.update(old)
        found.after.update(new)
        found.texts += 1
        if old != new and len(found.lines) < most:
            spans = _spans(text, held[0], around, most - len(found.lines))
            cut = ([joined(_within(way, span, bare)) for way in (old, new)] for span in spans)
            found.lines += [{"before": one, "after": other} for one, other in cut]
    return found


def _spans(text: str, word: str, around: int, most: int) -> Iterator[tuple[int, int]]:
    """Where a word stands in a text, with its surroundings."""
    at = text.find(word)
    while at >= 0 and most:
        yield at - around, at + len(word) + around
        at, most = text.find(word, at + 1), most - 1


def _within(tokens: list[str], span: tuple[int, int], bare: Bare) -> list[str]:
    """The tokens that lie in a span of characters, all of them or in part; tokens are taken to leave nothing out."""
    kept, at = [], 0
    for token in tokens:
        end = at + len(bare(token))
        if end > span[0] and at < span[1]:
            kept.append(token)
        at = end
    return kept

"""What is seen of a count while it runs and when it has ended."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

import numpy as np

from workbench.api import Context, domain

from ..looking import laws
from .parts import Ints
from .vocabulary import Vocabulary

T = domain("workbench_corpus")
TOP = 300
"""Rows of the table while it grows."""
_PERIOD = 0.1
_SHARE = 25
"""A picture waits so many times as long as it took: looking costs little, and hardly anything while nobody looks."""
_POINTS = 400
_STEEP = 20.0
"""An exponent that says nothing about a language."""
_RECENT = 2.0
"""Seconds over which the present speed is taken."""
_AGAIN, _LOOKED = 0.5, 1.0
"""Who looks asks for a picture again within so many seconds (the store does not), and counts as looking for so many."""


class Clock:
    """Bytes and time of a count; what was counted before it was resumed is no speed."""

    def __init__(self) -> None:
        self.total = self.done = self.now = 0
        self.begun = time.monotonic()
        self.points = [(0.0, 0.0, 0.0)]
        self._recent: deque[tuple[float, int]] = deque()

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self.begun

    def add(self, size: int, kept: bool) -> None:
        """Counts bytes; kept: they were counted by the run before."""
        self.done += size
        self.now += 0 if kept else size
        self._recent.append((self.seconds, self.now))
        while len(self._recent) > 1 and self.seconds - self._recent[0][0] > _RECENT:
            self._recent.popleft()

    def late(self) -> float:
        """Bytes a second of late; 0 until a second part has come, for processes take a while to begin."""
        before, size = self._recent[0] if self._recent else (0.0, 0)
        return (self.now - size) / max(self.seconds - before, 1e-9)

    def rate(self) -> float:
        """MB/s since the beginning."""
        return self.now / 1e6 / max(self.seconds, 1e-9)

    def mark(self) -> None:
        """Takes a point (seconds, MB/s of late, MB/s of all)."""
        self.points.append((self.seconds, self.late() / 1e6, self.rate()))
        if len(self.points) > _POINTS:
            self.points = self.points[::2]


class Show:
    """Streams of a running count, ten times a second at most and never dear."""

    def __init__(self, context: Context, vocabulary: Vocabulary, clock: Clock) -> None:
        self._context, self._vocabulary, self._clock = context, vocabulary, clock
        self._next: dict[str, float] = {}
        self._drawn: dict[str, float] = {}
        self._cost: dict[str, float] = {}
        self._seen = -math.inf
        self._growth: list[tuple[int, int]] = []
        self.documents = self.failed = 0

    def update(self) -> None:
        """Shows what is due."""
        self._if_due("progress", self._progress)
        self._if_due("words", self._words)
        self._if_due("totals", self.totals)
        self._if_due("zipf", lambda: zipf(self._context, self._vocabulary.frequencies(), fit=False))
        if len(self._growth) > 1:
            self._if_due("heaps", self._heaps)
        self._if_due("speed", self._speed)

    def _if_due(self, stream: str, draw: Callable[[], object]) -> None:
        now, used, due = time.monotonic(), time.thread_time(), self._next.get(stream, 0.0)
        if now < due or not (stream == "progress" or self._context.wants(stream)):
            return
        draw()
        if stream != "progress" and now - self._drawn.get(stream, -math.inf) < _AGAIN:
            self._seen = now
        self._drawn[stream] = now
        before, self._cost[stream] = self._cost.get(stream, 0.0), time.thread_time() - used
        pause = _SHARE * min(before, self._cost[stream])  # a single dear one, as the first, says little
        self._next[stream] = max(due + _PERIOD, now + pause)  # one that came late makes the next no later

    @property
    def looked(self) -> bool:
        """Whether somebody looks."""
        return time.monotonic() - self._seen < _LOOKED

    def _progress(self) -> None:
        clock = self._clock
        text = T("{done} of {total} MB", done=f"{clock.done / 1e6:,.1f}", total=f"{clock.total / 1e6:,.1f}")
        self._context.progress(clock.done, max(clock.total, clock.done), text)

    def _words(self) -> None:
        million = 1e6 / max(self._vocabulary.tokens, 1)
        rows = [
            {"word": word, "count": n, "per_million": round(n * million, 3)} for word, n in self._vocabulary.top(TOP)
        ]
        self._context.table("words", rows)

    @property
    def megabytes(self) -> float:
        """Text read."""
        return self._clock.done / 1e6

    def end(self, types: int) -> None:
        """Shows what there is when all is counted. types: their number, known for sure now."""
        self.grow(types)
        self.totals(types)
        self.speed()
        self._heaps()

    def totals(self, types: int | None = None) -> None:
        """Tokens, types and the rest in one small table. types: their number, where it is known for sure."""
        words, clock = self._vocabulary, self._clock
        guessed = types is None and words.generation > 0
        text = T(
            "| Tokens | {tokens} |\n|---|---:|\n| Types | {about}{types} |\n| Documents | {documents} |\n"
            "| Text | {megabytes} MB |\n| Speed | {speed} MB/s |\n| Files with trouble | {failed} |",
            tokens=f"{words.tokens:,}",
            about="≈ " if guessed else "",
            types=f"{words.types if types is None else types:,}",
            documents=f"{self.documents:,}",
            megabytes=f"{clock.done / 1e6:,.2f}",
            speed=f"{clock.rate():,.2f}",
            failed=f"{self.failed:,}",
        )
        self._context.text("totals", text, format="markdown")

    def speed(self) -> None:
        """MB/s by seconds: of the last seconds, and of all."""
        seconds, late, whole = np.array(self._clock.points).T
        self._context.lines("speed", seconds, np.stack([late, whole]), labels=["MB/s, 2 s", "MB/s, Ø"])

    def grow(self, types: int | None = None) -> None:
        """Takes a point of the growth of the vocabulary."""
        tokens = self._vocabulary.tokens
        if tokens and (not self._growth or tokens > self._growth[-1][0]):
            self._growth.append((tokens, self._vocabulary.types))
        if types is not None and self._growth:
            self._growth[-1] = tokens, types
        if len(self._growth) > _POINTS:
            del self._growth[1:-1:2]

    def _speed(self) -> None:
        self._clock.mark()
        self.speed()

    def _heaps(self) -> None:
        heaps(self._context, np.array(self._growth))


def zipf(context: Context, counts: Ints, fit: bool = True) -> None:
    """Frequency by rank, and Zipf's law fitted to it, which takes a while. counts: in falling order."""
    if not len(counts):
        return
    ranks = laws.spaced(len(counts))
    if not fit or len(counts) < 2:
        context.lines("zipf", ranks, counts[None, ranks - 1], labels=["n(r)"])
        return
    law = laws.zipf(counts)
    label = f"∝ r^{law.exponent:.3f}, R² = {law.r2:.3f}"
    context.lines("zipf", ranks, np.stack([counts[ranks - 1], law(ranks)]), labels=["n(r)", label])


def heaps(context: Context, growth: Ints) -> None:
    """Types by tokens as they were counted, and Heaps' law fitted to them. growth: (N, 2)."""
    if len(growth) < 2:
        return
    tokens, types = growth.T
    law = laws.heaps(tokens, types)
    if abs(law.exponent) > _STEEP:  # of parts with hardly a token
        context.lines("heaps", tokens, types[None], labels=["V(n)"])
        return
    fit = f"{law.scale:.3g} · n^{law.exponent:.3f}, R² = {law.r2:.3f}"
    context.lines("heaps", tokens, np.stack([types, law(tokens)]), labels=["V(n)", fit])

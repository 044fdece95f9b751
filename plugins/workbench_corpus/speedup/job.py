"""The article's experiment on a text of one's own: all ways of counting in turn, so that a machine's moods meet all."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from workbench.api import Context, UserError, domain

from ..reading.documents import documents as read
from ..reading.plan import plan
from ..tokens.cutting import cutter
from ..tokens.offered import digest
from . import text, ways
from .growth import growth
from .params import Speedup
from .processes import parallel, stretches
from .show import Show
from .ways import Counts, Spent

T = domain("workbench_corpus")
STRETCHES = 20
"""Points of the curve that shows what an update costs."""


def run(params: Speedup, context: Context) -> None:
    """Reports seconds of every way, round by round, speed-ups, efficiency, and the cost of an update."""
    path = context.dir / "text.txt"
    try:
        if not text.lay_down(source(params), path, params.megabytes, context.sync):
            raise UserError(T("There is no text to count in these files."), field="paths")
        measure(params, path, context)
    finally:
        path.unlink(missing_ok=True)


def measure(params: Speedup, path: Path, context: Context) -> None:
    """Counts the text that lies there in all ways, as often as it is to be repeated."""
    specs = named([context.chosen(each).spec for each in params.tokenizers])
    benches = [Bench(name, spec, path, params, context) for name, spec in specs.items()]
    size = path.stat().st_size
    what = digest([params.model_dump(mode="json", exclude={"repeats"}), specs, size, processors()])
    show = Show([bench.name for bench in benches], size / 1e6, what, context)
    context.track(show=show)
    for _ in context.steps(params.repeats):
        for bench in random.sample(benches, len(benches)):
            show.take(bench.name, *bench.round())
            texts = list(ways.documents(path)) if params.growth else []
            if curve := growth(texts, bench.cut, STRETCHES, context.sync):  # a tokenizer may find no word at all
                show.grown(bench.name, curve)
        show()


def source(params: Speedup) -> Iterable[str]:
    """The documents of the files that were named, again and again, or without files drawn ones."""
    if not params.paths:
        return text.drawn(params.seed)
    return text.repeated(lambda: (document.text for task in plan(params).tasks for document in read(task)))


def named(specs: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The tokenizers' specifications by names that differ: their kinds, numbered where one comes again."""
    found: dict[str, dict[str, Any]] = {}
    for spec in specs:
        kind = str(spec["kind"])
        again = sum(other["kind"] == kind for other in found.values())
        found[f"{kind} {again + 1}" if again else kind] = spec
    return found


Measured = tuple[Spent, Counts, float]
"""What a way took, what it counted, and the seconds that starting its processes took."""


class Bench:
    """All ways with one tokenizer. Raises RuntimeError when two of them do not count the same."""

    def __init__(self, name: str, spec: dict[str, Any], path: Path, params: Speedup, context: Context) -> None:
        self.name, self._spec, self._path, self._context = name, spec, path, context
        self.cut = cutter(spec, {}).cut
        list(self.cut(next(ways.documents(path))))  # what is loaded at the first word is not measured
        self._ranges = stretches(path, params.stretch)
        self._known: Counts = {}
        self._ways: dict[str, Callable[[], Measured]] = {"naive": partial(self._alone, ways.naive)}
        for size in dict.fromkeys(params.batches):
            self._ways[f"batch_{size}"] = partial(self._alone, partial(ways.batched, size=size))
        for n in dict.fromkeys(n or processors() for n in params.workers):
            self._ways[f"processes_{n}"] = partial(self._several, n)

    def round(self) -> tuple[dict[str, Spent], dict[str, float]]:
        """What every way took, in a new order each time, and the seconds that starting processes took."""
        measured: dict[str, Spent] = {}
        boots: dict[str, float] = {}
        for way in random.sample(list(self._ways), len(self._ways)):
            self._context.sync()
            measured[way], found, boot = self._ways[way]()
            if found != (self._known or found):
                raise RuntimeError(f"{way} does not count what others counted with {self.name}")
            self._known = found
            boots |= {way: boot} if boot else {}
        return {way: measured[way] for way in self._ways}, boots

    def _alone(self, way: Callable[..., Counts]) -> Measured:
        spent, found = ways.timed(lambda: way(ways.documents(self._path), self.cut, heed=self._context.sync))
        return spent, found, 0.0

    def _several(self, n: int) -> Measured:
        spent, boot, found = parallel(self._path, self._spec, self._ranges, n, self._context)
        return spent, found, boot


def processors() -> int:
    """Those that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

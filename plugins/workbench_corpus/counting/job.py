"""The job: tasks over processes, their parts merged as they come."""

from __future__ import annotations

import logging
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from workbench.api import Context, domain

from ..params import Count
from ..reading.params import Input
from ..reading.plan import plan
from ..tokens.offered import cuts, digest
from .books import Books
from .database import Database
from .disk import written
from .finish import Finish
from .kept import Settings, settled
from .parts import Part, entry, said
from .second import Merged
from .show import Clock, Show
from .task import PARTS, WAKE, count, part_of
from .tasks import tasks
from .vocabulary import Vocabulary

T = domain("workbench_corpus")
log = logging.getLogger(__name__)
_PORTION, _PORTIONS = 0.1, {"jieba": 0.03}
"""MB that are planned together: counted in less time than a picture stands."""
_SEEN, _UNSEEN = 24, 4
"""Tasks a second, where somebody looks and where nobody does; the speed of late says how much text that is."""
_PLAIN, _DETAILED = 4.0, 1.0
"""MB in a task at most, where words alone are counted and where more is."""
_WOKEN = 2
"""Processes that start while the corpus is looked through; a small one needs no more."""
_LISTED = 1000
"""Files with troubles that are listed while the count runs; the table of files has them all."""


def run(params: Count, context: Context) -> None:
    """Counts the corpus. See `params.Count` for what is counted beside the words."""
    clock, folder = Clock(), context.dir / "count"
    (folder / PARTS).mkdir(parents=True, exist_ok=True)
    settings = settled(params, context, folder)
    with closing(Database(folder, params.memory, context)) as db:
        counting = Counting(params, context, settings, folder, db, clock)
        counting.count()
        Finish(params, context, settings, folder, db, counting).show()
    context.scalars(mb_per_second=clock.rate())
    shutil.rmtree(folder)


def corpus(params: Count) -> Input:
    """What is to be read."""
    portion = params.portion or _PORTIONS.get(params.tokenizer.kind, _PORTION)
    return Input(**{**{name: getattr(params, name) for name in Input.model_fields}, "portion": portion})


def cache(settings: Settings, context: Context) -> str:
    """A folder for what is dear to make of the dictionary, "" where there can be none."""
    try:
        key = digest(settings.words.get("dictionary"))[:32]
        return str(context.cache(f"corpus-dictionary-{key}", Path.mkdir))
    except OSError as error:
        log.warning("what is made of the dictionary is not kept: %s", error)
        return ""


class Counting:
    """A count under way: what has been merged, and what of it is shown."""

    def __init__(
        self, params: Count, context: Context, settings: Settings, folder: Path, db: Database, clock: Clock
    ) -> None:
        self._cache = cache(settings, context)
        self.vocabulary = Vocabulary(folder, db, params.vocabulary, self._cache)
        self.books, self.clock = Books(db), clock
        self.merged: list[Merged] = []
        self.show = Show(context, self.vocabulary, clock)
        self._troubles: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._wrong: set[str] = set()
        self._params, self._detailed, self._cuts = params, settings.detailed, cuts(settings.tokenizer["kind"])
        self._context, self._folder = context, folder
        self._portion = 0.0
        self._most = 0.0 if params.portion else 1e6 * (_DETAILED if settings.detailed else _PLAIN)

    def count(self) -> None:
        """Merges the parts of all tasks, as they come."""
        begun, counts = time.time(), partial(count, str(self._folder), cache=self._cache)
        wakes = [{WAKE: number} for number in range(min(self._params.workers or _WOKEN, _WOKEN))]
        todo = chain(wakes, self._tasks())
        for task, result in self._context.map(counts, todo, self._params.workers, keep="count"):
            if WAKE in task:
                continue
            path = part_of(self._folder, task)
            self._merge(path, self._part(path, task), task["number"])
            self.clock.add(result["bytes"], kept=result["at"] < begun)
            self.show.update()

    def _tasks(self) -> Iterator[dict[str, Any]]:
        """All tasks, planned when the first is asked for: the processes start meanwhile."""
        self._context.progress(0, None, T("Looking for files"))
        planned = plan(corpus(self._params), self._context.sync, self._cuts)
        self._portion = planned.bytes / max(len(planned.tasks), 1)
        self.clock.total = planned.bytes
        self._told(map(entry, planned.refused))
        yield from tasks(planned.tasks, self._folder / "sizes", self._together)

    def _together(self) -> int:
        """How many portions the next task should have."""
        size = self.clock.late() / (_SEEN if self.show.looked else _UNSEEN)
        return int(min(size, self._most) / max(self._portion, 1))

    def _part(self, path: Path, task: dict[str, Any]) -> Part:
        """The part of a task; counted here once more where it was lost or damaged, as by a power cut."""
        try:
            return Part.read(path)
        except (OSError, SafetensorError):
            count(str(self._folder), task, self._cache)
            return Part.read(path)

    def _merge(self, path: Path, part: Part, number: int) -> None:
        merged = Merged(path, path.with_suffix(".ids"), self.vocabulary.generation)
        ids = self.vocabulary.add(part)
        if self._detailed:
            with written():
                ids.astype("<i4").tofile(merged.numbers)
        self.merged.append(merged)
        self.show.documents += part.begun
        self.show.grow()
        self._told(part.entries, number)
        self.books.count(part.groups)
        self.vocabulary.make_room()

    def _told(self, entries: Iterable[dict[str, Any]], task: int = -1) -> None:
        """Lists files, those with troubles at once."""
        listed = list(entries)
        self.books.list(listed, task)
        wrong = {each["file"] for each in listed if each["troubles"]}
        self._wrong |= wrong
        self.show.failed = len(self._wrong)
        new = sorted(wrong - self._troubles.keys())[: max(_LISTED - len(self._troubles), 0)]
        known = {*new, *(wrong & self._troubles.keys())}
        for each in listed:
            for what, n in each["troubles"] if each["file"] in known else ():
                self._troubles[each["file"]][what] += n
        if known:
            rows = [{"file": file, "trouble": said(self._troubles[file])} for file in sorted(known)]
            self._context.rows("troubles", rows, key="file")

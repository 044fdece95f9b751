"""Which runs a page shows: it gathers what is new of them and draws once per frame, and asks for what is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from PySide6.QtCore import QObject, Signal, Slot

from workbench.runs.compare import told_apart
from workbench.tool import Handle, Layer, Panel
from workbench.ui.bridge import Feed, News
from workbench.ui.docks import Docks, Make
from workbench.ui.jobs import Jobs, Work
from workbench.ui.panels import panels_for
from workbench.ui.source import Source

MOST = 8
"""Runs of a sweep that are drawn beside each other; all of them run and are kept."""
GRACE = 1200
"""Milliseconds after a job's first report until panels that show nothing of it are put away."""


class Stage(QObject):
    """What the panels of a page are fed from: jobs, or runs that were kept."""

    noticed = Signal(object)
    """A `bridge.Notice` of a job that is shown."""
    moved = Signal()
    """The job is in another state, or others are shown."""
    progressed = Signal()

    def __init__(
        self, docks: Docks, jobs: Jobs, declared: Sequence[Panel], make: Make, rate: float, curves: bool = True
    ) -> None:
        """curves: whether scalars that no panel shows can become one: a live tool's have one step."""
        super().__init__(docks)
        self._curves = curves
        self._single: set[str] = set()
        """Scalars that had one value when panels were last made."""
        self.works: list[Work] = []
        self.sources: list[Source] = []
        self.open = False
        self._docks, self._declared, self._make, self._rate = docks, declared, make, rate
        self._changed: set[str] = set()
        self._fresh = True
        docks.looked.connect(self._looked)
        jobs.beat.connect(self._draw)
        jobs.paced.connect(self._pace)

    @property
    def work(self) -> Work | None:
        """The job that is spoken of: one that runs, else one that waits, else the first."""
        return min(self.works, key=_begun, default=None)

    @property
    def steered(self) -> list[Work]:
        """The jobs that have not ended: what is asked is asked of all of them."""
        return [each for each in self.works if not each.ended]

    def show_works(self, works: Sequence[Work]) -> None:
        """Shows jobs, in place of what was shown."""
        self._let_go()
        self.works = list(works)
        feeds: list[Feed] = [feed for work in works for feed in work.intake.feeds][:MOST]
        runs = [run for work in works for run in work.runs]
        names = told_apart([each.params for each in runs])
        for place, (feed, run, name) in enumerate(zip(feeds, runs, names, strict=False)):
            feed.index, feed.label = place, name or run.folder.name
        for work in works:
            work.news.connect(self._take)
            work.moved.connect(self.moved)
            work.moved.connect(self._ended)
        self._docks.expect(GRACE)
        self._begin(feeds)

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Shows runs that were kept."""
        self._let_go()
        self._docks.expect(0)
        self._begin(sources)

    def set_open(self, shown: bool) -> None:
        """Whether the page can be seen: if not, nothing is drawn and few frames are asked for."""
        self.open = shown
        self._looked()

    def _begin(self, sources: Sequence[Source]) -> None:
        self.sources = list(sources)
        self._fresh = True
        self._looked()
        self.moved.emit()

    def _let_go(self) -> None:
        for work in self.works:
            work.news.disconnect(self._take)
            work.moved.disconnect(self.moved)
            work.moved.disconnect(self._ended)
            work.watch({})
        self.works = []

    @Slot(object)
    def _take(self, news: News) -> None:
        self._changed |= news.streams
        self._fresh = self._fresh or news.fresh
        for notice in news.notices:
            self.noticed.emit(notice)
        if news.moved:
            self.progressed.emit()

    @Slot()
    def _ended(self) -> None:
        """What has one value now will have no other."""
        self._fresh = self._fresh or all(work.ended for work in self.works)

    @Slot()
    def _draw(self) -> None:
        if not self.open or not (self._changed or self._fresh):
            return
        changed, self._changed = self._changed, set()
        grown = self._single & changed
        self._fresh = self._fresh or any(count > 1 for count in self._counted(grown).values())
        if self._fresh:
            self._fresh = False
            self._fit()
        self._docks.refresh(self.sources, lambda panel: concerns(panel, changed))

    @Slot()
    def _looked(self) -> None:
        """Other panels can be seen: they are drawn, and their streams are asked for at the frame rate."""
        panels = self._docks.visible() if self.open else []
        streams = {stream for panel in panels for stream in streams_of(panel)}
        for work in self.works:
            work.watch(dict.fromkeys(streams, self._rate))
        if self.open:
            if self._fresh and self.sources:
                self._fresh = False
                self._fit()
            self._docks.refresh(self.sources)

    @Slot(float)
    def _pace(self, rate: float) -> None:
        self._rate = rate
        self._looked()

    def _fit(self) -> None:
        """Makes panels for streams and scalars that no panel shows."""
        streams = {name: kind for source in self.sources for name, kind in source.streams().items()}
        counts = self._counted(dict.fromkeys(name for source in self.sources for name in source.series()))
        self._single = {name for name, count in counts.items() if count == 1}
        if not self._settled(counts):
            counts = {name: 0 if count == 1 else count for name, count in counts.items()}
        self._docks.add(panels_for(streams, counts, self._declared), self._make)

    def _counted(self, names: Iterable[str]) -> dict[str, int]:
        """How many values each scalar has; a live tool's at most one that counts."""
        most = {name: max(len(source.curve(name)) for source in self.sources) for name in names}
        return most if self._curves else {name: min(count, 1) for name, count in most.items()}

    def _settled(self, counts: Mapping[str, int]) -> bool:
        """Whether one value is all: at a job's very first step every scalar has one."""
        ended = all(work.ended for work in self.works)  # also where runs are shown that were kept
        return ended or not self._curves or any(count > 1 for count in counts.values())


def _begun(work: Work) -> int:
    return 2 if work.ended else int(work.job.state == "queued")


def streams_of(panel: Panel) -> set[str]:
    """The streams of frames that a panel shows or picks from, and its scalars' names."""
    layers = {part.stream for part in panel.parts if isinstance(part, Layer)}
    picked = {part.of for part in panel.parts if isinstance(part, Handle)}
    return {panel.stream, *layers, *picked} - {""}


def concerns(panel: Panel, changed: set[str]) -> bool:
    """Whether a panel shows something of what has changed."""
    scalars = [part.stream for part in panel.parts if isinstance(part, Layer) and part.kind == "scalars"]
    if streams_of(panel) & changed:
        return True
    return any(_shows(pattern, name) for pattern in scalars for name in changed)


def _shows(pattern: str, name: str) -> bool:
    return not pattern or name.startswith(f"{pattern}/") or fnmatchcase(name, pattern)

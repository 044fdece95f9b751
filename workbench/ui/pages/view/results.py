"""What jobs over the open document find, handed to its view: as it comes, and whole when a run is opened again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.events import Event
from workbench.runs.reader import Reader
from workbench.ui.background import Background
from workbench.ui.bridge import News
from workbench.ui.jobs import Jobs, Work
from workbench.ui.pages.view.files import same
from workbench.ui.pages.view.paper import LANE, Paper
from workbench.ui.view import View

Hand = Callable[[View], object]
_COMMITTED = 1000
"""Milliseconds until what a running job has reported is surely in its record (see `Recorder`)."""


@dataclass(frozen=True)
class Kept:
    """What lies in the record of a run."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    artifacts: Sequence[Mapping[str, Any]]


class Results(QObject):
    """Sees every job of a tool, whoever started it."""

    strange = Signal(str, str)
    """A run, and the other document that it is about: nobody takes its results."""

    def __init__(
        self, tool: str, jobs: Jobs, paper: Paper, background: Background, hand: Callable[[Hand], object]
    ) -> None:
        """hand: calls a function with the view, if there is one, and says what the view raises."""
        super().__init__()
        self._tool, self._jobs, self._paper, self._background, self._hand = tool, jobs, paper, background, hand
        self._heard: list[Work] = []
        self._missed: set[Work] = set()
        """Jobs that have found something when there was no view for it."""
        self._soon = QTimer(self, singleShot=True, interval=_COMMITTED)
        self._soon.timeout.connect(lambda: self._catch_up(list(self._missed)))
        jobs.changed.connect(self._look)
        self._look()
        self._missed |= {work for work in self._heard if work.job.state != "queued"}

    def begin(self) -> None:
        """There is a view: what it has missed is read from the jobs' records, of a job that goes on a little later."""
        self._catch_up([each for each in self._missed if each.ended])
        self._soon.start()

    def _catch_up(self, works: Sequence[Work]) -> None:
        for work in works:
            if self._paper.view is not None and self._is_about(work.job.spec.params):
                self._missed.remove(work)
                self.read(work.job.spec.folder, work.job.spec.params)

    def read(self, folder: Path, params: Mapping[str, Any]) -> None:
        """Hands over everything that a run's record holds."""
        if self._is_about(params):
            self._background.do(partial(kept, folder), partial(self._give, folder.name, params), lane=LANE)
        else:
            self.strange.emit(folder.name, Path(params["document"]).name)

    # ------------------------------------------------------------------ jobs

    def _look(self) -> None:
        for work in self._jobs.works:
            if work.job.spec.tool == self._tool and work not in self._heard:
                self._heard.append(work)
                work.news.connect(partial(self._take, work))
                work.moved.connect(partial(self._moved, work))

    def _take(self, work: Work, news: News) -> None:
        if not news.results:
            return
        if self._paper.view is None or not self._is_about(work.job.spec.params):
            self._miss(work)
            return
        for (run, kind, stream), events in groupby(news.results, lambda each: (each.run, each.kind, each.stream)):
            self._hand(partial(_handed, run or work.job.run_id, kind, stream, list(events)))

    def _miss(self, work: Work) -> None:
        if work not in self._missed and self._paper.view is not None:
            self.strange.emit(work.job.run_id, Path(work.job.spec.params["document"]).name)
        self._missed.add(work)

    def _moved(self, work: Work) -> None:
        if self._is_about(work.job.spec.params):
            self._hand(lambda view: view.job_moved(work.job.run_id, work.job.state))

    def _give(self, run: str, params: Mapping[str, Any], found: Kept) -> None:
        if self._is_about(params):  # no other document was opened while this was read
            self._hand(partial(_handed_whole, run, found))

    def _is_about(self, params: Mapping[str, Any]) -> bool:
        """Whether a run is about the open document; one without a document is about any."""
        document, path = params.get("document"), self._paper.path
        return document is None or (path is not None and same(str(document), path))


def _handed(run: str, kind: str, stream: str, events: Sequence[Event], view: View) -> None:
    if kind == "rows":
        view.take_rows(run, stream, [row for each in events for row in each.data["rows"]])
    for each in events if kind == "artifact" else ():
        view.take_artifact(run, described(run, each.step, each.data))


def _handed_whole(run: str, found: Kept, view: View) -> None:
    for stream, rows in found.rows.items():
        view.take_rows(run, stream, rows)
    for each in found.artifacts:
        view.take_artifact(run, each)


def described(run: str, step: int, facts: Mapping[str, Any]) -> dict[str, Any]:
    """An artifact as views are told of it."""
    return {"name": facts["name"], "kind": facts["kind"], "reference": f"run:{run}/{facts['name']}@{step}"}


def kept(folder: Path) -> Kept:
    """Reads a run's rows and artifacts, in a lane. Raises UserError."""
    reader = Reader(folder)
    try:
        rows = {name: list(reader.rows(name)) for name, kind in reader.streams().items() if kind == "rows"}
        return Kept(rows, [described(reader.id, each["step"], each) for each in reader.artifacts()])
    finally:
        reader.close()

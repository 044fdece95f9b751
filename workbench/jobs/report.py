"""The way out of a job: every report becomes one event, to the record and to the screen alike."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from workbench.events import Array, Event, Kind
from workbench.jobs.screen import Screen
from workbench.runs.bundles import Bundle, Report
from workbench.runs.records import Relation
from workbench.runs.schema import is_unicode
from workbench.runs.tablefiles import relative
from workbench.texts import Text

COLUMNS = ("colour", "size", "label")
"""The columns of points that plots and exporters know."""
_LOOK_EVERY = 0.05
"""Seconds in which scalars are only left with those who take them: in a quick loop, whose caches are full of the
step, each call costs ten times what it costs alone."""
_FETCH_EVERY = 0.1
"""Seconds between two transfers of scalars that lie on a GPU: fetching each alone would wait for the device."""
_AGAIN = 1.0
"""Seconds after which a frame takes the place of an older one of the same step in the store."""


class Recording(Protocol):
    """What reporting needs of a recorder; `workbench.runs.recorder.Recorder` is one."""

    segment: int
    last_step: int | None
    reports: deque[Report]

    def scalars(self, step: int, wall: float, values: Mapping[str, float]) -> None:
        """Numbers of one step; those left in `reports` are taken too."""

    def gather(self) -> None:
        """Packs the scalars that wait."""

    def hear(self, listener: Callable[[Bundle], object]) -> None:
        """`listener` gets all that is gathered."""

    def record(self, event: Event) -> None:
        """Any other event."""

    def due(self, stream: str, step: int, every: int = 1) -> bool:
        """Whether a frame of this stream at this step would be kept."""

    def due_after(self, stream: str, step: int) -> int:
        """The first step after this one at which a frame would be kept."""

    def set_facts(self, **facts: Any) -> None:
        """Facts about the run."""

    def add_link(self, run: str, step: int | None, relation: Relation) -> None:
        """This run refers to another."""


class Reporter:
    """The reporting half of a job's context. `step` and `generation` are written into every event.

    run: the run's id, where the job fills several, else "". guarded: takes the bundles that are to be looked at for
    divergence. deferring: whether scalars may lie on a GPU; on the CPU they are read at once, and not asked where they
    are.
    """

    def __init__(self, recorder: Recording, screen: Screen, folder: Path) -> None:
        self.recorder = recorder
        self.screen = screen
        self.dir = folder
        self.step = 0
        self.generation = 0
        self.run = ""
        self.latest: dict[str, float] = {}
        self.guarded: deque[Bundle] = deque(maxlen=0)
        self.deferring = True
        self._named: set[str] = set()
        self._look_at = 0.0
        self._unwanted: dict[tuple[str, int], tuple[int, float]] = {}
        self._deferred: list[tuple[int, float, dict[str, Any]]] = []
        self._fetched = time.monotonic()
        self._framed: dict[str, tuple[int, int, float]] = {}
        recorder.hear(self._hear)
        screen.follow(folder, recorder.gather)

    # ------------------------------------------------------------------ scalars

    def scalars(self, values: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """See `Context.scalars`."""
        given = {**values, **more} if values and more else values or more
        if not self._named.issuperset(given):
            self._meet(given)
        if self.deferring and any(getattr(value, "is_cuda", False) for value in given.values()):
            self._defer(given)
        else:
            self._keep(self.step, time.time(), _numbers(given))

    def _meet(self, given: Mapping[Any, Any]) -> None:
        """Names that were not reported before: only those are looked at, for a quick loop pays for every look."""
        for name in given:
            _check_name("scalars", name)
        self._named.update(given)

    def _defer(self, given: Mapping[str, Any]) -> None:
        for name, value in given.items():
            if getattr(value, "ndim", 0):
                raise _no_number(name, value)
        self._deferred.append((self.step, time.time(), {k: _detached(v) for k, v in given.items()}))
        if time.monotonic() - self._fetched > _FETCH_EVERY:
            self.fetch()

    def fetch(self) -> None:
        """Brings deferred scalars over from the GPU, all with one transfer, and reports them; packs what waits."""
        self._fetched = time.monotonic()
        if self._deferred:
            self._transfer()
        self.recorder.gather()

    def _transfer(self) -> None:
        deferred, self._deferred = self._deferred, []
        tensors = [value for _, _, values in deferred for value in values.values() if hasattr(value, "detach")]
        fetched = iter(import_module("workbench.ml.device").fetch(tensors))
        for step, wall, values in deferred:
            self._keep(step, wall, {k: next(fetched) if hasattr(v, "detach") else float(v) for k, v in values.items()})

    def _keep(self, step: int, wall: float, values: dict[str, float]) -> None:
        if self._look_at - _LOOK_EVERY < wall < self._look_at:  # not so after a clock was set back
            self.recorder.reports.append((step, wall, values))
            return
        self.recorder.scalars(step, wall, values)
        self.screen.look()
        self._look()

    def _hear(self, bundle: Bundle) -> None:
        """Scalars have been packed: all were reported at the same guard and generation, for `fetch` comes between."""
        self.guarded.append(bundle)
        self.latest.update(bundle.newest())
        self.screen.hold((self.run, self.generation), bundle)

    def _look(self) -> None:
        """What is done now and then, not at every report."""
        self._look_at = time.time() + _LOOK_EVERY
        self._heed_screen()

    def _heed_screen(self) -> None:
        """The next look is no later than what waits to be seen is due."""
        due = time.time() + self.screen.next - time.monotonic()
        self._look_at = 0.0 if self.screen.at_once else min(self._look_at, due)

    def look_anew(self) -> None:
        """The step has changed, but not to the next one."""
        self._look_at = 0.0
        self._unwanted.clear()

    # ------------------------------------------------------------------ frames

    def wants(self, stream: str, every: int = 1) -> bool:
        """See `Context.wants`. For a while what was found holds, for most steps of a quick loop ask in vain."""
        step, moment = self._unwanted.get((stream, every), (0, 0.0))
        if self.step < step and time.monotonic() < moment:
            return False
        stored = self.recorder.due(stream, self.step, every) and not self._fresh(stream)
        if stored or self.screen.due(stream, self.run):
            return True
        moment = min(self.screen.time_of(stream, self.run), time.monotonic() + _LOOK_EVERY)
        self._unwanted[stream, every] = self.recorder.due_after(stream, self.step), moment
        return False

    def _fresh(self, stream: str) -> bool:
        """Whether the store has a frame of this very step already, of late: a job without steps goes on at one."""
        step, generation, since = self._framed.get(stream, (-1, 0, 0.0))
        return (step, generation) == (self.step, self.generation) and time.monotonic() - since < _AGAIN

    def images(self, stream: str, images: Any, **data: Any) -> None:
        """See `Context.images`."""
        self._frame("images", stream, {"images": _images(stream, images)}, data)

    def points(self, stream: str, xy: Any, **columns: Any) -> None:
        """See `Context.points`."""
        arrays = {"xy": _shaped(stream, xy, 2, (None, 2))}
        for name, column in columns.items():
            _check_column(stream, name)
            arrays[name] = _shaped(f"{stream}.{name}", column, 1, (len(arrays["xy"]),))
        self._frame("points", stream, arrays, {})

    def field(self, stream: str, values: Any, x: tuple[float, float], y: tuple[float, float], **data: Any) -> None:
        """See `Context.field`."""
        self._frame("field", stream, {"values": _shaped(stream, values, 2)}, {"x": list(x), "y": list(y), **data})

    def lines(self, stream: str, x: Any, y: Any, low: Any = None, high: Any = None, **data: Any) -> None:
        """See `Context.lines`."""
        arrays = {"y": _rowed(f"{stream}.y", y)}
        arrays["x"] = _shaped(f"{stream}.x", x, 1, (arrays["y"].shape[-1],))
        band = {name: each for name, each in (("low", low), ("high", high)) if each is not None}
        shape = arrays["y"].shape
        arrays |= {name: _shaped(f"{stream}.{name}", each, len(shape), shape) for name, each in band.items()}
        self._frame("lines", stream, arrays, data)

    def arrows(self, stream: str, start: Any, vector: Any, **data: Any) -> None:
        """See `Context.arrows`."""
        first = _shaped(stream, start, 2, (None, 2))
        self._frame("arrows", stream, {"start": first, "vector": _shaped(stream, vector, 2, first.shape)}, data)

    def paths(self, stream: str, xy: Any, **data: Any) -> None:
        """See `Context.paths`."""
        self._frame("paths", stream, {"xy": _shaped(stream, xy, 3, (None, None, 2))}, data)

    def bars(self, stream: str, heights: Any, edges: Any = None, labels: Sequence[str] = (), **data: Any) -> None:
        """See `Context.bars`."""
        arrays = {"heights": _rowed(f"{stream}.heights", heights)}
        if edges is not None:
            arrays["edges"] = _shaped(f"{stream}.edges", edges, 1, (arrays["heights"].shape[-1] + 1,))
        self._frame("bars", stream, arrays, {"labels": list(labels), **data})

    def text(self, stream: str, text: str, **data: Any) -> None:
        """See `Context.text`."""
        self._frame("text", stream, {}, {"text": _text(text), **data})

    def table(self, stream: str, source: Sequence[Mapping[str, Any]] | Path, **data: Any) -> None:
        """See `Context.table`."""
        if isinstance(source, Path):
            self._frame("table", stream, {}, {"path": relative(self.dir, source), **data})
            return
        self._frame("table", stream, {}, {"rows": [dict(row) for row in source], **data})

    def _frame(self, kind: Kind, stream: str, arrays: Mapping[str, Array], data: Mapping[str, Any]) -> None:
        event = self._event(kind, stream, data, arrays)
        self._framed[stream] = self.step, self.generation, time.monotonic()
        self.recorder.record(event)
        if self.screen.watched(stream):
            self.screen.offer(event)
            self._heed_screen()

    # ------------------------------------------------------------------ the rest, kept in full

    def rows(self, stream: str, rows: Sequence[Mapping[str, Any]], key: str = "") -> None:
        """See `Context.rows`."""
        self.keep("rows", stream, {"rows": [dict(row) for row in rows], "key": key or None})

    def notice(self, text: str, remedy: str = "") -> None:
        """See `Context.notice`."""
        self.keep("notice", "", {"text": _text(text), "remedy": _text(remedy)})

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        """See `Context.progress`. Only to be seen: it is not recorded."""
        self.screen.offer(self._event("progress", "", {"done": done, "total": total, "text": _text(text)}))

    def keep(self, kind: Kind, stream: str, data: Mapping[str, Any]) -> None:
        """An event that is recorded in full and shown."""
        event = self._event(kind, stream, data)
        self.recorder.record(event)
        self.screen.offer(event)

    def _event(
        self, kind: Kind, stream: str, data: Mapping[str, Any], arrays: Mapping[str, Array] | None = None
    ) -> Event:
        _check_name(kind, stream)
        return Event(kind, stream, self.step, data, arrays or {}, self.generation, self.recorder.segment, self.run)


# ---------------------------------------------------------------------------- from tensors to arrays


def _numbers(given: Mapping[str, Any]) -> dict[str, float]:
    """Numbers and 0-d tensors as numbers. Raises ValueError for anything else."""
    numbers = {}
    try:
        for name, value in given.items():
            item = getattr(value, "item", None)
            numbers[name] = float(value if item is None else item())
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        raise _no_number(name, value) from error
    return numbers


def _check_name(what: str, name: object) -> None:
    """A name that is kept must be one that can be written. Raises ValueError."""
    if not isinstance(name, str) or not is_unicode(name):
        raise ValueError(f"{what}: a name is a text of whole characters, not {name!r}")


def _no_number(name: str, value: Any) -> ValueError:
    shape = getattr(value, "shape", None)
    what = repr(value) if shape is None else f"a {type(value).__name__} of shape {tuple(shape)}"
    return ValueError(f"scalars({name}=…): a number or a 0-d tensor is needed, not {what}")


@cache
def _check_column(stream: str, name: str) -> None:
    """A column of a name of one's own is kept and exported; one that is nearly one that is drawn is a slip."""
    near = get_close_matches(name, COLUMNS, 1, 0.8)
    if name not in COLUMNS and near:
        known = ", ".join(COLUMNS)
        raise ValueError(f"{stream}: no column {name} is known; did you mean {near[0]}? (known: {known})")


def _detached(value: Any) -> Any:
    return value.detach().clone() if hasattr(value, "detach") else value


def _array(value: Any) -> Array:
    """A copy as numpy: the job may change its own afterwards."""
    return np.array(_viewed(value))


def _viewed(value: Any) -> Array:
    """As numpy, where that is possible the job's own memory."""
    if hasattr(value, "detach"):
        try:
            value = value.numpy(force=True)  # from whatever device
        except TypeError:  # bfloat16, which numpy does not have
            value = value.float().numpy(force=True)
    return np.asarray(value)


def _shaped(stream: str, value: Any, ndim: int, shape: tuple[int | None, ...] | None = None) -> Array:
    array = _array(value)
    wanted = shape or (None,) * ndim
    if array.ndim != ndim or any(w is not None and w != n for w, n in zip(wanted, array.shape, strict=False)):
        sizes = ", ".join("n" if each is None else str(each) for each in wanted)
        raise ValueError(f"{stream}: an array of shape ({sizes}) is needed, not {array.shape}")
    return array


def _rowed(stream: str, value: Any) -> Array:
    """(N) or (K, N)."""
    array = _array(value)
    if array.ndim not in (1, 2):
        raise ValueError(f"{stream}: an array of shape (n) or (k, n) is needed, not {array.shape}")
    return array


def _images(stream: str, value: Any) -> Array:
    """uint8, (N, H, W) or (N, H, W, 3): what a mosaic draws, and a quarter of the bytes."""
    array = _viewed(value)
    if array.ndim == 4 and array.shape[1] in (1, 3) and array.shape[-1] not in (1, 3):
        array = np.moveaxis(array, 1, -1)
    if array.ndim == 4 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim != 3 and not (array.ndim == 4 and array.shape[-1] == 3):
        raise ValueError(f"{stream}: images are (N, H, W), (N, C, H, W) or (N, H, W, C), C 1 or 3, not {array.shape}")
    if array.dtype != np.uint8:
        array = np.fmax(array, 0.0)  # of a number and none it takes the number
        np.fmin(array, 1.0, out=array)
        array *= 255
        array += 0.5
        return np.ascontiguousarray(array, np.uint8)
    return np.array(array, order="C")


def _text(text: str) -> Any:
    return text.to_json() if isinstance(text, Text) else text

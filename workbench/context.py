"""What a job sees of the host. The same in a worker process, in a thread and in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol


class Context(Protocol):
    """The second argument of every job: `def run(params, context)`."""

    @property
    def params(self) -> Any:
        """The newest parameters; live ones change only inside `steps()` and `sync()`."""

    @property
    def device(self) -> str:
        """Where to compute: a torch device, "cpu" or "cuda:0"."""

    @property
    def dir(self) -> Path:
        """The run's own folder for files that are neither checkpoint nor artifact."""

    @property
    def step(self) -> int:
        """The step that events reported now belong to: 0 before the loop, k during the k-th step."""

    def steps(self, n: int | None = None) -> Iterator[int]:
        """The loop: yields 1 to n (without end for None); a resumed run goes on after its checkpoint.

        Between two steps the host pauses, stops, saves and changes live parameters. Restores what is tracked before
        the first step of a resumed run. Raises Stop.
        """

    def sync(self) -> None:
        """The same opportunity inside long work between steps. Raises Stop, or Superseded in a live tool, whose reports
        so far are shown together."""

    def track(self, **stateful: Any) -> None:
        """Names everything that training changes; before the loop.

        That is all a trainer does for checkpoint, exact resume, fork and roll-back; global random states are included.
        Takes tensors, numpy arrays, anything with state_dict and load_state_dict (modules, optimizers, schedulers) and
        anything with get_state and set_state (generators). A number is tracked as a tensor without axes,
        `torch.tensor(0.0)`; a list or dict as an object with these methods.

        What is tracked is the object, not the name: change it in place (`x += …`, `x[:] = …`, `x.copy_(…)`). After
        `x = torch.where(…)` the old tensor is tracked still, and a resumed run goes another way. Raises UserError for
        what cannot be tracked; a checkpoint of other names or shapes is refused when it is loaded.
        """

    def checkpoint(self) -> None:
        """Asks for a checkpoint at the next boundary."""

    def wants(self, stream: str, every: int = 1) -> bool:
        """Whether a frame of `stream` is due: on the screen (by the clock) or in the store (by the step).

        What is computed only to be seen stands behind this, inside `aside()`. every: the finest stride in steps.
        """

    def aside(self, *modules: Any) -> AbstractContextManager[None]:
        """Afterwards random states, and the modules' modes and buffers, are as before: looking changes nothing."""

    def scalars(self, values: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """Numbers or 0-d tensors, every one kept; the part of a name before "/" groups curves.

        Names under "time/" are measurements, exempt from all promises of identity.
        """

    def images(self, stream: str, images: Any, **data: Any) -> None:
        """(N, H, W), (N, C, H, W) or (N, H, W, C) in 0–1 or uint8; C is 1 or 3.

        data: labels (N texts under the pictures), columns (how many pictures beside each other).
        """

    def points(self, stream: str, xy: Any, **columns: Any) -> None:
        """(N, 2) points, with columns of length N.

        Known are colour (whole numbers are classes, fractions a ramp), size (1: as large as the layer's; the mean of
        a colour's points counts, 0.4 to 4) and label (kept, and coloured in exported pictures). Columns of other names
        are kept and exported too; one that is nearly one of these three is taken for a slip and refused.
        """

    def field(self, stream: str, values: Any, x: tuple[float, float], y: tuple[float, float], **data: Any) -> None:
        """(H, W) values over the rectangle x × y, from edge to edge; the first row is at y[0]."""

    def lines(self, stream: str, x: Any, y: Any, low: Any = None, high: Any = None, **data: Any) -> None:
        """y (K, N) over x (N): K curves, with bands low–high of the same shape. data: labels, the K names."""

    def arrows(self, stream: str, start: Any, vector: Any, **data: Any) -> None:
        """(N, 2) starts and (N, 2) vectors. data: labels, N texts beside the tips."""

    def paths(self, stream: str, xy: Any, **data: Any) -> None:
        """(K, T, 2): K paths of T points; T is an inner axis that the panel scrubs. data: label, their name."""

    def bars(self, stream: str, heights: Any, edges: Any = None, labels: Sequence[str] = (), **data: Any) -> None:
        """(N) or (K, N) heights, with N + 1 edges (a histogram) or N labels. data: names, of the K rows."""

    def text(self, stream: str, text: str, **data: Any) -> None:
        """A text. data: format, "markdown", "html" or "plain"."""

    def table(self, stream: str, source: Sequence[Mapping[str, Any]] | Path, **data: Any) -> None:
        """Rows, newest wins; or a file (SQLite, Parquet) in `dir`, which is queried and never sent.

        data: right, the names of columns whose texts stand at the right, as numbers do.
        """

    def rows(self, stream: str, rows: Sequence[Mapping[str, Any]], key: str = "") -> None:
        """Rows appended, every one kept; of those with the same value in the column `key` the newest counts."""

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        """How far the work is, where `steps()` does not tell."""

    def notice(self, text: str, remedy: str = "") -> None:
        """A sentence for the person, kept: `context.notice(T("Only {n} images.", n=3))`."""

    def artifact(self, name: str, kind: str, write: Callable[[Path], object]) -> str:
        """A public product; `write(path)` makes its file or folder. Returns its reference `run:ID/NAME@STEP`."""

    def load(self, reference: str) -> Any:
        """The object behind a parameter `Artifact(kind)`, by the loader of the artifact's kind, whoever declared it."""

    def chosen(self, offer: Any) -> Any:
        """What an `Offered` parameter chose (a data set, …), by its declared loader; its fingerprint is recorded."""

    def cache(self, key: str, build: Callable[[Path], object]) -> Path:
        """The file or folder that `build(path)` makes, once per workspace and key."""

    def map(
        self, f: Callable[[Any], Any], tasks: Iterable[Any], workers: int = 0, keep: str = ""
    ) -> Iterator[tuple[Any, Any]]:
        """(task, f(task)) in the order of completion, over processes; f is a module's function.

        Pause, stop and cancel are heeded between two results. keep: a name under which results (JSON values) are
        recorded by task, so that a resumed run does not compute them again.
        """

    def on(self, action: str, handler: Callable[..., object]) -> None:
        """Answers an action; the handler, called between two steps, takes the action's parameters by name."""

    def roll_back(self, reason: str) -> None:
        """At the next boundary: back to the last good checkpoint, in a new segment."""

"""What is done with runs, each off the window's thread: fork, repeat, compare, export, share, take in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from workbench import fields
from workbench.errors import UserError
from workbench.jobs.again import fork_run, repeat_run
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk
from workbench.params import Params
from workbench.registry import Registry
from workbench.runs import arrival, sharing
from workbench.runs.arrival import Arrived
from workbench.runs.compare import Arm, compare, told_apart
from workbench.runs.export import export as run_export
from workbench.runs.index import Row
from workbench.runs.reader import Reader
from workbench.runs.sharing import Checkpoints
from workbench.runs.workspace import Workspace
from workbench.ui import stored
from workbench.ui.forms.copying import as_command
from workbench.ui.forms.nested import Values
from workbench.ui.pages.runs.scrubbed import Scrubbed
from workbench.ui.starting import settings

_SUFFIXES = {"csv": ".csv", "parquet": ".parquet", "text": ".txt"}


def repeat(desk: Desk, name: str) -> Spec:
    """A run, to be done again."""
    return repeat_run(desk, name)


def fork(desk: Desk, name: str, model: type[Params], values: Values, step: int | None) -> Spec:
    """A new run from a checkpoint of this one, with these parameters."""
    return fork_run(desk, name, settings(model, values), step)


def beside(rows: Sequence[Row], most: int) -> tuple[list[Scrubbed], list[Arm]]:
    """Runs to be shown beside each other, under what tells them apart or the last letters of their ids, and their
    arms."""
    runs = [stored.read_folder(row.folder, place) for place, row in enumerate(rows[:most])]
    sources = [Scrubbed(run, row.folder) for run, row in zip(runs, rows, strict=False)]
    for each, name in zip(sources, told_apart([run.params for run in runs]), strict=True):
        each.label = name or each.label.rpartition("-")[2]  # in full it would widen every panel
    return sources, compare(rows)


def command(registry: Registry, row: Row) -> str:
    """The command that starts the same run. Raises UserError for parameters of a newer version."""
    found = registry.tools.get(row.tool)
    if found is None:
        return row.command
    params = found.tool.params
    return as_command(row.tool, params, fields.migrated(params, row.params))


def export(registry: Registry, form: str, folders: Sequence[Path], into: Path) -> list[Path]:
    """Writes runs into a folder, each as a file or folder named by its id."""
    return [path for folder in folders for path in _written(registry, form, folder, into)]


def _written(registry: Registry, form: str, folder: Path, into: Path) -> list[Path]:
    with closing(Reader(folder)) as reader:
        return run_export(form, reader, into / f"{folder.name}{_SUFFIXES.get(form, '')}", (), registry)


def share(folders: Sequence[Path], checkpoints: Checkpoints, into: Path) -> list[Path]:
    """Writes each run into a folder, as one file named by its id."""
    return [sharing.share(folder, into, checkpoints) for folder in folders]


def take_in(workspace: Workspace, files: Sequence[Path]) -> tuple[list[Arrived], Exception | None]:
    """Takes shared runs in, up to the first that is refused; those that are there now, and what was refused."""
    arrived: list[Arrived] = []
    try:
        for file in files:
            arrived.append(arrival.take_in(workspace, file))
    except UserError as error:
        return arrived, error
    return arrived, None

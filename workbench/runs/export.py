"""Ways out of the run store: an exporter writes a run, or some of its streams, as files.

No exporter writes in the place that a person named: it gets one of its own beside that, and what it has written is put
there when it has done. Whatever goes wrong, what was there before stays, and no half of a file is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from workbench.errors import UserError
from workbench.registry import Registry, load_object
from workbench.runs.exporters import EXPORTERS
from workbench.runs.exporters.files import written_through
from workbench.runs.reader import Reader
from workbench.texts import T
from workbench.tool import Exporter

Write = Callable[[Reader, Path, Sequence[str]], list[Path]]
_SCRATCH = ".export-"
_HOST_ALONE = Registry()


def exporters(registry: Registry) -> dict[str, tuple[str, Exporter]]:
    """The ways out, by id: the host's own, then those of plugins; each with its package."""
    found = {each.id: ("workbench", each) for each in EXPORTERS}
    return found | {each.declaration.id: (each.package, each.declaration) for each in registry.exporters.values()}


def unknown_form(name: str, known: Iterable[str]) -> UserError:
    """What a person reads who asks for a format that there is not."""
    text = T("There is no format {name}; there are: {known}.", name=name, known=", ".join(known))
    return UserError(text, field="to")


def export(
    form: str, reader: Reader, path: Path, streams: Sequence[str] = (), registry: Registry = _HOST_ALONE
) -> list[Path]:
    """Writes the run in one of the forms of `exporters`; the paths written.

    streams: only these; by default what the form takes. Raises UserError for an unknown form or stream, and for a
    path that cannot be written.
    """
    known = exporters(registry)
    if form not in known:
        raise unknown_form(form, known)
    package, exporter = known[form]
    write: Write = load_object(package, exporter.write)
    try:
        return _written(write, reader, path, streams)
    except OSError as error:
        if error.filename is not None and _SCRATCH not in str(error.filename):
            raise  # it is not about what was to be written
        text = T("{path} cannot be written: {why}.", path=path, why=error.strerror or str(error))
        raise UserError(text, remedy=T("Choose another place, or make this one writable.")) from error


def _written(write: Write, reader: Reader, path: Path, streams: Sequence[str]) -> list[Path]:
    place = written_through(path)
    beside = place if place.is_dir() else place.parent
    with TemporaryDirectory(dir=beside, prefix=_SCRATCH, ignore_cleanup_errors=True) as scratch:
        made = Path(scratch, _name(path))
        written = write(reader, made, streams)
        for each in sorted(Path(scratch).iterdir()):
            _put(each, place if each == made else place.with_name(each.name))
    return [_renamed(each, made, path) for each in written]


def _name(path: Path) -> str:
    """What an exporter sees: it may go by the ending. The folder that we are in is called ".", and a root nothing."""
    return (path if path.name not in ("", "..") else path.resolve()).name or "export"


def _put(made: Path, target: Path) -> None:
    """What lies in a folder joins what lies in the folder that is there already."""
    if made.is_dir() and target.is_dir():
        for each in sorted(made.iterdir()):
            _put(each, target / each.name)
    else:
        made.replace(written_through(target))


def _renamed(each: Path, made: Path, path: Path) -> Path:
    """Where a path that an exporter wrote has come to lie."""
    if each.is_relative_to(made):
        return path / each.relative_to(made)
    return path.parent / each.relative_to(made.parent) if each.is_relative_to(made.parent) else each

"""A home of its own for tests: no test reads or writes the person's settings, plugins, runs or temporary files."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workbench import settings
from workbench.discovery import discover
from workbench.jobs.start import Desk
from workbench.runs.workspace import Workspace
from workbench.settings import Places

Plant = Callable[[Path], Path]
"""Puts a plugin, a folder or a module, into the user's plugins folder; where it lies now."""
_PLACES = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@contextmanager
def at_home(folder: Path) -> Iterator[Path]:
    """Inside, this program and its children have `folder` for settings, plugins, logs, runs and temporary files."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        for name in _PLACES:
            patch.setenv(name, str(folder))
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(tempfile, "tempdir", str(temporary))
        patch.setenv(settings.WORKSPACE, str(folder / "workspace"))
        patch.setenv("LANG", "C.UTF-8")
        patch.delenv("LC_ALL", raising=False)
        yield folder


@contextmanager
def planting() -> Iterator[Plant]:
    """Gives the function that plants plugins; afterwards their modules are forgotten, so that others may follow.

    What is planted comes before its source, which tests find, or have imported, when they run in the folder beside it.
    """
    before, path = dict(sys.modules), list(sys.path)
    planted: set[str] = set()

    def put(source: Path) -> Path:
        target = Places.of().plugins / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if str(target.parent) not in sys.path:
            sys.path.insert(0, str(target.parent))
        if _file(source.stem).is_relative_to(source.resolve()):
            _forget({source.stem})
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
        planted.add(source.stem)
        return target

    yield put
    sys.path[:] = path
    _forget(planted)
    sys.modules.update((name, each) for name, each in before.items() if name.partition(".")[0] in planted)


def _file(module: str) -> Path:
    """Where a module was imported from; the null device for one that was not."""
    return Path(getattr(sys.modules.get(module), "__file__", None) or os.devnull).resolve()


def _forget(plugins: set[str]) -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] in plugins:
            del sys.modules[name]


def desk_here() -> Desk:
    """The tools that are found now, an empty or existing workspace, the settings: all of the present home."""
    places = Places.of()
    found = settings.load(places)
    return Desk(discover(places, found), Workspace(found.workspace), found)

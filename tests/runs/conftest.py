"""A workspace, runs in it, and recorders that hold their run's lock."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.events import Event
from workbench.runs.lock import writer
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder
from workbench.runs.workspace import Header, Workspace

Make = Callable[..., Path]


def header(**changes: Any) -> Header:
    """A header with the least that a run needs."""
    values: dict[str, Any] = {
        "tool": "toy", "plugin": "workbench_toy", "plugin_version": "1.0", "declaration": {"id": "toy"},
        "params": {"seed": 3}, "seed": 3, "device": "cpu", "threads": 1, "versions": {"python": "3.11"},
    }  # fmt: skip
    return Header(**{**values, **changes})


def image(step: int, stream: str = "samples") -> Event:
    """A frame whose picture tells its step."""
    return Event("images", stream, step, arrays={"images": np.full((1, 2, 2), step % 256, np.uint8)})


@contextmanager
def recording(folder: Path, **options: Any) -> Iterator[Recorder]:
    """A recorder as a worker uses it: under the run's lock, closed at the end."""
    with writer(folder):
        recorder = Recorder(folder, **options)
        try:
            yield recorder
        finally:
            recorder.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace that does not exist yet."""
    return Workspace(tmp_path / "space")


@pytest.fixture
def make(workspace: Workspace) -> Make:
    """Makes a run and returns its folder."""
    return lambda **changes: workspace.create(header(**changes))


@pytest.fixture
def run(make: Make) -> Path:
    """The folder of a new run."""
    return make()


@pytest.fixture
def read() -> Iterator[Callable[[Path], Reader]]:
    """Opens readers, which are closed at the end of the test."""
    with ExitStack() as stack:

        def opened(folder: Path) -> Reader:
            reader = Reader(folder)
            stack.callback(reader.close)
            return reader

        yield opened


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = sys.platform == "linux" and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", place], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("mounting a small file system is not allowed here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)

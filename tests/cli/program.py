"""The program as a person calls it: a process with arguments, an exit status and two streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from safetensors.numpy import load_file

from workbench.runs.reader import Reader
from workbench.settings import WORKSPACE


@dataclass(frozen=True)
class Done:
    """How a call of the program ended."""

    status: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        """The one JSON object that standard output is."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def complaint(self) -> str:
        """The one line on standard error that says what is wrong; there is no traceback anywhere."""
        assert "Traceback" not in self.out + self.err, self.err
        (line,) = [line for line in self.err.splitlines() if not line.startswith(("Run ", "运行 "))]
        assert line.startswith("workbench: "), line
        return line.removeprefix("workbench: ")


def start(*arguments: str | Path, prefix: Sequence[str] = (), **environment: str) -> subprocess.Popen[str]:
    """The program, running. prefix: a command before it, such as `unshare`."""
    return subprocess.Popen(
        [*prefix, sys.executable, "-m", "workbench", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env={**os.environ, **environment},
    )  # fmt: skip


def finish(program: subprocess.Popen[str], seconds: float = 120.0) -> Done:
    """The program's end."""
    out, err = program.communicate(timeout=seconds)
    return Done(program.returncode, out, err)


def workbench(*arguments: str | Path, prefix: Sequence[str] = (), **environment: str) -> Done:
    """A whole call of the program."""
    return finish(start(*arguments, prefix=prefix, **environment))


def done(*arguments: str | Path, **environment: str) -> Done:
    """A call that must succeed."""
    found = workbench(*arguments, **environment)
    assert found.status == 0, found.err
    return found


def refused(*arguments: str | Path, **environment: str) -> str:
    """The complaint about a wrong call."""
    found = workbench(*arguments, **environment)
    assert found.status == 2, found
    assert found.out == ""
    return found.complaint


def failed(*arguments: str | Path, **environment: str) -> str:
    """The complaint of a job that went wrong."""
    found = workbench(*arguments, **environment)
    assert found.status == 1, found
    return found.complaint


# ------------------------------------------------------------------------------------- looking


def runs() -> list[Path]:
    """The folders of all runs, oldest first."""
    folder = Path(os.environ[WORKSPACE]) / "runs"
    return sorted(each for each in folder.glob("[!.]*")) if folder.exists() else []


def values(folder: Path, name: str) -> list[float]:
    """The visible values of a scalar."""
    with closing(Reader(folder)) as reader:
        return [float(each) for each in reader.scalars(name)["value"]]


def weights(folder: Path, step: int) -> dict[str, Any]:
    """The tensors of the newest checkpoint after `step` updates."""
    found = sorted((folder / "checkpoints").glob(f"*-{step:09d}"))
    return dict(load_file(found[-1] / "tensors.safetensors"))


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether they are equal."""
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Waits for something that another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def steps_seen(name: str = "spread") -> int:
    """How many steps of the newest run lie in its record."""
    found = runs()
    return len(values(found[-1], name)) if found else 0


def workers() -> list[int]:
    """The worker processes of this home that are still there."""
    found = []
    for each in psutil.process_iter():
        try:
            if "workbench.worker" in each.cmdline() and each.environ().get("HOME") == os.environ["HOME"]:
                found.append(each.pid)
        except psutil.Error:
            continue
    return found

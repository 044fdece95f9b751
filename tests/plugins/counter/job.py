"""Squares of numbers, each computed in a process of its own accord."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from workbench.api import Context

from . import Settings

Task = tuple[int, float, str]


def square(task: Task) -> dict[str, Any]:
    """Leaves a trace of every computation, so that a test sees what was computed twice."""
    number, seconds, folder = task
    trace = Path(folder) / f"{number}.trace"
    with trace.open("a") as file:
        file.write("x")
    time.sleep(seconds)
    if (Path(folder) / f"{number}.deadly").exists():
        (Path(folder) / f"{number}.deadly").unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"number": number, "square": number**2, "pid": os.getpid()}


def run(params: Settings, context: Context) -> None:
    """Maps `square` over the tasks and reports the results as rows."""
    if params.deadly >= 0:
        (context.dir / f"{params.deadly}.deadly").touch()
    cached = context.cache("numbers", lambda path: path.write_text("made once"))
    tasks = [(number, params.seconds, str(context.dir)) for number in range(params.tasks)]
    total = 0
    for task, result in context.map(square, tasks, params.workers, keep="squares"):
        total += result["square"]
        context.rows("squares", [{"task": task[0], **result}])
        context.progress(len(cached.read_text()), params.tasks)
    context.scalars(total=total)

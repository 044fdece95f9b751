"""TensorBoard's event files beside the store: as many scalars as fast as they can be written, and read again."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

SCALARS = 200_000
SERIES = 20
NAMES = ("tensorboard_scalar_us", "tensorboard_read_ms", "tensorboard_bytes_per_scalar")


def measure() -> dict[str, float | None]:
    """Microseconds a scalar to write, milliseconds to read all, bytes a scalar; None where it is not installed."""
    try:
        writer = import_module("torch.utils.tensorboard").SummaryWriter
        reader = import_module("tensorboard.backend.event_processing.event_accumulator").EventAccumulator
    except ImportError:
        return dict.fromkeys(NAMES)
    with tempfile.TemporaryDirectory() as folder:
        wrote = _seconds(lambda: _write(writer(folder)))
        size = sum(each.stat().st_size for each in Path(folder).iterdir())
        read = _seconds(lambda: _read(reader(folder, size_guidance={"scalars": 0})))
    values = (1e6 * wrote / SCALARS, 1e3 * read, size / SCALARS)
    return dict(zip(NAMES, (float(f"{value:.4g}") for value in values), strict=True))


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _write(writer: Any) -> None:
    add, close = writer.add_scalar, writer.close
    for step in range(1, SCALARS // SERIES + 1):
        for number in range(SERIES):
            add(f"group/{number}", step * 1.5, step)
    close()


def _read(accumulator: Any) -> None:
    accumulator.Reload()
    count = sum(len(accumulator.Scalars(f"group/{number}")) for number in range(SERIES))
    if count != SCALARS:
        raise AssertionError(f"{count} of {SCALARS} scalars were read")

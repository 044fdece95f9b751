"""The stencil."""

from __future__ import annotations

import time
from typing import Any

from workbench.api import Context


def run(params: Any, context: Context) -> None:
    """Reports at each step what shows."""
    for _ in context.steps(params.steps):
        show(context.params, context)
        time.sleep(0.01)


def show(params: Any, context: Context) -> None:
    """Reports what shows."""
    context.scalars(shown=params.gain * params.mask.sum())

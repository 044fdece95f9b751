"""Derived optimizers at work: paths over surfaces in the plane, learning curves (Su Jianlin, archives/7094)."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.api import Declaration, Experiment, hookimpl

from .curves import CURVES
from .experiments import EXPERIMENTS, ORDER_TOOL
from .lab import LAB


@hookimpl
def workbench_declare() -> Iterable[Declaration | Experiment]:
    return [LAB, CURVES, ORDER_TOOL, *EXPERIMENTS]

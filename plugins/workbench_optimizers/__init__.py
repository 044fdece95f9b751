"""Derived optimizers at work: paths over surfaces in the plane, learning curves (Su Jianlin, archives/7094)."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.api import Declaration, Experiment, hookimpl


@hookimpl
def workbench_declare() -> Iterable[Declaration | Experiment]:
    return []

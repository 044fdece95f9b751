"""A corpus counted: words of Chinese and other texts, exactly as jieba cuts them (Su Jianlin, archives/7031)."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.api import Declaration, Experiment, hookimpl


@hookimpl
def workbench_declare() -> Iterable[Declaration | Experiment]:
    return []

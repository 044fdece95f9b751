"""A corpus counted: words of Chinese and other texts, exactly as jieba cuts them (Su Jianlin, archives/7031)."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from workbench.api import hookimpl

if TYPE_CHECKING:
    from workbench.api import Declaration, Experiment


@hookimpl
def workbench_declare() -> Iterable[Declaration | Experiment]:
    """Imported when it is asked for: processes that count do without."""
    declared: Iterable[Declaration | Experiment] = import_module(".declared", __name__).DECLARED
    return declared

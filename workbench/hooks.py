"""The hooks that a plugin may implement; new kinds of declarations are new records, not new hooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from workbench.evidence import Experiment
    from workbench.tool import Declaration

PROJECT = "workbench"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def workbench_declare() -> Iterable[Declaration | Experiment]:  # type: ignore[empty-body]
    """Return what the plugin offers: tools, data sets, experiments, …. Must not import anything heavy."""


@hookspec
def workbench_run_started(run: str, tool: str, params: Mapping[str, Any]) -> None:
    """A run of `tool` has started in this program; `run` is its id."""


@hookspec
def workbench_run_finished(run: str, tool: str, state: str) -> None:
    """A run of `tool` has ended in `state` (done, stopped, failed, cancelled, interrupted)."""

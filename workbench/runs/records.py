"""Records of the run store: what a run starts from, what it refers to, its segments and checkpoints."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Relation = Literal["fork", "repeat", "input", "verdict"]


@dataclass(frozen=True)
class Link:
    """A run's reference to another run, at a step or as a whole."""

    run: str
    step: int | None
    relation: Relation


@dataclass(frozen=True)
class Header:
    """What a run starts from. declaration: the tool's, by `tool.to_json`; params: by `fields.record`.

    versions: of the programs that results depend on. command: the command line that starts the same run.
    """

    tool: str
    plugin: str
    plugin_version: str
    declaration: Mapping[str, Any]
    params: Mapping[str, Any]
    seed: int
    device: str
    threads: int
    versions: Mapping[str, str]
    preset: str = ""
    group: str = ""
    command: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Segment:
    """A stretch of a run from its start, a resume or a roll-back; `start` is the last step that its parent shows.

    parent: None for a beginning from nothing, which hides every segment before it. wall: seconds since the epoch.
    until: what its parent reported at `start` later than this is hidden, for this segment has done it again.
    """

    id: int
    start: int
    parent: int | None
    reason: str
    wall: float
    until: float = math.inf


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on the disk. path: relative to the run's folder. kept: why it outlives newer ones, or "".

    visible: whether its step is among the run's visible ones.
    """

    segment: int
    step: int
    path: str
    wall: float
    kept: str
    visible: bool

"""What a worker is told: everything it needs to run one job, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Slot = str
"""`cpu`, `gpu` (the first one), or a further GPU by its number: `gpu:1` …"""
ENDED = frozenset({"stopped", "done", "failed", "cancelled"})
"""States in which a job does no more."""


class Start(BaseModel):
    """Where a job begins: at a checkpoint of its run, else at nothing.

    parent: the segment of the run that this one continues after `step`; -1 hides all of it. values: parameters, by
    path, that are others from here on than the record says up to here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    reason: str = "start"
    step: int = 0
    parent: int | None = None
    checkpoint: Path | None = None
    values: dict[str, Any] = {}


class Change(BaseModel):
    """Something that happened at the boundary after `step` updates and that a repeat does again."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    step: int
    message: dict[str, Any]


class Member(BaseModel):
    """A further run that the same job fills: runs that differ only in parameters marked `stack`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    folder: Path
    params: dict[str, Any]
    start: Start = Start()


class Spec(BaseModel):
    """One job.

    params: as recorded (see `fields.record`). slot: what the job waits for, by what it will compute on. threads:
    torch's; cores: for processes of `map`. live: stays and answers each change of the parameters; `folder` then is a
    scratch folder, not a run. replay: what is done again.
    guard: when the job diverges nothing happens, or it goes back to the last good checkpoint and fails there (it can be
    resumed), or goes on with learning rates scaled by `guard_factor`. seconds: spent so far by earlier segments.
    silence: seconds without an event after which the job is said to be silent, 0 for never.
    inputs: the fingerprints of what was read for the record that goes on or is repeated, by what was chosen, as JSON.
    memory_gigabytes: the most that the worker may take, 0 for no limit.
    members: the runs that are stacked with this one, which leads them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    tool: str
    folder: Path
    workspace: Path
    params: dict[str, Any]
    device: str = "auto"
    slot: Slot = "cpu"
    threads: int = 1
    cores: int = 1
    live: bool = False
    start: Start = Start()
    replay: tuple[Change, ...] = ()
    inputs: dict[str, str] = {}
    guard: Literal["off", "stop", "lower"] = "stop"
    guard_factor: float = 0.5
    profile: str = ""
    safe_mode: bool = False
    grace: float = 10.0
    silence: float = 300.0
    memory_gigabytes: float = 0.0
    cache_gigabytes: float = 5.0
    checkpoint_seconds: float = 30.0
    checkpoints_kept: int = 3
    seconds: float = 0.0
    members: tuple[Member, ...] = ()

    @property
    def folders(self) -> tuple[Path, ...]:
        """Those of all runs that the job fills, its leader's first."""
        return self.folder, *(each.folder for each in self.members)

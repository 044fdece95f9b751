"""One job that fills several runs: models of one shape trained as one batch, each with its own record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workbench import fields
from workbench.jobs.base import BaseContext
from workbench.jobs.context import JobContext
from workbench.jobs.spec import Member, Spec
from workbench.params import Params
from workbench.registry import Registry
from workbench.runs.arrays import Arrays
from workbench.runs.recorder import Recorder


class MemberContext(BaseContext):
    """The context of a run that follows the leader: it reports for itself; loop, control and state are the leader's."""

    recorder: Recorder

    def __init__(
        self, leader: JobContext, member: Member, params: Params, registry: Registry, recorder: Recorder
    ) -> None:
        spec = leader.spec.model_copy(update=dict(member))
        super().__init__(spec, params, registry, recorder, leader.screen, leader.mailbox)
        self._leader = leader
        self.run = member.folder.name

    def steps(self, n: int | None = None) -> Iterator[int]:  # noqa: ARG002 - the signature of `Context.steps`
        """Not here: a stacked job has one loop, `contexts[0].steps(n)`."""
        raise RuntimeError("a stacked job has one loop: iterate over contexts[0].steps(n)")

    def sync(self) -> None:
        """See `Context.sync`."""
        self._leader.sync()

    def track(self, **stateful: Any) -> None:
        """See `Context.track`: the state of all runs is tracked together."""
        self._leader.track(**stateful)

    def checkpoint(self) -> None:
        """See `Context.checkpoint`."""
        self._leader.checkpoint()

    def roll_back(self, reason: str) -> None:
        """See `Context.roll_back`: all runs go back together."""
        self._leader.roll_back(reason)


def stack(
    spec: Spec, registry: Registry, leader: JobContext, recorders: Sequence[Recorder]
) -> list[JobContext | MemberContext]:
    """The contexts of all runs of a stacked job, the leader's first."""
    model = type(leader.params)
    leader.run = spec.folder.name
    followers: list[MemberContext] = []
    for member, recorder in zip(spec.members, recorders, strict=True):
        params = fields.restore(model, member.params, Arrays(member.folder))
        followers.append(MemberContext(leader, member, params, registry, recorder))
    leader.members.extend(followers)
    return [leader, *followers]

"""Which frames of a stream are stored: every stride-th step, the stride doubling as the run grows.

By step alone: whatever was watched, and however often a job reported, the same steps are stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MOST = 256
"""More frames than this of one stream: the stride doubles."""


@dataclass
class Thinning:
    """The state of one stream. every: the finest stride that the job asked for. last: the step of the newest frame
    that was kept as the last of its loop, besides those on the stride."""

    every: int = 1
    doublings: int = 0
    phase: int = 0
    kept: set[int] = field(default_factory=set)
    last: int | None = None

    @property
    def stride(self) -> int:
        """Steps between two stored frames."""
        return self.every << self.doublings

    def on_stride(self, step: int) -> bool:
        """Whether a frame at this step is stored for its step's sake."""
        return (step - self.phase) % self.stride == 0

    def due(self, step: int, last_step: int | None) -> bool:
        """Whether a frame at this step would be stored; the last step of the loop always is."""
        return self.on_stride(step) or step == last_step

    def due_after(self, step: int, last_step: int | None) -> int:
        """The first step after this one at which a frame would be stored."""
        found = step + self.stride - (step - self.phase) % self.stride
        return found if last_step is None or last_step <= step else min(found, last_step)

    def add(self, step: int, last_step: int | None) -> bool:
        """Counts a frame that is due. True when frames now lie off the stride: all but `last` of them must go."""
        stale = False
        if step == last_step:
            stale, self.last = self.last is not None and self.last != step, step
        if self.on_stride(step):
            self.kept.add(step)
        while len(self.kept) > MOST:
            self._double()
            stale = True
        return stale

    def rebuild(self, steps: list[int]) -> None:
        """After a resume: `steps` are those of the frames that are stored and visible."""
        self.kept = {step for step in steps if self.on_stride(step)}
        self.last = max((step for step in steps if step not in self.kept), default=None)

    def _double(self) -> None:
        """A job that reports at 1, 101, 201, … never meets an even step: the stride then keeps to its phase."""
        first = min(self.kept)
        self.doublings += 1
        thinned = {step for step in self.kept if self.on_stride(step)}
        if len(thinned) < MOST // 4:
            self.phase = first % self.stride
            thinned = {step for step in self.kept if self.on_stride(step)}
        self.kept = thinned

"""What is done beside training, to show it, leaves no trace in it. Jobs use this module by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from workbench.ml import randomness

if TYPE_CHECKING:
    from torch import nn


class Aside:
    """Afterwards the global random states, and the modules' modes and buffers, are as before.

    Every frame that a job shows needs it, with caches full of the job's step: as few calls as can be.
    """

    def __init__(self, *modules: nn.Module) -> None:
        self._modules = modules

    def __enter__(self) -> None:
        self._inside = _inside(self._modules)
        self._modes = [each.training for each in self._inside]
        self._held = [(each, dict(each._buffers)) for each in self._inside if each._buffers]
        self._buffers = [each for _, held in self._held for each in held.values() if each is not None]
        self._copies = [each.clone() for each in self._buffers]
        self._restore = randomness.kept()

    def __exit__(self, *_: object) -> None:
        for module, mode in zip(self._inside, self._modes, strict=True):
            if module.training is not mode:  # assigning to a module takes a while
                module.training = mode
        for module, held in self._held:
            module._buffers.update(held)  # some modules assign theirs anew
        if self._buffers:
            torch = randomness.loaded()
            with torch.no_grad():
                torch._foreach_copy_(self._buffers, self._copies)
        self._restore()


def _inside(modules: Iterable[nn.Module]) -> list[nn.Module]:
    """Modules and all in them, one that stands in several places several times; `nn.Module.modules` makes their names
    too."""
    found = [*modules]
    for each in found:  # it grows
        if each._modules:
            found += [child for child in each._modules.values() if child is not None]
    return found

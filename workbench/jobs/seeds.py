"""The seed of a job, for all that draws random numbers; torch is given it whenever the job imports torch."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

import numpy as np


def seed_all(seed: int) -> None:
    """Seeds Python, numpy (with the low 32 bits) and torch."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    with_torch("seed", partial(_seed_torch, seed))


def _seed_torch(seed: int) -> None:
    """Seeds every device that is computed on: CPU, CUDA, MPS. For those that nobody uses yet torch notes who asked,
    which takes a third of a millisecond: it is noted once, not at each evaluation of a live tool.
    """
    torch = import_module("torch")
    if torch.initial_seed() != seed or torch.cuda.is_initialized() or torch.backends.mps.is_available():
        torch.manual_seed(seed)
    else:
        torch.default_generator.manual_seed(seed)


def with_torch(name: str, prepare: Callable[[], object]) -> None:
    """Does it now, or, in place of what was to be done under this name, as soon as torch has been imported: a job may
    do that anywhere, and one that does not is not to wait for it."""
    if "torch" in sys.modules:
        prepare()
        return
    _LATE.steps[name] = prepare
    if _LATE not in sys.meta_path:
        sys.meta_path.insert(0, _LATE)


class _Late(MetaPathFinder):
    """Finds torch as Python does, and is called when it has been imported."""

    def __init__(self) -> None:
        self.steps: dict[str, Callable[[], object]] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See `MetaPathFinder`."""
        spec = PathFinder.find_spec(name, path, target) if name == "torch" else None
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            loader.exec_module = partial(self._execute, loader.exec_module)
        return spec

    def _execute(self, execute: Callable[[ModuleType], object], module: ModuleType) -> None:
        execute(module)
        sys.meta_path.remove(self)
        for prepare in self.steps.values():
            prepare()


_LATE = _Late()

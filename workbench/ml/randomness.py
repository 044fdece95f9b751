"""The global random states, Python's, numpy's and torch's: in a checkpoint, and put back after what is done aside.

Who does not compute with torch does not wait for its import here.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping
from ctypes import Array, c_char
from functools import lru_cache, partial
from importlib import import_module
from typing import Any

import numpy as np


def loaded() -> Any:
    """torch, where something has imported it; else None: nothing of it has to be looked after."""
    return sys.modules.get("torch")


def states() -> dict[str, Any]:
    """The global random states: Python's, numpy's, and of torch, where it is used, on the CPU and on every GPU."""
    kind, keys, position, has_gauss, gauss = np.random.get_state(legacy=True)
    numbers = [kind, np.asarray(keys).astype(np.int64), position, has_gauss, gauss]
    return {"python": random.getstate(), "numpy": numbers, **(_torch_states() if loaded() else {})}


def _torch_states() -> dict[str, Any]:
    torch = loaded()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return {"torch": torch.get_rng_state(), "cuda": cuda}


def set_states(state: Mapping[str, Any]) -> None:
    """Puts back what `states` returned; torch, where it was not used then, begins anew."""
    version, internal, gauss = state["python"]
    random.setstate((version, tuple(internal), gauss))
    kind, keys, *rest = state["numpy"]
    np.random.set_state((kind, np.asarray(keys).astype(np.uint32), *rest))
    if "torch" in state:
        _set_torch(state["torch"], state["cuda"])
    elif loaded():
        _begin_torch()


def _set_torch(state: Any, cuda: Any) -> None:
    torch: Any = import_module("torch")
    torch.set_rng_state(state)
    if cuda and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(cuda)


def _begin_torch() -> None:
    """As it was when it was seeded."""
    torch = loaded()
    torch.manual_seed(torch.initial_seed())


def kept() -> Callable[[], None]:
    """Puts the global random states back as they are now; cheaper than for a file: every frame needs it."""
    python, numpy, torches = _PYTHON.kept(), _NUMPY.kept(), _kept_torch()

    def restore() -> None:
        python()
        numpy()
        torches()

    return restore


def _kept_torch() -> Callable[[], None]:
    torch = loaded()
    if torch is None:
        return lambda: _begin_torch() if loaded() else None
    state = torch.get_rng_state()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []

    def restore() -> None:
        torch.set_rng_state(state)
        if cuda:
            torch.cuda.set_rng_state_all(cuda)
        elif torch.cuda.is_initialized():
            torch.cuda.manual_seed_all(torch.initial_seed())  # as it would have begun

    return restore


class _Watched:
    """A global random state that takes long to get and to set: while its memory has not changed since it was got, it
    need not be got again, nor set. memory: of what changes with it; None where that cannot be looked at."""

    def __init__(self, get: Callable[[], Any], put: Callable[[Any], None], memory: Callable[[], object]) -> None:
        self._get, self._put, self._memory = get, put, memory
        self._seen: object = None
        self._state: Any = None

    def kept(self) -> Callable[[], None]:
        """Puts it back as it is now."""
        before = self._memory()
        if before is None or before != self._seen:
            self._seen, self._state = before, self._get()
        return partial(self._put_back, before, self._state)

    def _put_back(self, before: object, state: Any) -> None:
        if before is None or self._memory() != before:
            self._put(state)


_HEAD = object.__basicsize__
"""What an object begins with: among it the count of references, which changes."""
_LOOKED = 9 * 4
"""Bytes of a Mersenne Twister that are looked at: its place among its 624 words, which each number taken moves, and
eight words beside it, which are others when it is there again."""
_WORDS = 624 * 4
_RANDOM, _STATE = (getattr(get, "__self__") for get in (random.getstate, np.random.get_state))  # noqa: B009 - no stubs
_RANDOM_MEMORY = (c_char * _LOOKED).from_address(id(_RANDOM) + _HEAD)
_STATE_MEMORY = (c_char * (type(_STATE).__basicsize__ - _HEAD)).from_address(id(_STATE) + _HEAD)


def _python_memory() -> object:
    """A second normal may wait, as numpy's."""
    return _RANDOM_MEMORY.raw, _RANDOM.gauss_next


def _numpy_memory() -> object:
    generator = np.random.mtrand.get_bit_generator()
    return (_STATE_MEMORY.raw, _twister(generator).raw) if type(generator) is np.random.MT19937 else None


@lru_cache(1)
def _twister(generator: np.random.MT19937) -> Array[c_char]:
    """The last words of a Mersenne Twister, and its place."""
    return (c_char * _LOOKED).from_address(generator.ctypes.state_address + _WORDS + 4 - _LOOKED)


_PYTHON = _Watched(random.getstate, random.setstate, _python_memory)
_NUMPY = _Watched(partial(np.random.get_state, legacy=False), np.random.set_state, _numpy_memory)

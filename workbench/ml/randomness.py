"""The global random states, Python's, numpy's and torch's: in a checkpoint, and put back after what is done aside."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping
from ctypes import Array, c_char
from functools import lru_cache, partial
from typing import Any

import numpy as np
import torch
from torch import Tensor


def states() -> dict[str, Any]:
    """The global random states: Python's, numpy's, torch's on the CPU and on every GPU in use."""
    kind, keys, position, has_gauss, gauss = np.random.get_state(legacy=True)
    return {
        "python": random.getstate(),
        "numpy": [kind, torch.from_numpy(np.asarray(keys).astype(np.int64)), position, has_gauss, gauss],
        "torch": torch.get_rng_state(),
        "cuda": _cuda_states(),
    }


def set_states(state: Mapping[str, Any]) -> None:
    """Puts back what `states` returned."""
    version, internal, gauss = state["python"]
    random.setstate((version, tuple(internal), gauss))
    kind, keys, *rest = state["numpy"]
    np.random.set_state((kind, keys.numpy().astype(np.uint32), *rest))
    torch.set_rng_state(state["torch"])
    if state["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])


def kept() -> Callable[[], None]:
    """Puts the global random states back as they are now; cheaper than for a file: every frame needs it."""
    python, numpy, torch_state = _PYTHON.kept(), _NUMPY.kept(), torch.get_rng_state()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []  # type: ignore[no-untyped-call]

    def restore() -> None:
        python()
        numpy()
        torch.set_rng_state(torch_state)
        if cuda:
            torch.cuda.set_rng_state_all(cuda)
        elif torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
            torch.cuda.manual_seed_all(torch.initial_seed())  # as it would have begun

    return restore


class _Watched:
    """A global random state that takes long to get and to set: while it has not moved since it was got, it need not be
    got again, nor set. place: what tells whether it has moved; None where that cannot be looked at."""

    def __init__(self, get: Callable[[], Any], put: Callable[[Any], None], place: Callable[[], object]) -> None:
        self._get, self._put, self._place = get, put, place
        self._seen: object = None
        self._state: Any = None

    def kept(self) -> Callable[[], None]:
        """Puts it back as it is now."""
        before = self._place()
        if before is None or before != self._seen:
            self._seen, self._state = before, self._get()
        state = self._state

        def put_back() -> None:
            if before is None or self._place() != before:
                self._put(state)

        return put_back


_WORDS, _FIRST = 624, 8
"""Of a Mersenne Twister, whose every draw moves the place among its words and, once all are used, changes them all: the
place and eight of them tell one state from another but for one case in 2²⁵⁶, and cost a quick loop less to look at."""
_HEAD = object.__basicsize__
"""What an object begins with: among it the count of references, which changes."""
_RANDOM, _STATE = (getattr(get, "__self__") for get in (random.getstate, np.random.get_state))  # noqa: B009 - no stubs
_RANDOM_MEMORY = (c_char * (4 + 4 * _FIRST)).from_address(id(_RANDOM) + _HEAD)
"""Of Python's: the place, then the words."""
_STATE_MEMORY = (c_char * (type(_STATE).__basicsize__ - _HEAD)).from_address(id(_STATE) + _HEAD)


_KNOWN = int.from_bytes(_RANDOM_MEMORY.raw[:4], sys.byteorder) == random.getstate()[1][-1]
"""Whether this Python's lies in memory as we know it."""


def _python_place() -> object:
    """A second normal may wait, as numpy's."""
    return (_RANDOM_MEMORY.raw, _RANDOM.gauss_next) if _KNOWN else None


def _numpy_place() -> object:
    generator = np.random.mtrand.get_bit_generator()
    found = _twister(generator) if type(generator) is np.random.MT19937 else None
    return found and (_STATE_MEMORY.raw, found[0].raw, found[1].raw)


@lru_cache(1)
def _twister(generator: np.random.MT19937) -> tuple[Array[c_char], Array[c_char]] | None:
    """The first words of a Mersenne Twister, and its place among all of them, which stands behind them; None where it
    lies in memory otherwise."""
    start = generator.ctypes.state_address
    words, place = (c_char * (4 * _FIRST)).from_address(start), (c_char * 4).from_address(start + 4 * _WORDS)
    known = int.from_bytes(place.raw, sys.byteorder) == generator.state["state"]["pos"]
    return (words, place) if known else None


_PYTHON = _Watched(random.getstate, random.setstate, _python_place)
_NUMPY = _Watched(partial(np.random.get_state, legacy=False), np.random.set_state, _numpy_place)


def _cuda_states() -> list[Tensor]:
    return torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []

"""The counting."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.api import Context


@dataclass(frozen=True)
class Urn:
    """What lies in it."""

    beads: bytes
    fingerprint: str


def load(params: Any, _context: Context) -> Urn:
    """Reads the beads."""
    beads = params.path.read_bytes()
    return Urn(beads, hashlib.sha256(beads).hexdigest())


def run(params: Any, context: Context) -> None:
    """Adds them up at each step."""
    count = np.zeros(())
    context.track(count=count)
    beads = context.chosen(params.data).beads + b"".join(each.read_bytes() for each in params.beside)
    for _ in context.steps(params.steps):
        count += len(beads)
        context.scalars(count=float(count))

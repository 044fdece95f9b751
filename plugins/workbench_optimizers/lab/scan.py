"""What is known of a surface before anybody moves on it: its heights, its minima, how steep it usually is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from ..flight.many import TENSORS, grid
from ..surface.expression import derivative
from ..surface.places import Extent, Surface
from ..surface.tape import Tape, gradient

SIDE, POLISHED, ITERATIONS = 128, 400, 40
EVEN = 1e-3  # of the usual slope: what counts as flat
SAME = 1e-4  # of the width shown: minima nearer to each other are one


@dataclass(frozen=True)
class Scan:
    """depths: −log(1 + height above the lowest), (SIDE, SIDE). minima: (M, 2) float64, the lowest first, those that
    are smooth. low: the lowest height known. even: a thousandth of the median slope.
    """

    depths: Any
    minima: Tensor
    low: float
    even: float


@lru_cache(maxsize=8)
def scan(surface: Surface) -> Scan:
    """Of what is shown of a surface."""
    cells = grid(surface.extent, SIDE).double()
    height, *slope = evaluated(surface, cells)
    minima = _minima(surface, height.reshape(SIDE, SIDE), cells)
    known = torch.cat([height[height.isfinite()], evaluated(surface, minima)[0]])
    low = float(known.min()) if len(known) else 0.0
    steep = torch.hypot(*slope)
    steep = steep[steep.isfinite()]
    even = EVEN * float(steep.median()) if len(steep) else 0.0
    depths = -(height - low).clamp_min(0).log1p()
    return Scan(depths.reshape(SIDE, SIDE).float().numpy(), minima, low, even)


def evaluated(surface: Surface, places: Tensor) -> list[Tensor]:
    """Height and gradient at places (N, 2): three of (N)."""
    return _at(_tape(surface), places)


@lru_cache(maxsize=8)
def _tape(surface: Surface) -> Tape:
    e = surface.expression()
    return Tape([e, *gradient(e)], TENSORS)


def _at(tape: Tape, places: Tensor) -> list[Tensor]:
    x, y = places.unbind(1)
    return [torch.as_tensor(each, dtype=places.dtype).expand(len(places)) for each in tape(x, y)]


def _minima(surface: Surface, height: Tensor, cells: Tensor) -> Tensor:
    """Lowest cells among their neighbours, made exact by Newton's method; what does not end in a minimum is dropped."""
    around = -torch.nn.functional.max_pool2d(-height.nan_to_num(torch.inf)[None, None], 3, 1, 1)[0, 0]
    places = cells[_lowest(height, height <= around)]
    gx, gy = gradient(surface.expression())
    try:
        second = [derivative(gx, "x"), derivative(gx, "y"), derivative(gy, "y")]
    except ValueError:  # a second derivative without a value, as of the logarithm of a negative number
        return places[:0]
    tape = Tape([gx, gy, *second], TENSORS)
    for _ in range(ITERATIONS):
        a, b, xx, xy, yy = _at(tape, places)
        places = places - torch.stack([yy * a - xy * b, xx * b - xy * a], 1) / (xx * yy - xy * xy)[:, None]
    a, b, xx, xy, yy = _at(tape, places)
    fine = (torch.hypot(a, b) <= 1e-6) & (xx > 0) & (xx * yy > xy * xy) & _inside(places, surface.extent)
    return _apart(surface, places[fine])


def _lowest(height: Tensor, mask: Tensor) -> Tensor:
    """The numbers of the cells of a mask, in order; of too many the lowest."""
    numbers = mask.flatten().nonzero()[:, 0]
    return numbers[height.flatten()[numbers].argsort(stable=True)[:POLISHED].sort().values]


def _inside(places: Tensor, extent: Extent) -> Tensor:
    x0, x1, y0, y1 = extent
    x, y = places[:, 0], places[:, 1]
    inside: Tensor = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    return inside


def _apart(surface: Surface, places: Tensor) -> Tensor:
    """Each place once, the lowest first; those as low as each other, but for rounding, in the order given."""
    x0, x1, *_ = surface.extent
    again = (torch.cdist(places, places) <= SAME * (x1 - x0)).tril(-1).any(1)
    once = places[~again]
    return once[evaluated(surface, once)[0].float().argsort(stable=True)]

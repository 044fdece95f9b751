"""From data to pixels: ranges, log axes and the simplex, for arrays and for single points."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QTransform

from workbench.ui.panels.look import Look

HEIGHT = math.sqrt(3) / 2
"""Of the triangle whose sides are 1."""
CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.5, HEIGHT))
"""Where the first, second and third share of a simplex is 1."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """What is visible and how: everything that marks need to know to paint in pixels.

    x0 … y1: the visible range, of logarithms on log axes. time: the inner axis of paths, 0 to 1.
    """

    x0: float = 0.0
    x1: float = 1.0
    y0: float = 0.0
    y1: float = 1.0
    width: float = 100.0
    height: float = 100.0
    log_x: bool = False
    log_y: bool = False
    simplex: bool = False
    smoothing: float = 0.0
    time: float = 1.0
    look: Look = field(default_factory=Look)

    # ------------------------------------------------------------------ data to what axes show

    def seen(self, x: Any, y: Any) -> tuple[Floats, Floats]:
        """Coordinates as the axes show them: logarithms, places in the triangle. Not positive is not a number."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        if self.simplex:
            return 0.5 - 0.5 * x + 0.5 * y, HEIGHT * (1 - x - y)
        return _log(x) if self.log_x else x, _log(y) if self.log_y else y

    def data(self, x: float, y: float) -> tuple[float, float]:
        """The reverse of `seen`."""
        if self.simplex:
            both = 1 - y / HEIGHT
            return (both - 2 * x + 1) / 2, (both + 2 * x - 1) / 2
        return 10**x if self.log_x else x, 10**y if self.log_y else y

    def borders(self, columns: int) -> Floats:
        """Where the first of so many equal columns begins and where each of them ends, in data."""
        seen = np.linspace(self.x0, self.x1, columns + 1)
        return 10**seen if self.log_x else seen

    # ------------------------------------------------------------------ to and from pixels

    def px(self, x: Any, y: Any) -> tuple[Floats, Floats]:
        """Pixels of data."""
        x, y = self.seen(x, y)
        return self.px_x(x), self.px_y(y)

    def px_x(self, seen: Any) -> Any:
        """Pixels of what the x axis shows."""
        return (seen - self.x0) * (self.width / (self.x1 - self.x0))

    def px_y(self, seen: Any) -> Any:
        """Pixels of what the y axis shows."""
        return (self.y1 - seen) * (self.height / (self.y1 - self.y0))

    def from_px(self, px: float, py: float) -> tuple[float, float]:
        """Data at a pixel."""
        x = self.x0 + px * (self.x1 - self.x0) / self.width
        y = self.y1 - py * (self.y1 - self.y0) / self.height
        return self.data(x, y)

    @property
    def transform(self) -> QTransform:
        """From data to pixels, as a painter takes it; log axes have none and are passed over."""
        sx, sy = self.width / (self.x1 - self.x0), -self.height / (self.y1 - self.y0)
        to_px = QTransform(sx, 0, 0, sy, -self.x0 * sx, -self.y1 * sy)
        return QTransform(-0.5, -HEIGHT, 0.5, -HEIGHT, 0.5, HEIGHT) * to_px if self.simplex else to_px


def _log(values: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log10(values), np.nan)

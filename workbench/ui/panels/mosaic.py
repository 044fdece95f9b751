"""A mosaic of images: one picture, painted whole. A quarter of the cost of an item in a scene."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from workbench.events import Event
from workbench.ui.panels.handles.base import Extent, Grid, Pair
from workbench.ui.panels.handles.cells import ring
from workbench.ui.panels.handles.desk import HandleDesk
from workbench.ui.panels.look import Look, translucent

_GAP = 1
"""Image pixels between two tiles."""
_NOTHING: NDArray[Any] = np.zeros((0, 1, 1), np.uint8)
_MARGIN = 6.0
_CAPTION = 42.0
"""Pixels that a tile must be wide to have its label written into it."""
_FURTHEST = 64.0
_MANY = 1024
"""Images up to which the best number of columns is looked for."""
_NEARLY = 0.85
"""How much smaller tiles may be if that fills the last row."""


@dataclass
class Zoom:
    """What part is looked at: 1 is all of it; x and y, the middle, as shares of the mosaic.

    stretched: whether the darkest pixel is shown black and the brightest white. columns: 0 for as many as fit best.
    """

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5
    stretched: bool = False
    columns: int = 0

    @property
    def moved(self) -> bool:
        """Whether it is not all of it."""
        return self.factor != 1 or (self.x, self.y) != (0.5, 0.5)


class Mosaic(QWidget):
    """A surface for gestures whose coordinates are the mosaic's pixels."""

    zoomed = Signal()
    """`zoom`, which mosaics beside each other share, was changed."""

    def __init__(self, stream: str, desk: HandleDesk, zoom: Zoom) -> None:
        super().__init__()
        self.stream = stream
        self.desk = desk
        self.zoom = zoom
        self.look = Look()
        self.chosen: int | None = None
        self.images = _NOTHING
        self.failed: Callable[[Exception], None] = lambda _: None
        self.say: Callable[[str], str] = str
        self.model: Callable[[], Mosaic] = lambda: self
        """The mosaic after whose room the columns are chosen: those beside each other are arranged alike."""
        self._event: Event | None = None
        self._made: tuple[Any, ...] = ()
        self._picture: QImage | None = None
        self._columns = 1
        self._pan: QPointF | None = None
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(40, 40)

    def sizeHint(self) -> QSize:  # noqa: N802
        """A square."""
        return QSize(240, 240)

    # ------------------------------------------------------------------ content

    def take(self, event: Event | None, look: Look) -> None:
        """The newest frame."""
        if event is self._event and look == self.look:
            return
        self._event, self.look, self._picture = event, look, None
        self.images = _NOTHING if event is None else event.arrays["images"]
        self.update()

    def caption(self, k: int) -> str:
        """The label that the job gave an image. data: `labels`."""
        labels: Sequence[Any] = self._event.data.get("labels", ()) if self._event else ()
        return self.say(str(labels[k])) if k < len(labels) else ""

    def _make(self) -> QImage | None:
        """The picture, made anew when columns or contrast are others, and after `take`."""
        if not len(self.images):
            return None
        columns = self._fitting()
        made = columns, self.zoom.stretched
        if made != self._made or self._picture is None:
            images = stretched(self.images) if self.zoom.stretched else self.images
            self._picture = picture(tiled(images, columns, self.look.ground.green()))
            self._made, self._columns = made, columns
        return self._picture

    def _fitting(self) -> int:
        """The number of columns: the person says it, else data: `columns`, else what fits the widget best."""
        asked = self.zoom.columns or (self._event.data.get("columns") if self._event else None)
        count, (height, width) = len(self.images), self.images.shape[1:3]
        if isinstance(asked, int) and asked > 0:
            return min(asked, count)
        room = self.model().size()
        return fitting(count, (room.width() / (width + _GAP)) / (room.height() / (height + _GAP)))

    # ------------------------------------------------------------------ coordinates

    def _placed(self) -> tuple[float, float, float]:
        """Left, top, and pixels of the screen per pixel of the mosaic."""
        made = self._picture or self._make()
        size = made.size() if made else QSize(1, 1)
        room = self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN
        scale = min(room[0] / size.width(), room[1] / size.height())
        scale = max(scale, 1e-3) * self.zoom.factor
        scale = (
            math.floor(scale) if scale >= 3 and self.zoom.factor == 1 else scale
        )  # whole pixels are all the same size
        left = self.width() / 2 - self.zoom.x * size.width() * scale
        top = self.height() / 2 - self.zoom.y * size.height() * scale
        return round(left), round(top), scale

    def to_px(self, x: float, y: float) -> Pair:
        """From the mosaic's pixels to the screen's."""
        left, top, scale = self._placed()
        return left + x * scale, top + y * scale

    def from_px(self, x: float, y: float) -> Pair:
        """The reverse."""
        left, top, scale = self._placed()
        return (x - left) / scale, (y - top) / scale

    def extent(self) -> Extent:
        """What is visible; the mosaic's y goes down."""
        (left, top), (right, bottom) = self.from_px(0, 0), self.from_px(self.width(), self.height())
        return left, right, bottom, top

    def tile(self, k: int) -> QRectF:
        """Where an image lies on the screen."""
        self._make()
        height, width = self.images.shape[1:3]
        x, y = (k % self._columns) * (width + _GAP), (k // self._columns) * (height + _GAP)
        return QRectF(QPointF(*self.to_px(x, y)), QPointF(*self.to_px(x + width, y + height)))

    def pick(self, stream: str, x: float, y: float) -> int | None:
        """The image at a pixel."""
        if stream not in ("", self.stream) or not len(self.images):
            return None
        at_x, at_y = self.from_px(x, y)
        column, row = (
            math.floor(v / (n + _GAP)) for v, n in ((at_x, self.images.shape[2]), (at_y, self.images.shape[1]))
        )
        k = row * self._columns + column
        return k if 0 <= column < self._columns and row >= 0 and k < len(self.images) else None

    def count(self, stream: str) -> int:
        """The images."""
        return len(self.images) if stream in ("", self.stream) else 0

    def grid(self, stream: str) -> Grid | None:
        """The pixels of the first image."""
        if stream not in ("", self.stream) or not len(self.images):
            return None
        height, width = self.images.shape[1:3]
        return Grid(height, width, (0.0, float(width), 0.0, float(height)))

    def columns(self) -> Sequence[Pair]:
        """It has no bars."""
        return []

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paints; what goes wrong is told to the panel."""
        painter = QPainter(self)
        try:
            self._paint(painter)
        except Exception as error:  # noqa: BLE001 (whatever it is: the panel says it)
            self.failed(error)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.look.ground)
        image = self._make()
        if image is None:
            return
        left, top, scale = self._placed()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(QRectF(left, top, image.width() * scale, image.height() * scale), image)
        self._captions(painter)
        if self.chosen is not None and 0 <= self.chosen < len(self.images):
            ring(painter, self.tile(self.chosen).adjusted(-1, -1, 1, 1), self.look)
        self.desk.paint(painter, self, self.look)
        if self._hovered is not None and self._hovered < len(self.images):
            self._tell(painter, self._hovered)

    def _captions(self, painter: QPainter) -> None:
        if not self.caption(0) or self.tile(0).width() < _CAPTION:
            return
        metrics = QFontMetricsF(painter.font())
        for k in range(len(self.images)):
            rect = self.tile(k)
            if rect.intersects(QRectF(self.rect())):
                strip = QRectF(rect.left(), rect.bottom() - metrics.height(), rect.width(), metrics.height())
                text = metrics.elidedText(self.caption(k), Qt.TextElideMode.ElideRight, rect.width() - 4)
                self._strip(painter, strip, text)

    def _tell(self, painter: QPainter, k: int) -> None:
        metrics = QFontMetricsF(painter.font())
        text = f"{k}  {self.caption(k)}".strip()
        rect = self.tile(k)
        width = metrics.horizontalAdvance(text) + 10
        left = min(max(rect.center().x() - width / 2, 0), self.width() - width)
        top = rect.top() - metrics.height() if rect.top() > metrics.height() else rect.bottom()
        self._strip(painter, QRectF(left, top, width, metrics.height()), text)

    def _strip(self, painter: QPainter, rect: QRectF, text: str) -> None:
        painter.fillRect(rect, translucent(self.look.raised, 0.85))
        painter.setPen(self.look.text)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    # ------------------------------------------------------------------ mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A gesture, else moving the picture."""
        if event.button() == Qt.MouseButton.RightButton and not self.desk.masks():
            return  # the menu's
        if not self.desk.press(self, event) or self.zoom.factor > 1:
            self._pan = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A gesture goes on, or the picture moves."""
        if self._pan is not None and self.zoom.factor > 1 and not self._painting():
            moved = self._pan - event.position()
            self._pan = event.position()
            self._look_by(moved)
        elif not self.desk.drag(self, event):
            self._hover(self.pick("", event.position().x(), event.position().y()))

    def _painting(self) -> bool:
        return self.desk.active is not None and self.desk.active in self.desk.masks()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802
        """Lets go."""
        self._pan = None
        self.desk.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """All of it again."""
        if not self.desk.double(self, event) or self.zoom.factor > 1:
            self.zoom.factor, self.zoom.x, self.zoom.y = 1.0, 0.5, 0.5
            self.zoomed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Nearer or further, what is under the mouse staying there."""
        at = event.position()
        x, y = self.from_px(at.x(), at.y())
        before = self.zoom.factor
        self.zoom.factor = min(max(before * 1.2 ** (event.angleDelta().y() / 120), 1.0), _FURTHEST)
        if self.zoom.factor == 1:
            self.zoom.x = self.zoom.y = 0.5
        elif self._picture is not None:
            now = self.to_px(x, y)
            self._look_by(QPointF(now[0] - at.x(), now[1] - at.y()))
        self.zoomed.emit()
        event.accept()

    def _look_by(self, moved: QPointF) -> None:
        if self._picture is not None:
            _, _, scale = self._placed()
            self.zoom.x = min(max(self.zoom.x + moved.x() / scale / self._picture.width(), 0), 1)
            self.zoom.y = min(max(self.zoom.y + moved.y() / scale / self._picture.height(), 0), 1)
            self.zoomed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """The panel's menu, unless the right button erases."""
        event.setAccepted(event.reason() == QContextMenuEvent.Reason.Mouse and bool(self.desk.masks()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrow keys go to the next tile or move the handle."""
        if not self.desk.key(self, event):
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Nothing is pointed at."""
        self._hover(None)
        super().leaveEvent(event)

    def _hover(self, k: int | None) -> None:
        if k != self._hovered:
            self._hovered = k
            self.update()


@lru_cache(maxsize=64)
def fitting(count: int, shape: float) -> int:
    """The number of columns that shows tiles largest and fills the last row, in room so many times wider than high."""
    if count > _MANY:
        return max(1, min(count, round(math.sqrt(count * shape))))
    scales = {columns: min(shape / columns, 1 / -(-count // columns)) for columns in range(1, count + 1)}
    enough = _NEARLY * max(scales.values())
    good = [columns for columns, scale in scales.items() if scale >= enough]
    return min(good, key=lambda columns: (-count % columns, -scales[columns]))


def tiled(images: NDArray[Any], columns: int, ground: int) -> NDArray[np.uint8]:
    """(H, W) or (H, W, 3): the images in rows, the ground between them."""
    count, height, width = images.shape[:3]
    rows, rest = -(-count // columns), images.shape[3:]
    whole = np.full((rows * columns, height + _GAP, width + _GAP, *rest), ground, np.uint8)
    whole[:count, :height, :width] = images
    whole = whole.reshape(rows, columns, height + _GAP, width + _GAP, *rest).swapaxes(1, 2)
    whole = whole.reshape(rows * (height + _GAP), columns * (width + _GAP), *rest)
    return np.ascontiguousarray(whole[: rows * (height + _GAP) - _GAP, : columns * (width + _GAP) - _GAP])


def stretched(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The images, the darkest pixel of all made black and the brightest white."""
    low, high = int(images.min()), int(images.max())
    levels = (np.arange(256.0) - low) * (255 / max(high - low, 1))
    return levels.clip(0, 255).round().astype(np.uint8)[images]


def picture(pixels: NDArray[np.uint8]) -> QImage:
    """An image with memory of its own, in the form that is painted fastest."""
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(pixels.data, width, height, pixels.strides[0], kind).convertToFormat(QImage.Format.Format_RGB32)

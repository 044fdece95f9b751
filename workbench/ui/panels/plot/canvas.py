"""One canvas: pyqtgraph's axes, panning and zooming; marks of our own, painted in pixels; handles and crosshair.

pyqtgraph has no types; it stays inside this module. Its own items are not used: one of ours per layer costs a
quarter of a millisecond to paint where theirs rebuild paths, brushes and bounds at every frame.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent, QMouseEvent, QPixmapCache, QResizeEvent
from PySide6.QtWidgets import QApplication, QGraphicsItem, QVBoxLayout, QWidget

from workbench.ui.panels.handles.base import Extent, Grid, Pair
from workbench.ui.panels.handles.desk import HandleDesk
from workbench.ui.panels.look import Look
from workbench.ui.panels.plot import ranges
from workbench.ui.panels.plot.axes import Axes
from workbench.ui.panels.plot.axis import levels
from workbench.ui.panels.plot.legend import Legend
from workbench.ui.panels.plot.marks import Mark
from workbench.ui.panels.plot.marks.base import cover, join
from workbench.ui.panels.plot.overlay import Backdrop, Overlay
from workbench.ui.panels.plot.view import HEIGHT, View
from workbench.ui.source import Source

_PLANE = frozenset({"arrows", "field"})
"""Kinds of layers whose axes have the same unit, …"""
_FAR = 3.0
"""… as long as one side is not so many times the other."""
_ABOVE = 6.0
"""Pixels above everything."""
_SETTLED = 700
"""Milliseconds without anything new after which ranges are fitted closely."""
_PICTURES = 128 << 10
"""KiB of pictures of what does not change, all canvases together: a large field on a fine screen has 16 MiB."""

_FILLED = [(0, 0.8), (2, 0.6), (4, 0.4), (6, 0.2)]
"""pyqtgraph's own: of an axis with so many numbers, the share that more of them may fill."""
_ALL_THAT_FIT = [(0, 0.85)]


class Canvas(QWidget):
    """Draws marks over each other; a surface for gestures."""

    ranged = Signal(object)
    """The person moved the range: x0, x1, y0, y1. None: it follows the data again."""
    menu_asked = Signal(QPoint)
    """A click with the right button that was no gesture, or the menu key: where on the screen."""

    def __init__(self, marks: Sequence[Mark], desk: HandleDesk, space: str, log: str) -> None:
        super().__init__()
        self.marks = list(marks)
        self.desk = desk
        self.auto = True
        self.smoothing, self.time = 0.0, 1.0
        self.log_x, self.log_y, self.simplex = "x" in log, "y" in log, space == "simplex"
        self.look = Look()
        self.corners: Sequence[str] = ("1", "2", "3")
        self.mouse: QPointF | None = None
        self._right: QPointF | None = None
        self.failed: Callable[[Exception], None] = lambda _: None
        self._locked = False
        self._ticks: list[tuple[float, str]] | None = None
        self._x, self._y = ranges.Following(), ranges.Following()
        self.plot = Axes()
        self._build()
        self._settle = QTimer(self, singleShot=True, interval=_SETTLED)
        self._settle.timeout.connect(self._rest)

    def _build(self) -> None:
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _PICTURES))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self._box = self.plot.box
        self._box.disableAutoRange()
        for axis in self.plot.axes.values():
            axis.setVisible(not self.simplex)
        self.backdrop, self.overlay, self.legend = Backdrop(self), Overlay(self), Legend(self)
        self.legend.setParentItem(self.plot.frame)
        self.legend.setPos(0, _ABOVE)
        self._keep_room()
        for order, each in enumerate([self.backdrop, *self.marks, self.overlay]):
            each.setParentItem(self._box)
            each.setZValue(10 + order)
        self._box.sigRangeChanged.connect(self._moved)
        self._box.sigResized.connect(self._moved)
        self._box.sigRangeChangedManually.connect(self._by_hand)
        self.plot.viewport().installEventFilter(self)
        self.plot.installEventFilter(self)
        self.plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.plot)
        self.plot.setMinimumSize(60, 60)
        self.apply_theme(self.look)
        self.set_log(self.log_x, self.log_y)

    # ------------------------------------------------------------------ content

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Draws the sources' newest frames."""
        changed = [mark.take(sources) for mark in self.marks]
        if any(changed):
            self._label_bars()
            self._arrange()
            self.fit()
            self.overlay.renew()
            self._settle.start()

    def worded(self) -> None:
        """Names in the language that is spoken now, and in its letters."""
        self._letter_axes()
        self._label_bars()
        self._arrange()
        self.overlay.renew()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The legend may need more rows, or fewer."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if self.legend.arrange(self.width(), self.height()):
            self._keep_room()

    def show_whole(self, whole: bool) -> None:
        """Whether the legend may take room from the axes, at once."""
        self.legend.whole = whole
        self._arrange()
        self.plot.lay_out()

    def _keep_room(self) -> None:
        """The axes begin below the legend."""
        self.plot.set_margins(2, _ABOVE + self.legend.height, 14, 2)

    def fit(self, closely: bool = False) -> None:
        """Lets the range follow the data, unless the person has zoomed."""
        found = join([*(mark.extent() for mark in self.marks), self._handled()])
        if self.simplex:
            found = (0.0, 1.0, 0.0, HEIGHT)
        if not self.auto or found is None:
            return
        self._square(found)
        before = self._x.shown, self._y.shown
        if closely:
            self._renew()
        filled = any(mark.colours() for mark in self.marks)
        pad = 0.12 if self.simplex else (0.0 if filled else 0.07 if self._locked else 0.04)
        wide = pad if self._locked else pad / 2
        when, held = time.monotonic(), self.desk.active is not None
        wanted = self._x.take(*found[:2], wide, when, held), self._y.take(*found[2:], pad, when, held)
        if wanted != before:
            self._box.setRange(xRange=wanted[0], yRange=wanted[1], padding=0, disableAutoRange=True)

    def _renew(self) -> None:
        for each in (self._x, self._y):
            each.renew()

    def _rest(self) -> None:
        """Nothing new has come for a while, nor does a hand hold what would run away from it."""
        if self.desk.active is None:
            self.fit(closely=True)

    def _handled(self) -> Extent | None:
        """What the handles cover, as the axes show it."""
        places = self.desk.places()
        if not places:
            return None
        x, y = self.view.seen(*zip(*places, strict=True))
        return cover([x], [y])

    def _square(self, found: Extent) -> None:
        """In a plane one unit is as long to the right as upwards: right angles are to look right."""
        wide, high = found[1] - found[0], found[3] - found[2]
        plane = any(mark.layer.kind in _PLANE for mark in self.marks) and wide < _FAR * high and high < _FAR * wide
        locked = self.simplex or (plane and not (self.log_x or self.log_y))
        if locked != self._locked:
            self._locked = locked
            self._box.setAspectLocked(locked)

    def follow(self) -> None:
        """The range follows the data again."""
        self.auto = True
        self._renew()
        self.fit()
        self.ranged.emit(None)

    def set_range(self, extent: Extent) -> None:
        """Shows just this, as after zooming."""
        self.auto = False
        self._box.setRange(xRange=extent[:2], yRange=extent[2:], padding=0)

    def visible(self) -> Extent:
        """What the axes show, in their own terms (logarithms on log axes)."""
        (x0, x1), (y0, y1) = self._box.viewRange()
        return x0, x1, y0, y1

    def set_log(self, x: bool, y: bool) -> None:
        """Log axes."""
        self.log_x, self.log_y = x and not self.simplex, y and not self.simplex
        for axis, on in (("bottom", self.log_x), ("left", self.log_y)):
            self._axis(axis).setLogMode(*([on, False] if axis == "bottom" else [False, on]))
        self._moved()
        self.follow()

    def set_inner(self, smoothing: float, time: float) -> None:
        """Smoothing of curves, and how far paths have come."""
        self.smoothing, self.time = smoothing, time
        self._moved()

    # ------------------------------------------------------------------ views

    @property
    def view(self) -> View:
        """How it is looked at now."""
        x0, x1, y0, y1 = self.visible()
        rect = self._box.rect()
        width, height = max(rect.width(), 1.0), max(rect.height(), 1.0)
        return View(
            x0, x1, y0, y1, width, height, self.log_x, self.log_y, self.simplex, self.smoothing, self.time, self.look
        )

    def _moved(self, *_: object) -> None:
        view = self.view
        for mark in self.marks:
            mark.look_at(view)
        self.backdrop.look_at(view)
        self.overlay.look_at(view)

    def _by_hand(self, *_: object) -> None:
        self.auto = False
        self.ranged.emit(self.visible())

    # ------------------------------------------------------------------ looks

    def apply_theme(self, look: Look) -> None:
        """Colours."""
        self.look = look
        self.plot.setBackground(look.ground)
        for name in ("bottom", "left"):
            axis = self._axis(name)
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # it is drawn anew when it changes
            axis.setPen(pg.mkPen(look.faint))
            axis.setTextPen(pg.mkPen(look.text))
            axis.setStyle(tickLength=-4, autoExpandTextSpace=True, hideOverlappingLabels=False)
        self._letter_axes()
        self._moved()
        self._arrange()
        self.legend.update()

    def _letter_axes(self) -> None:
        for axis in self.plot.axes.values():
            axis.setStyle(tickFont=self.letters(1.5, 7))

    def letters(self, less: float = 1, least: float = 7.5) -> QFont:
        """Smaller ones of the panel's font, which another language changes: what is painted in it is measured in it."""
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() - less, least))
        return font

    def _axis(self, name: str) -> Any:
        return self.plot.axes[name]

    def ticks(self) -> tuple[list[float], list[float]]:
        """Where the axes have their larger ticks, for the grid. pyqtgraph takes a millisecond to tell."""
        view = self.view
        across = [] if self._ticks else self._axis("bottom").tickValues(view.x0, view.x1, view.width)[:1]
        up = self._axis("left").tickValues(view.y0, view.y1, view.height)[:1]
        return [float(v) for _, vs in across for v in vs], [float(v) for _, vs in up for v in vs]

    def _label_bars(self) -> None:
        ticks = next((mark.ticks() for mark in self.marks if mark.ticks()), None)
        if ticks != self._ticks:
            self._ticks = ticks
            self._axis("bottom").setTicks(levels(ticks) if ticks else None)
            self._axis("bottom").setStyle(textFillLimits=_ALL_THAT_FIT if ticks else _FILLED)
            self.backdrop.forget()

    # ------------------------------------------------------------------ a surface for gestures, in pixels of the widget

    @property
    def _corner(self) -> QPointF:
        return QPointF(self._box.mapToScene(QPointF(0, 0)))

    def to_px(self, x: float, y: float) -> Pair:
        """From data to pixels of the view."""
        px, py = self.view.px(x, y)
        return float(px), float(py)

    def from_px(self, x: float, y: float) -> Pair:
        """The reverse."""
        return self.view.from_px(x, y)

    def extent(self) -> Extent:
        """The visible data."""
        view = self.view
        if self.simplex:
            return 0.0, 1.0, 0.0, 1.0
        return (
            *view.data(view.x0, view.y0)[:1],
            view.data(view.x1, 0)[0],
            view.data(0, view.y0)[1],
            view.data(0, view.y1)[1],
        )

    def pick(self, stream: str, x: float, y: float) -> int | None:
        """The thing of a stream at a pixel."""
        found = [mark.pick(x, y) for mark in self.marks if mark.layer.stream == stream]
        return next((each for each in found if each is not None), None)

    def count(self, stream: str) -> int:
        """How many things of a stream can be picked."""
        return max((mark.count() for mark in self.marks if mark.layer.stream == stream), default=0)

    def grid(self, stream: str) -> Grid | None:
        """The cells of a stream's field, or of the only one."""
        found = [mark.grid() for mark in self.marks if stream in ("", mark.layer.stream)]
        return next((each for each in found if each is not None), None)

    def columns(self) -> Sequence[Pair]:
        """The places of bars."""
        return next((mark.columns() for mark in self.marks if mark.columns()), [])

    def widget_px(self, x: float, y: float) -> QPointF:
        """From data to pixels of the widget that gets the mouse."""
        return QPointF(*self.to_px(x, y)) + self._corner

    @property
    def target(self) -> QWidget:
        """The widget that gets the mouse."""
        found: QWidget = self.plot.viewport()
        return found

    # ------------------------------------------------------------------ mouse and keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Gestures, the legend and the crosshair first; what they leave pans and zooms."""
        try:
            return self._filtered(watched, event)
        except Exception as error:  # noqa: BLE001 (raised out of an event filter it would end the program)
            self.failed(error)
            return True

    def _filtered(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            return self._mouse(self._local(event))
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.plot:
            return self.desk.key(self, event)
        if isinstance(event, QContextMenuEvent):
            if event.reason() != QContextMenuEvent.Reason.Mouse:  # the mouse zooms with its right button
                self.menu_asked.emit(event.globalPos())
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return False

    def _local(self, event: QMouseEvent) -> QMouseEvent:
        at = event.position() - self._corner
        return QMouseEvent(event.type(), at, event.globalPosition(), event.button(), event.buttons(), event.modifiers())

    def _mouse(self, event: QMouseEvent) -> bool:
        kinds: Mapping[QEvent.Type, Any] = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseMove: self._drag,
            QEvent.Type.MouseButtonRelease: self._let_go,
            QEvent.Type.MouseButtonDblClick: self._double,
        }
        return bool(kinds[event.type()](event)) if event.type() in kinds else False

    def _press(self, event: QMouseEvent) -> bool:
        self.plot.setFocus(Qt.FocusReason.MouseFocusReason)
        key = self._named(event)
        if key:
            self.toggle(key)
            return True
        taken = self.desk.press(self, event)
        self._right = event.position() if event.button() == Qt.MouseButton.RightButton and not taken else None
        return taken

    def _let_go(self, event: QMouseEvent) -> bool:
        pressed, self._right = self._right, None
        if pressed is not None and (event.position() - pressed).manhattanLength() < QApplication.startDragDistance():
            self.menu_asked.emit(event.globalPosition().toPoint())
        if self.desk.release():
            self._settle.start()
        return False

    def _drag(self, event: QMouseEvent) -> bool:
        self._hover(event.position() if event.buttons() == Qt.MouseButton.NoButton else None)
        return self.desk.drag(self, event)

    def _double(self, event: QMouseEvent) -> bool:
        if not self._named(event) and not self.desk.double(self, event):
            self.follow()
        return True

    def _named(self, event: QMouseEvent) -> str:
        """The key of the legend's entry under the mouse, "" for none."""
        return self.legend.entry_at(event.position() + self._corner)

    def _hover(self, at: QPointF | None) -> None:
        if at != self.mouse:
            self.mouse = at
            self.overlay.renew()

    @property
    def hidden(self) -> set[str]:
        """The keys of what is switched off."""
        return {key for mark in self.marks for key in mark.hidden}

    def switch_off(self, keys: Iterable[str]) -> None:
        """Switches just these off."""
        wanted = set(keys)
        for mark in self.marks:
            mark.hidden = set(wanted)
            mark.refresh()
        self._arrange()
        self.fit()
        self.legend.update()

    def toggle(self, key: str) -> None:
        """Switches a line of the legend off or on."""
        self.switch_off(self.hidden ^ {key})

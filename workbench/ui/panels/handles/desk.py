"""The gestures of a panel: who gets a press, what the keys move, and one message per frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from workbench.tool import Handle
from workbench.ui.panels.handles.base import Gesture, Pair, Surface, nearest
from workbench.ui.panels.handles.cells import MaskGesture, SelectGesture
from workbench.ui.panels.handles.places import KnotsGesture, PointGesture, VectorGesture
from workbench.ui.panels.handles.spans import BarsGesture, LevelGesture, RangeGesture
from workbench.ui.panels.look import Look

FRAME = 33
"""Milliseconds between two values of a handle that is dragged."""
GESTURES: Mapping[str, type[Any]] = {
    "point": PointGesture, "vector": VectorGesture, "bars": BarsGesture, "knots": KnotsGesture,
    "mask": MaskGesture, "select": SelectGesture, "range": RangeGesture, "level": LevelGesture,
}  # fmt: skip
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip
_STEP, _LEAP = 0.01, 0.1
"""Shares of what is visible that an arrow key moves by, and with Shift."""


class HandleDesk(QObject):
    """Routes mouse and keys of a panel's surfaces to its gestures."""

    edited = Signal(str, object)
    """A parameter's path and its new value."""
    changed = Signal()
    """Something about the handles must be painted anew."""

    def __init__(self, handles: Sequence[Handle], parent: QObject) -> None:
        super().__init__(parent)
        self.gestures: list[Any] = [GESTURES[each.gesture](each) for each in handles]
        self.active: Any = None
        self.focus: tuple[Any, int] | None = None
        self._pending: dict[str, Any] = {}
        self._timer = QTimer(self, singleShot=True, interval=FRAME)
        self._timer.timeout.connect(self._tick)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """New values of the parameters; what is held is the person's, not the window's."""
        for gesture in self.gestures:
            if gesture is not self.active and gesture.handle.param not in self._pending:
                gesture.take(values.get(gesture.handle.param))
        self.changed.emit()

    def selected(self, stream: str) -> int | None:
        """What is selected of a stream."""
        chosen = [each.value for each in self.gestures if isinstance(each, SelectGesture) and each.handle.of == stream]
        return chosen[0] if chosen else None

    def places(self) -> list[Pair]:
        """What handles can be seen at; of none while one is held: what the hand moves would run away from it."""
        return [place for each in self.gestures for place in each.places()] if self.active is None else []

    def masks(self) -> list[MaskGesture]:
        """The masks, for whoever sets the size of their brush."""
        return [each for each in self.gestures if isinstance(each, MaskGesture)]

    # ------------------------------------------------------------------ mouse

    def press(self, surface: Surface, event: QMouseEvent) -> bool:
        """True when a gesture takes it. The nearest grip wins over areas, which wins over the plot's own panning."""
        at, button = event.position(), event.button()
        erase = button == Qt.MouseButton.RightButton or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return False
        for gesture in self._by_nearness(surface, at):
            if gesture.press(surface, at.x(), at.y(), erase):
                self.active = gesture
                self.focus = (gesture, gesture.held or 0)
                self._say(gesture)
                return True
        return False

    def drag(self, surface: Surface, event: QMouseEvent) -> bool:
        """True while a gesture is held."""
        if self.active is None:
            return False
        self.active.drag(surface, event.position().x(), event.position().y())
        self._say(self.active)
        return True

    def release(self) -> bool:
        """True when a gesture was let go: its last value is said at once."""
        if self.active is None:
            return False
        self.active.release()
        self.active = None
        self.flush()
        self.changed.emit()
        return True

    def double(self, surface: Surface, event: QMouseEvent) -> bool:
        """True when a gesture made something of a double click, which to most is one click more."""
        at = event.position()
        for gesture in self.gestures:
            if gesture.double(surface, at.x(), at.y()):
                self._say(gesture)
                self.flush()
                return True
        return self.press(surface, event) and self.release()

    def _by_nearness(self, surface: Surface, at: QPointF) -> list[Gesture]:
        def far(gesture: Any) -> int:
            return 0 if nearest(gesture.shown(surface), surface, at.x(), at.y()) is not None else 1

        later_first = list(reversed(self.gestures))
        later_first.sort(key=far)
        return later_first

    # ------------------------------------------------------------------ keys

    def key(self, surface: Surface, event: QKeyEvent) -> bool:
        """Arrows move the focused grip (Shift: by more), Tab goes to the next, Delete removes it."""
        pressed = Qt.Key(event.key())
        if pressed in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return self._next(surface, -1 if pressed == Qt.Key.Key_Backtab else 1)
        if self.focus is None and pressed in _ARROWS:
            self._next(surface, 1)
        if self.focus is None or not (pressed in _ARROWS or pressed in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)):
            return False
        gesture, grip = self.focus
        if grip >= gesture.stops(surface):
            return False
        if pressed in _ARROWS:
            far = _LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
            dx, dy = _ARROWS[pressed]
            gesture.nudge(surface, grip, dx * far, dy * far)
        elif not gesture.remove(grip):
            return False
        else:
            self.focus = None
        self._say(gesture)
        return True

    def _next(self, surface: Surface, way: int) -> bool:
        every = [(g, k) for g in self.gestures for k in range(g.stops(surface))]
        at = every.index(self.focus) + way if self.focus in every else (0 if way > 0 else len(every) - 1)
        self.focus = every[at] if 0 <= at < len(every) else None
        self.changed.emit()
        return self.focus is not None

    # ------------------------------------------------------------------ saying what changed

    def _say(self, gesture: Any) -> None:
        self.changed.emit()
        self._pending[gesture.handle.param] = gesture.json
        if not self._timer.isActive():
            self._emit()
            self._timer.start()

    def _tick(self) -> None:
        if self._pending:
            self._emit()
            self._timer.start()

    def flush(self) -> None:
        """Says what has not been said yet."""
        self._timer.stop()
        self._emit()

    def _emit(self) -> None:
        pending, self._pending = self._pending, {}
        for path, value in pending.items():
            self.edited.emit(path, value)

    def paint(self, painter: QPainter, surface: Surface, look: Look) -> None:
        """Draws every handle."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for gesture in self.gestures:
            focused = self.focus[1] if self.focus and self.focus[0] is gesture else None
            gesture.paint(painter, surface, look, focused)

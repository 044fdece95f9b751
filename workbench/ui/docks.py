"""A tool's panels as docks: arranged as the tool declares, moved, tabbed, floated, hidden, full screen as one likes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QChildEvent, QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import QMainWindow, QTabBar, QTabWidget

from workbench.tool import Layer, Panel
from workbench.ui.arrangement import Node, Split, complete, leaves, parse, splits
from workbench.ui.dock import Dock
from workbench.ui.remembered import as_state, as_text
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

if TYPE_CHECKING:
    from workbench.ui.panels import PanelWidget  # it imports pyqtgraph: the window has that after its first paint

Make = Callable[[Panel, Callable[[str], str]], "PanelWidget"]
Area = Qt.DockWidgetArea
log = logging.getLogger(__name__)
_VERSION = 3
_LAST, _LAST_OF_ALL = 800, 500
"""How high the row of panels that nobody declared is at most, in thousandths: of the lowest other, of all others."""
_WAYS = {"/": Qt.Orientation.Vertical, "|": Qt.Orientation.Horizontal}


class Docks(QMainWindow):
    """The panels of one page."""

    edited = Signal(str, object)
    """A handle's gesture: the parameter's path, its value."""
    led = Signal(str, object)
    """A row of a table leads to another tool: its id, and parameters of it by path."""
    said = Signal(object, object)
    """See `PanelWidget.said`."""
    looked = Signal()
    """Other panels are visible now."""
    menu_asked = Signal(object, QPoint)
    """A dock's menu is wanted, here on the screen."""

    def __init__(self, domain: str, speech: Speech, theme: Theme) -> None:
        super().__init__()
        self._domain, self._speech, self._theme = domain, speech, theme
        self._layout = ""
        self._rows: Sequence[Node] = ()
        """The declared arrangement, row by row."""
        self._put_away: set[str] = set()
        """Panels that were only put away when the window was last open."""
        self._turns = speech.turns
        self._sources: Sequence[Any] = ()
        self._made: dict[str, PanelWidget] = {}
        """Panels that have no dock yet."""
        self._grace = QTimer(self, singleShot=True)
        self._grace.timeout.connect(self._tidy)
        self.docks: dict[str, Dock] = {}
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self.setTabPosition(Area.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        speech.changed.connect(self._retranslate)

    def fill(self, panels: Sequence[Panel], layout: str, make: Make) -> None:
        """Makes the declared panels, arranged as declared."""
        for piece in self.pieces(panels, layout, make):
            piece()

    def pieces(self, panels: Sequence[Panel], layout: str, make: Make) -> Iterator[Callable[[], object]]:
        """What `fill` does, to be done in turns; until the last nothing of it is painted."""
        self._layout = layout
        for panel in panels:
            yield from (partial(self._make, panel, make), partial(self._dock, panel))
        yield from self._placing([each.id for each in panels])

    def add(self, panels: Sequence[Panel], make: Make) -> None:
        """Panels that nobody declared: below the declared ones, curves as tabs at the left, the others at the right.

        They come in turns, one of each kind first: beside tabs Qt gives no place.
        """
        kinds = [[each for each in panels if is_curves(each) == curves] for curves in (True, False)]
        ordered = [*(kind[0] for kind in kinds if kind), *(each for kind in kinds for each in kind[1:])]
        for panel in ordered:
            self._turns.put(self, partial(self._make, panel, make), partial(self._add, panel))

    def _add(self, panel: Panel) -> None:
        if panel.id in self.docks:
            self._declare(self.docks[panel.id], panel)
            return
        dock = self._dock(panel)
        if dock is None:
            return
        dock.fitted = True
        if not self.restoreDockWidget(dock):  # where it was when the window was last open, hidden perhaps
            self._append(dock)
            dock.show()
        elif panel.id in self._put_away:
            dock.show()

    def _declare(self, dock: Dock, panel: Panel) -> None:
        widget = self._made.pop(panel.id, None)
        if widget is None:
            dock.declare(panel)
        else:
            dock.replace(panel, self._wired(widget))
        self._draw_soon(dock)

    def expect(self, grace: int) -> None:
        """Other runs are looked at. grace: milliseconds after the first report until panels that show nothing of them
        are put away; each comes back with its first report. Until then everything stays where it is."""
        self._grace.stop()
        self._grace.setInterval(grace)
        for dock in self.docks.values():
            dock.reported = False

    def arrange(self) -> None:
        """The declared arrangement, docked; everything shown in which there is something to see."""
        for dock in self.docks.values():
            dock.waiting = dock.asked_for = False
            dock.setFloating(False)
            self.removeDockWidget(dock)
        for piece in self._placing([name for name, each in self.docks.items() if not each.fitted]):
            piece()
        for dock in self.docks.values():
            if dock.fitted:
                self._append(dock)
                dock.show()
        self._tidy()

    def _placing(self, names: Sequence[str]) -> list[Callable[[], object]]:
        """What gives panels their places: meanwhile the places are not computed, which every panel would cause."""
        node = complete(parse(self._layout), names)
        shown = [partial(self._show, name) for name in leaves(node)] if node is not None else []
        return [partial(self._join, names), *shown, partial(self._settle, names)]

    def _node(self, names: Sequence[str]) -> Node | None:
        """The declared arrangement of those that could be made."""
        return complete(parse(self._layout), [name for name in names if name in self.docks])

    def _join(self, names: Sequence[str]) -> None:
        node = self._node(names)
        if node is None:
            return
        self._hold(True)
        self.addDockWidget(Area.TopDockWidgetArea, self.docks[leaves(node)[0]])
        self._split(node)
        self._rows = node.parts if isinstance(node, Split) and node.way == "/" else (node,)

    def _show(self, name: str) -> None:
        if name in self.docks:
            self.docks[name].show()

    def _settle(self, names: Sequence[str]) -> None:
        self._hold(False)
        node = self._node(names)
        if node is not None:
            self._even(node)

    def _hold(self, still: bool) -> None:
        """Whether places are not computed, and nothing is painted."""
        layout = self.layout()
        if layout is not None:
            layout.setEnabled(not still)
            layout.activate()
        self.setUpdatesEnabled(not still)

    def refresh(self, sources: Sequence[Any], changed: Callable[[Panel], bool] | None = None) -> None:
        """Draws soon the visible panels for which `changed` says so; all of them without it.

        In turns, whoever has waited longest first, each what is newest then: were they drawn at once, mouse and keys
        would wait for all of them.
        """
        self._notice(sources)
        self._sources = sources
        for dock in self.docks.values():
            if changed is None or changed(dock.panel):
                self._draw_soon(dock)

    def _draw_soon(self, dock: Dock) -> None:
        if dock.shown and not dock.due:
            dock.due = True
            self._turns.put(dock, partial(self._draw, dock))

    def _draw(self, dock: Dock) -> None:
        dock.due = False
        if dock.shown:
            dock.content.show_sources(self._sources)
            dock.paint()

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Tells the panels' handles the parameters."""
        for dock in self.docks.values():
            dock.content.set_values(values)

    def visible(self) -> list[Panel]:
        """The panels that can be seen."""
        return [each.panel for each in self.docks.values() if each.shown]

    def actions_to_show(self) -> list[QAction]:
        """One for each panel: shows and hides it."""
        return [each.toggleViewAction() for each in self.docks.values()]

    # ------------------------------------------------------------------ remembered

    def save(self) -> dict[str, Any]:
        """The arrangement, and what the panels keep of theirs."""
        panels = {name: state for name, each in self.docks.items() if (state := each.content.save_state())}
        away = [name for name, each in self.docks.items() if each.waiting]
        return {"docks": as_text(self.saveState(_VERSION)), "panels": panels, "away": away}

    def restore(self, state: Any) -> None:
        """The reverse of `save`; what does not fit leaves the declared arrangement, and panels as they are."""
        state = state if isinstance(state, dict) else {}
        panels, away = state.get("panels"), state.get("away")
        for name, each in panels.items() if isinstance(panels, dict) else ():
            if name in self.docks:
                self._restore_panel(self.docks[name].content, each)
        docks = state.get("docks")
        if docks and not self.restoreState(as_state(docks), _VERSION):
            self.arrange()
        self._put_away = {each for each in away if isinstance(each, str)} if isinstance(away, list) else set()
        for name in self._put_away & set(self.docks):
            self.docks[name].show()

    def _restore_panel(self, panel: PanelWidget, state: Any) -> None:
        try:
            panel.restore_state(state)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            log.warning("panel %s does not know %r: %r", panel.panel.id, state, error)

    # ------------------------------------------------------------------ panels without anything to see

    def _notice(self, sources: Sequence[Any]) -> None:
        """Looks whether panels have got their first report."""
        left = [each for each in self.docks.values() if not each.reported]
        if not left or not sources:
            return
        streams = {name for source in sources for name in source.streams()}
        series = {name for source in sources for name in source.series()}
        came = [each for each in left if each.content.reported(streams, series)]
        for dock in came:
            dock.reported = True
        for dock in came:
            self._bring_back(dock)
        if came and not self._grace.isActive():
            self._grace.start()

    def _bring_back(self, dock: Dock) -> None:
        """Shows a dock that was put away, as large as it was; of tabs the one that is looked at stays in front."""
        if not dock.waiting:
            return
        before = {each: each.size() for each in self.docks.values() if each.shown and not each.isFloating()}
        dock.bring_back()
        front = next((each for each in before if each in self.tabifiedDockWidgets(dock)), None)
        if front is not None:
            front.raise_()
            return
        wide, high = (dock.room.width(), self.width()), (dock.room.height(), self.height())
        for way, (part, whole), sizes in (
            (Qt.Orientation.Horizontal, wide, [each.width() for each in before.values()]),
            (Qt.Orientation.Vertical, high, [each.height() for each in before.values()]),
        ):
            left = [max(1, round(size * (whole - part) / max(whole, 1))) for size in sizes]
            self.resizeDocks([*before, dock], [*left, part], way)

    def _tidy(self) -> None:
        """Puts away what shows nothing, once something else does."""
        if any(each.reported for each in self.docks.values()):
            heights = {each: each.height() for each in self.docks.values() if each.shown and not each.isFloating()}
            rooms = {dock: self._room(dock) for dock in self.docks.values()}
            for dock, room in rooms.items():
                dock.put_away(room)
            if any(each.waiting for each in heights):
                self._share(heights)

    def _room(self, dock: Dock) -> QSize:
        """How large a dock is, or the one in front of it: what lies behind another was never laid out."""
        front = (each for each in self.tabifiedDockWidgets(dock) if isinstance(each, Dock) and each.shown)
        return (dock if dock.shown else next(front, dock)).size()

    def _share(self, heights: Mapping[Dock, int]) -> None:
        """The rows that are left divide the height as they did before: Qt would give what is free to one of them."""
        rows = [[self.docks[name] for name in leaves(row)] for row in self._rows]
        fitted = [each for each in self.docks.values() if each.fitted]
        before = [[each for each in row if each in heights] for row in (*rows, fitted)]
        left = [[each for each in row if not each.waiting] for row in before]
        heads = [row[0] for row in left if row]
        high, room = [heights[each] for each in heads], sum(heights[row[0]] for row in before if row)
        if len(heads) > 1:
            if heads[-1].fitted:  # it has come just now
                high[-1] = max(high[-1], _last(high[:-1]))
            self.resizeDocks(heads, [each * room // sum(high) for each in high], Qt.Orientation.Vertical)

    # ------------------------------------------------------------------ inside

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Shown again, each panel is drawn and painted in a turn of its own."""
        super().hideEvent(event)
        for dock in self.docks.values():
            dock.content.setUpdatesEnabled(dock.content.window() is not self.window())  # it floats, or fills the screen

    def childEvent(self, event: QChildEvent) -> None:  # noqa: N802 - Qt's name
        """Names on tabs are never cut: those that have no room are scrolled to."""
        if event.type() == QEvent.Type.ChildPolished and isinstance(tabs := event.child(), QTabBar):
            tabs.setElideMode(Qt.TextElideMode.ElideNone)
            tabs.setUsesScrollButtons(True)
        super().childEvent(event)

    def _make(self, panel: Panel, make: Make) -> None:
        """A panel, without its dock, unless there is one that shows such streams. It is not painted before it is drawn,
        in a turn of its own."""
        if panel.id not in self.docks or not same_form(self.docks[panel.id].panel, panel):
            self._made[panel.id] = widget = make(panel, self._speech.of(self._domain))
            widget.setUpdatesEnabled(False)

    def _dock(self, panel: Panel) -> Dock | None:
        """A panel that was made, in a dock, not arranged yet; None for one that could not be made, as was said."""
        widget = self._made.pop(panel.id, None)
        if widget is None:
            return None
        parts = self._speech.parts
        made = Dock(panel, self._wired(widget), self._domain, self._speech, self._theme)
        dock = parts.letter(parts.paint(made))
        dock.menu_asked.connect(partial(self.menu_asked.emit, dock))
        dock.visibilityChanged.connect(lambda _: self.looked.emit())
        self.docks[panel.id] = dock
        return dock

    def _wired(self, widget: PanelWidget) -> PanelWidget:
        widget.edited.connect(self.edited)
        widget.led.connect(self.led)
        widget.said.connect(self.said)
        return widget

    def _append(self, dock: Dock) -> None:
        """Into a row of its own below all others, in which those of a kind are tabs."""
        placed = [each for each in self.docks.values() if each.fitted and each is not dock and self._lies(each)]
        alike = [each for each in placed if is_curves(each.panel) == is_curves(dock.panel)]
        if alike:
            front = next((each for each in alike if each.shown), alike[0])
            self.tabifyDockWidget(alike[-1], dock)
            front.raise_()
        elif placed:
            self.splitDockWidget(placed[0], dock, Qt.Orientation.Horizontal)
            self.resizeDocks([placed[0], dock], [1000, 1000], Qt.Orientation.Horizontal)
        else:
            before = [(split, self._sizes(split)) for row in self._rows for split in splits(row)]
            self.addDockWidget(Area.TopDockWidgetArea, dock, Qt.Orientation.Vertical)
            dock.show()
            rows = [self.docks[leaves(row)[0]] for row in self._rows]
            high = [1000] * len(rows)
            self.resizeDocks([*rows, dock], [*high, _last(high)], Qt.Orientation.Vertical)
            self._keep(before)

    def _keep(self, before: Sequence[tuple[Split, Mapping[Dock, int]]]) -> None:
        """Rows are of another height: their parts share it as they did. Qt may have taken from some of them alone."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        for split, sizes in before:
            room = sum(self._sizes(split).values())
            shares = [max(1, size * room // sum(sizes.values())) for size in sizes.values()]
            self.resizeDocks(list(sizes), shares, _WAYS[split.way])

    def _sizes(self, split: Split) -> dict[Dock, int]:
        """A dock of each part, one in front if any, and how large it is in the direction in which they are parted."""
        parts = [[self.docks[name] for name in leaves(part)] for part in split.parts]
        docks = [next((each for each in part if each.shown), part[0]) for part in parts]
        wide = _WAYS[split.way] == Qt.Orientation.Horizontal
        return {each: max(1, each.width() if wide else each.height()) for each in docks}

    def _lies(self, dock: Dock) -> bool:
        """Whether it has a place among the others."""
        return self.dockWidgetArea(dock) != Area.NoDockWidgetArea and not dock.isFloating()

    def _split(self, node: Node) -> None:
        """Parts the place of the node's first panel, which is there already, among its parts."""
        if isinstance(node, str):
            return
        firsts = [self.docks[leaves(part)[0]] for part in node.parts]
        for before, dock in pairwise(firsts):
            if node.way == ",":
                self.tabifyDockWidget(before, dock)
            else:
                self.splitDockWidget(before, dock, _WAYS[node.way])
        for part in node.parts:
            self._split(part)

    def _even(self, node: Node) -> None:
        """Gives the parts of every split the same room; of tabs the first is in front."""
        if not isinstance(node, Split):
            return
        if node.way == ",":
            self.docks[leaves(node)[0]].raise_()
        else:
            firsts = [self.docks[leaves(part)[0]] for part in node.parts]
            self.resizeDocks(firsts, [1000] * len(firsts), _WAYS[node.way])
        for part in node.parts:
            self._even(part)

    def _retranslate(self) -> None:
        self._turns.put(self, *(each.content.retranslate for each in self.docks.values()))


def _last(high: Sequence[int]) -> int:
    """The height of the row below rows of these heights."""
    return max(1, min(_LAST * min(high, default=1), _LAST_OF_ALL * sum(high)) // 1000)


def same_form(panel: Panel, other: Panel) -> bool:
    """Whether the widget of one can show the other: a canvas is made for the kinds of its layers."""
    return panel.kind == other.kind and _layers(panel) == _layers(other)


def _layers(panel: Panel) -> set[str]:
    return {part.kind for part in panel.parts if isinstance(part, Layer)}


def is_curves(panel: Panel) -> bool:
    """Whether a panel shows scalars."""
    return any(getattr(part, "kind", "") == "scalars" for part in panel.parts)

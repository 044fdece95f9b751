"""Every gesture, by real mouse and key events; what the panel says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.tool import Handle, Layer, Panel
from workbench.ui.panels import make_panel
from workbench.ui.panels.handles.base import Surface, rounded
from workbench.ui.panels.handles.desk import GESTURES
from workbench.ui.panels.images import ImagesPanel
from workbench.ui.panels.plot.panel import PlotPanel

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier
Place = tuple[float, float]


class Hand:
    """A person at a panel: places are data coordinates."""

    def __init__(self, qtbot: QtBot, panel: Panel, source: Fake, values: dict[str, Any]) -> None:
        self.panel = make_panel(panel, str)
        qtbot.addWidget(self.panel)
        self.said: list[tuple[str, Any]] = []
        self.panel.edited.connect(lambda path, value: self.said.append((path, value)))
        self.panel.resize(500, 400)
        self.panel.apply_theme(False)
        self.panel.show()
        self.panel.show_sources([source])
        self.panel.set_values(values)
        qtbot.waitExposed(self.panel)
        qtbot.wait(20)

    @property
    def surface(self) -> Any:
        if isinstance(self.panel, PlotPanel):
            return self.panel.canvases.widgets[0]
        assert isinstance(self.panel, ImagesPanel)
        return self.panel.mosaics.widgets[0]

    @property
    def target(self) -> QWidget:
        found: QWidget = self.surface.target if isinstance(self.panel, PlotPanel) else self.surface
        return found

    def at(self, place: Place) -> QPoint:
        if isinstance(self.panel, PlotPanel):
            found: QPoint = self.surface.widget_px(*place).toPoint()
            return found
        return QPointF(*self.surface.to_px(*place)).toPoint()

    def drag(self, *places: Place, button: Qt.MouseButton = LEFT, release: bool = True) -> None:
        QTest.mousePress(self.target, button, NONE, self.at(places[0]))
        for place in places[1:]:
            QTest.mouseMove(self.target, self.at(place))
        if release:
            QTest.mouseRelease(self.target, button, NONE, self.at(places[-1]))

    def click_again(self, place: Place, button: Qt.MouseButton) -> None:
        """The second press of a double click."""
        at = QPointF(self.at(place))
        everywhere = QPointF(self.target.mapToGlobal(at))
        event = QMouseEvent(QEvent.Type.MouseButtonDblClick, at, everywhere, button, button, NONE)
        QApplication.sendEvent(self.target, event)

    def key(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        widget = self.surface.plot if isinstance(self.panel, PlotPanel) else self.surface
        for key in keys:
            QTest.keyClick(widget, key, modifier)

    @property
    def last(self) -> Any:
        path, value = self.said[-1]
        assert path == "p"
        json.dumps(value)
        return value


Make = Callable[..., Hand]


@pytest.fixture
def hand(qtbot: QtBot) -> Make:
    """`hand(gesture, value)`: a panel with this handle on the parameter p."""

    def make(gesture: Any, value: Any, layers: Sequence[Layer] = (), source: Fake | None = None, of: str = "") -> Hand:
        source = source or Fake().put("points", "plane", [[-2, -2], [2, 2], [0, 0]])
        parts: tuple[Layer | Handle, ...] = (*(layers or (Layer("points", "plane"),)), Handle(gesture, "p", of))
        return Hand(qtbot, Panel("x", parts=parts), source, {"p": value})

    return make


def near(place: Any, within: float = 0.05) -> Any:
    return pytest.approx(place, abs=within)


def test_a_point_is_dragged(hand: Make) -> None:
    person = hand("point", [0.5, 0.5])
    person.drag((0.5, 0.5), (1, -0.5), (1.5, -1))
    assert person.last == near([1.5, -1])


def test_one_of_several_points_is_dragged(hand: Make) -> None:
    person = hand("point", [[0, 0], [1, 1]])
    person.drag((1, 1), (-1, 1))
    assert person.last == [near([0, 0]), near([-1, 1])]


def test_vectors_are_dragged_at_their_tips_and_the_whole_list_is_set(hand: Make) -> None:
    person = hand("vector", ((1.6, 0.2), (0.9, 1.3)))
    person.drag((0.9, 1.3), (-1, 1))
    assert person.last == [near([1.6, 0.2]), near([-1, 1])]
    single = hand("vector", (1.5, 1.2))
    single.drag((1.5, 1.2), (0, 1))
    assert single.last == near([0, 1])


@pytest.mark.parametrize(
    ("gesture", "value", "places"),
    [
        ("point", [[0, 0], [7, -9]], [(7, -9)]),
        ("vector", [7, -9], [(7, -9)]),
        ("knots", [[-5, 0], [7, 9]], [(-5, 0), (7, 9)]),
    ],
)
@pytest.mark.parametrize("log", ["", "x"])
def test_handles_are_in_sight_wherever_the_data_is(hand: Make, gesture: Any, value: Any, places: Any, log: str) -> None:
    person = hand(gesture, value)
    if log:
        person.surface.set_log(True, False)
    inside = person.surface.view
    seen = [(x, y) for x, y in places if x > 0 or not log]
    assert all(0 < px < inside.width and 0 < py < inside.height for px, py in (person.surface.to_px(*p) for p in seen))


def test_a_range_that_the_person_has_set_does_not_follow_handles(hand: Make) -> None:
    person = hand("point", [0.5, 0.5])
    person.surface.set_range((-1, 1, -1, 1))
    person.panel.set_values({"p": [7, -9]})
    assert person.surface.visible() == near((-1, 1, -1, 1))


def test_a_handle_that_is_dragged_out_of_sight_comes_back_when_it_is_let_go(hand: Make) -> None:
    person = hand("point", [0.5, 0.5])
    before = person.surface.visible()
    person.drag((0.5, 0.5), (4, 1), release=False)
    assert person.surface.visible() == before
    QTest.mouseRelease(person.target, LEFT, NONE, person.at((4, 1)))
    assert person.surface.visible()[1] > 4


@pytest.mark.parametrize(
    ("gesture", "value", "way"),
    [
        ("point", [0.5, 0.5], ((0.5, 0.5), (1.234, -0.777))),
        ("vector", [0.5, 0.5], ((0.5, 0.5), (1.234, -0.777))),
        ("knots", [[-1, 0], [0.5, 0.5]], ((0.5, 0.5), (1.234, -0.777))),
        ("range", [-1.3333333333, 0.1], ((-0.5, 0.5), (0.234, -0.777))),
        ("level", 0.5, ((0.3, 0.5), (0.3, -0.777))),
        ("bars", [0.5, 0.2, 0.1], ((0, 0.3), (1, 0.777), (2, 0.111))),
    ],
)
def test_what_is_dragged_has_no_more_digits_than_pixels_tell(hand: Make, gesture: str, value: Any, way: Any) -> None:
    person = hand(gesture, value)
    person.drag(*way)
    said = np.ravel(person.last).tolist()
    assert said != np.ravel(value).tolist()
    assert max(len(repr(each).partition(".")[2]) for each in said) <= 4, said


def test_digits_follow_the_visible_range() -> None:
    for scale, digits in ((1e-6, 10), (1.0, 4), (1e6, -2)):
        x, y = rounded(cast(Surface, Scaled(scale)), 1.23456789 * scale, -9.87654321 * scale)
        assert (x, y) == (round(1.23456789 * scale, digits), round(-9.87654321 * scale, digits))


class Scaled:
    """A surface whose pixels are 6 thousandths of a scale wide."""

    def __init__(self, scale: float) -> None:
        self.pixel = 0.006 * scale

    def to_px(self, x: float, y: float) -> Place:
        return x / self.pixel, -y / self.pixel

    def from_px(self, px: float, py: float) -> Place:
        return px * self.pixel, -py * self.pixel


def test_of_two_handles_the_nearer_is_held(qtbot: QtBot) -> None:
    panel = Panel("x", parts=(Layer("points", "plane"), Handle("level", "q"), Handle("point", "p")))
    source = Fake().put("points", "plane", [[-2, -2], [2, 2]])
    person = Hand(qtbot, panel, source, {"p": [0, 0], "q": 0.0})
    person.drag((0, 0), (1, 1))
    assert {path for path, _ in person.said} == {"p"}
    person.drag((-1, 0), (-1, 1))
    assert person.said[-1] == ("q", near(1))


BARS = (Layer("bars", "b"),)


def bars(count: int = 5) -> Fake:
    return Fake().put("bars", "b", np.ones(count))


def test_bars_are_drawn_over_as_many_as_the_mouse_passes(hand: Make) -> None:
    person = hand("bars", [1, 1, 1, 1, 1], BARS, bars())
    person.drag((0, 0.2), (1, 0.4), (4, 0.8))
    assert person.last == near([0.2, 0.4, 0.4 + 0.4 / 3, 0.4 + 0.8 / 3, 0.8])


def test_knots_are_dragged_added_and_removed(hand: Make) -> None:
    person = hand("knots", [[-2, 0], [0, 1], [2, 0]])
    person.drag((0, 1), (0.5, 0.5), (5, -1))
    assert person.last == [[-2, 0], near([2, -1]), [2, 0]]
    person = hand("knots", [[-2, 0], [2, 0]])
    QTest.mouseDClick(person.target, LEFT, NONE, person.at((1, 1)))
    assert person.last == [[-2, 0], near([1, 1]), [2, 0]]
    person.drag((1, 1), button=RIGHT)
    assert person.last == [[-2, 0], [2, 0]]
    person.drag((-2, 0), button=RIGHT)
    assert person.last == [[-2, 0], [2, 0]]


def test_a_range_is_dragged_at_its_edges_and_in_the_middle(hand: Make) -> None:
    person = hand("range", [-1, 1])
    person.drag((1, -1), (1.5, -1))
    assert person.last == near([-1, 1.5])
    person.drag((0, 1), (0.4, 1))
    assert person.last == near([-0.6, 1.9])
    person.drag((-0.6, 0), (3, 0))
    assert person.last == near([1.9, 1.9])


def test_a_level_is_dragged(hand: Make) -> None:
    person = hand("level", 0.5)
    person.drag((-1.5, 0.5), (0, 1))
    assert person.last == near(1)


FIELD = (Layer("field", "f"),)


def field() -> Fake:
    return Fake().put("field", "f", np.random.default_rng(0).random((8, 8)), (0, 8), (0, 8))


def test_a_mask_is_painted_over_a_field_and_erased(hand: Make) -> None:
    person = hand("mask", [], FIELD, field(), "f")
    person.panel.strip.brush.setValue(40)  # type: ignore[attr-defined]
    person.drag((0.5, 0.5), (6.5, 0.5))
    assert np.array(person.last).shape == (8, 8)
    assert person.last[0] == [1] * 7 + [0]
    assert sum(map(sum, person.last)) == 7
    person.drag((2.5, 0.5), button=RIGHT)
    assert person.last[0] == [1, 1, 0, 1, 1, 1, 1, 0]


def test_a_second_quick_click_is_a_click_and_is_said(hand: Make) -> None:
    person = hand("mask", np.ones((8, 8)).tolist(), FIELD, field(), "f")
    person.panel.strip.brush.setValue(40)  # type: ignore[attr-defined]
    person.click_again((2.5, 0.5), RIGHT)
    assert person.last[0] == [1, 1, 0, 1, 1, 1, 1, 1]
    person.click_again((2.5, 0.5), LEFT)
    assert person.last[0] == [1] * 8
    person = hand("select", None, BARS, bars(), of="b")
    person.click_again((3, 0.5), LEFT)
    assert person.last == 3


def test_a_mask_is_painted_over_an_image(qtbot: QtBot) -> None:
    source = Fake().put("images", "i", np.zeros((1, 6, 6)))
    person = Hand(
        qtbot, Panel("x", "images", "i", parts=(Handle("mask", "p", "i"),)), source, {"p": np.zeros((6, 6)).tolist()}
    )
    person.panel.desk.masks()[0].brush = 1  # type: ignore[attr-defined]
    person.drag((0.5, 1.5), (5.5, 1.5))
    assert person.last == [[0] * 6, [1] * 6, *[[0] * 6] * 4]


def test_an_image_a_point_and_a_bar_are_selected(hand: Make, qtbot: QtBot) -> None:
    source = Fake().put("images", "i", np.random.default_rng(0).random((9, 8, 8)))
    person = Hand(qtbot, Panel("x", "images", "i", parts=(Handle("select", "p", "i"),)), source, {"p": None})
    middle = person.surface.tile(4).center()
    QTest.mouseClick(person.target, LEFT, NONE, middle.toPoint())
    assert person.last == 4
    assert person.surface.chosen == 4
    person.key(Qt.Key.Key_Right, Qt.Key.Key_Right)
    person.panel.desk.flush()  # type: ignore[attr-defined]
    assert person.last == 6
    person = hand("select", -1, of="plane")
    person.drag((2, 2))
    assert person.last == 1
    person = hand("select", None, BARS, bars(), of="b")
    person.drag((3, 0.5))
    assert person.last == 3


def test_what_is_selected_is_marked_in_a_run_that_comes_beside(qtbot: QtBot) -> None:
    images = [Fake(str(k), k).put("images", "i", np.zeros((4, 8, 8))) for k in range(2)]
    shown = Hand(qtbot, Panel("x", "images", "i", parts=(Handle("select", "p", "i"),)), images[0], {"p": 2}).panel
    shown.show_sources(images)
    assert isinstance(shown, ImagesPanel)
    assert [each.chosen for each in shown.mosaics.widgets] == [2, 2]
    points = [Fake(str(k), k).put("points", "s", np.eye(2)) for k in range(2)]
    panel = Panel("x", parts=(Layer("points", "s"), Handle("select", "p", "s")))
    plot = Hand(qtbot, panel, points[0], {"p": 1}).panel
    plot.show_sources(points)
    assert isinstance(plot, PlotPanel)
    assert [mark.chosen for canvas in plot.canvases.widgets for mark in canvas.marks] == [1, 1]


@pytest.mark.parametrize(
    ("gesture", "value", "said"),
    [
        ("point", [[-1, 1], [0, 2], [10, 1]], [[-1, 1], [0, 2], [100, 2]]),
        ("knots", [[-1, 1], [10, 1]], [[-1, 1], [100, 2]]),
        ("range", [-1, 10], [-1, 100]),
    ],
)
def test_what_a_log_axis_cannot_show_keeps_no_other_grip_from_being_held(
    hand: Make, gesture: str, value: Any, said: Any
) -> None:
    source = Fake().put("points", "plane", [[1, 0], [1000, 3]])
    person = hand(gesture, value, source=source)
    person.surface.set_log(True, False)
    person.drag((10, 1), (100, 2))
    assert np.array(person.last) == pytest.approx(np.array(said), rel=0.03)


def test_a_grip_that_is_nowhere_is_not_held(hand: Make) -> None:
    person = hand("point", [[10, -1], [500, 10]], source=Fake().put("points", "plane", [[1, 1], [1000, 1000]]))
    person.surface.set_log(True, True)
    person.drag((10, 10), (20, 20))
    assert person.said == []


def test_while_dragged_it_says_once_per_frame(hand: Make, qtbot: QtBot) -> None:
    person = hand("point", [0.0, 0.0])
    person.drag((0, 0), *[(k / 100, k / 100) for k in range(100)], release=False)
    assert len(person.said) < 20
    qtbot.wait(120)
    said = len(person.said)
    assert person.last == near([0.99, 0.99])
    qtbot.wait(120)
    assert len(person.said) == said
    person.panel.set_values({"p": [9, 9]})
    assert person.surface.desk.gestures[0].json == near([0.99, 0.99]), "what is held is the person's"
    QTest.mouseRelease(person.target, LEFT, NONE, person.at((0.99, 0.99)))
    person.panel.set_values({"p": [1, 0]})
    assert person.surface.desk.gestures[0].json == [1, 0]


def test_keys_choose_and_move_a_grip(hand: Make) -> None:
    person = hand("vector", [[1.0, 0.0], [0.0, 1.0]])
    x0, x1, y0, y1 = person.surface.extent()
    person.key(Qt.Key.Key_Tab, Qt.Key.Key_Right)
    assert person.last == [near([1 + 0.01 * (x1 - x0), 0], 1e-6), [0, 1]]
    person.key(Qt.Key.Key_Tab)
    person.key(Qt.Key.Key_Up, modifier=Qt.KeyboardModifier.ShiftModifier)
    person.panel.desk.flush()  # type: ignore[attr-defined]
    assert person.last[1] == near([0, 1 + 0.1 * (y1 - y0)], 1e-6)
    person.key(Qt.Key.Key_Tab)
    assert person.surface.desk.focus is None, "after the last grip the focus goes on"


def test_a_knot_is_removed_by_key(hand: Make) -> None:
    person = hand("knots", [[-2, 0], [0, 1], [2, 0]])
    person.key(Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Delete)
    assert person.last == [[-2, 0], [2, 0]]


def test_beside_the_handles_the_plot_is_panned_and_zoomed(hand: Make) -> None:
    person = hand("point", [0.0, 0.0])
    before = person.surface.visible()
    person.drag((1.5, 1), (1.2, 0.8), (1, 0.5))
    assert person.said == []
    assert person.surface.visible() != before
    assert not person.surface.auto
    QTest.mouseDClick(person.target, LEFT, NONE, person.at((1.5, 1)))
    assert person.surface.auto


def test_a_click_in_the_legend_hides_a_curve(qtbot: QtBot) -> None:
    source = Fake().scalars(s__a=np.arange(30.0), s__b=np.arange(30.0) * 2)
    person = Hand(qtbot, Panel("x", parts=(Layer("scalars", "s"),)), source, {})
    person.panel.grab()
    (rect, entry, _), *_ = person.surface.legend.rows
    QTest.mouseClick(person.target, LEFT, NONE, person.surface.legend.mapToScene(rect.center()).toPoint())
    assert person.surface.marks[0].hidden == {entry.key}


@pytest.mark.parametrize("gesture", GESTURES)
@pytest.mark.parametrize("value", [None, "x", [], {}, [[[]]], [1, "a"], True, float("nan")])
def test_values_that_are_nothing_to_hold_are_passed_over(hand: Make, gesture: str, value: Any) -> None:
    person = hand(gesture, value, (*BARS, *FIELD), bars().put("field", "f", np.ones((4, 4)), (0, 4), (0, 4)), of="f")
    person.panel.grab()
    person.key(Qt.Key.Key_Tab, Qt.Key.Key_Left, Qt.Key.Key_Delete)
    person.drag((1, 0.5), (2, 0.6))
    assert person.panel.complaint == ""


def test_the_crosshair_tells_values(qtbot: QtBot) -> None:
    source = Fake().scalars(s__a=np.full(30, 2.5), s__b=np.full(30, 7.5))
    person = Hand(qtbot, Panel("x", parts=(Layer("scalars", "s"),)), source, {})
    QTest.mouseMove(person.target, person.at((10, 5)))
    assert person.surface.mouse is not None
    assert [value for _, value, _ in person.surface.marks[0].values(10, 5)] == ["2.5", "7.5"]
    person.panel.grab()
    assert person.panel.complaint == ""

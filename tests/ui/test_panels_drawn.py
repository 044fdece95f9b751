"""What panels draw: looked at in pixels and in what marks prepared, in one theme after the other."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.errors import UserError
from workbench.events import Event
from workbench.testing.fixtures import Lateness
from workbench.texts import T, Text, translate
from workbench.tool import Layer, Panel
from workbench.ui.panels import PanelWidget, panels_for
from workbench.ui.panels.export import save
from workbench.ui.panels.look import Look, mixed
from workbench.ui.panels.plot.canvas import Canvas
from workbench.ui.panels.plot.marks.field import FieldMark
from workbench.ui.panels.plot.panel import PlotPanel
from workbench.ui.panels.text import TextPanel

from .shown import shown

Show = Callable[..., Any]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """`show(panel, sources)`: the panel in a window, drawn."""

    def one(panel: Panel, sources: Sequence[Fake], say: Callable[[str], str] = str) -> PanelWidget:
        return shown(qtbot, panel, *sources, say=say)

    return one


def plot(*layers: Layer, **more: Any) -> Panel:
    return Panel("p", parts=layers, **more)


def canvas(widget: PanelWidget, k: int = 0) -> Canvas:
    assert isinstance(widget, PlotPanel)
    return widget.canvases.widgets[k]


def picture(widget: Any) -> QImage:
    found: QImage = widget.grab().toImage()
    return found


def count(image: QImage, colour: QColor, reach: int = 40) -> int:
    """Pixels that are nearly of a colour."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    wanted = np.array([colour.blue(), colour.green(), colour.red()])
    return int((np.abs(pixels[..., :3].astype(int) - wanted).max(-1) <= reach).sum())


KINDS: dict[str, Callable[[Fake], Fake]] = {
    "scalars": lambda f: f.scalars(s__a=np.sin(np.arange(300) / 30), s__b=np.cos(np.arange(300) / 30)),
    "lines": lambda f: f.put("lines", "s", np.arange(9), np.ones((2, 9)), np.zeros((2, 9)), np.full((2, 9), 2)),
    "points": lambda f: f.put("points", "s", np.random.default_rng(0).normal(size=(300, 2))),
    "field": lambda f: f.put("field", "s", np.add.outer(np.arange(9.0), np.arange(9.0)), (-1, 1), (-1, 1)),
    "arrows": lambda f: f.put("arrows", "s", np.zeros((2, 2)), np.eye(2), labels=["v", "w"]),
    "paths": lambda f: f.put("paths", "s", np.random.default_rng(0).normal(size=(5, 20, 2))),
    "bars": lambda f: f.put("bars", "s", np.arange(1, 5), labels=["a", "b", "c", "d"]),
}


@pytest.mark.parametrize("dark", [False, True])
def test_bars_side_by_side_are_told_apart(show: Show, dark: bool) -> None:
    widget = show(plot(Layer("bars", "s")), [Fake().put("bars", "s", np.ones(20), np.linspace(0, 1, 21))])
    widget.apply_theme(dark)
    image, look, one = picture(widget), Look(dark), canvas(widget)
    row = round(one.widget_px(0, 0.5).y())
    across = range(round(one.widget_px(0, 0).x()), round(one.widget_px(1, 0).x()))
    on = [count(image.copy(x, row, 1, 1), mixed(look.colour(0), look.ground, 0.1), 3) for x in across]
    assert sum(a > b for a, b in pairwise(on)) == 20
    assert sum(on) > 0.85 * len(on)


def test_bars_of_several_runs_stand_over_their_own_labels(show: Show) -> None:
    runs = [
        Fake("A", 0).put("bars", "s", [3.0, 2.0], labels=["cat", "dog"]),
        Fake("B", 1).put("bars", "s", [9.0, 1.0, 5.0], labels=["dog", "cat", "cow"]),
    ]
    widget = show(plot(Layer("bars", "s")), runs)
    (mark,) = canvas(widget).marks
    assert mark.ticks() == [(0, "cat"), (1, "dog"), (2, "cow")]
    read = {name: value for x in (-0.1, 0.0, 1.1, 2.2) for name, value, _ in mark.values(x, 0)}
    assert read == {
        "A · s · cat": "3", "A · s · dog": "2", "B · s · cat": "1", "B · s · dog": "9", "B · s · cow": "5",
    }  # fmt: skip
    assert {(row[0], row[2], row[5]) for row in mark.gather()()[1:]} == {
        ("A", "cat", 3), ("A", "dog", 2), ("B", "dog", 9), ("B", "cat", 1), ("B", "cow", 5),
    }  # fmt: skip
    assert mark.pick(*canvas(widget).to_px(2.1, 1)) == 2
    tall = canvas(widget).widget_px(1.2, 8).toPoint()
    assert count(picture(canvas(widget)).copy(tall.x() - 1, tall.y(), 3, 3), Look().colour(1)) > 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sources", [1, 2])
def test_every_kind_of_layer_is_drawn_in_both_themes(show: Show, kind: Any, sources: int) -> None:
    widget = show(plot(Layer(kind, "s")), [KINDS[kind](Fake(f"run {k}", k)) for k in range(sources)])
    for dark in (False, True):
        widget.apply_theme(dark)
        image = picture(widget)
        look = Look(dark)
        ground = count(image, look.ground, 2)
        assert widget.complaint == ""
        assert 0.1 * image.width() * image.height() < ground + count(image, look.grid, 2) or kind == "field"
        if kind != "field":
            assert count(image, look.colour(0)) > 30
        assert count(image, look.text, 60) > 30


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_without_anything_in_it_is_drawn(show: Show, kind: Any) -> None:
    empty = {
        "scalars": lambda f: f.scalars(s=[]), "lines": lambda f: f.put("lines", "s", [], np.zeros((0, 0))),
        "points": lambda f: f.put("points", "s", np.zeros((0, 2))),
        "field": lambda f: f.put("field", "s", np.full((3, 3), np.nan), (0, 1), (0, 1)),
        "arrows": lambda f: f.put("arrows", "s", np.zeros((0, 2)), np.zeros((0, 2))),
        "paths": lambda f: f.put("paths", "s", np.zeros((0, 0, 2))), "bars": lambda f: f.put("bars", "s", []),
    }  # fmt: skip
    widget = show(plot(Layer(kind, "s")), [empty[kind](Fake())])
    picture(widget)
    assert widget.complaint == ""
    widget.show_sources([Fake()])
    assert widget.complaint == ""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_values_that_are_no_numbers_are_drawn_around(show: Show, kind: Any, bad: float) -> None:
    spoilt = np.array([1.0, bad, 2.0, 3.0])
    xy = np.stack([spoilt, spoilt[::-1]], 1)
    made = {
        "scalars": lambda f: f.scalars(s=spoilt), "lines": lambda f: f.put("lines", "s", np.arange(4), spoilt[None]),
        "points": lambda f: f.put("points", "s", xy), "field": lambda f: f.put("field", "s", xy, (0, 1), (0, 1)),
        "arrows": lambda f: f.put("arrows", "s", xy, xy), "paths": lambda f: f.put("paths", "s", xy[None]),
        "bars": lambda f: f.put("bars", "s", spoilt),
    }  # fmt: skip
    widget = show(plot(Layer(kind, "s")), [made[kind](Fake())])
    picture(widget)
    assert widget.complaint == ""


def test_several_runs_have_their_colours_and_names(show: Show) -> None:
    runs = [Fake(f"run {k}", k).scalars(loss=np.full(50, k + 1.0)) for k in range(3)]
    view = canvas(show(plot(Layer("scalars", "loss")), runs))
    entries = [entry for mark in view.marks for entry in mark.legend()]
    assert [entry.label for entry in entries] == ["run 0", "run 1", "run 2"]
    assert [entry.colour for entry in entries] == [Look().colour(k) for k in range(3)]


def test_fields_of_several_runs_lie_beside_each_other_and_zoom_together(show: Show) -> None:
    widget = show(plot(Layer("field", "s")), [KINDS["field"](Fake(f"run {k}", k)) for k in range(2)])
    first, second = canvas(widget), canvas(widget, 1)
    assert first.geometry() != second.geometry() or first.parent() is not second.parent()
    first.set_range((0.0, 0.5, 0.0, 0.5))
    first.ranged.emit(first.visible())
    assert second.visible() == pytest.approx(first.visible(), abs=0.3)
    widget.show_sources([Fake("alone")])
    assert len(widget.canvases.widgets) == 1


def test_ten_thousand_points_become_a_density(show: Show) -> None:
    view = canvas(
        show(plot(Layer("points", "s")), [Fake().put("points", "s", np.random.default_rng(0).normal(size=(10_000, 2)))])
    )
    (mark,) = view.marks
    assert (len(mark._images), len(mark._dots)) == (1, 0)  # type: ignore[attr-defined]


def test_the_range_follows_until_the_person_zooms(show: Show) -> None:
    widget = show(plot(Layer("scalars", "s")), [Fake().scalars(s=np.arange(10.0))])
    view = canvas(widget)
    assert view.visible()[1] >= 10
    view.set_range((2.0, 4.0, 1.0, 3.0))
    widget.show_sources([Fake().scalars(s=np.arange(500.0))])
    assert view.visible() == pytest.approx((2, 4, 1, 3))
    view.follow()
    assert view.visible()[1] >= 500


def test_log_axes_show_powers(show: Show) -> None:
    widget = show(plot(Layer("scalars", "s"), log="y"), [Fake().scalars(s=10.0 ** -np.arange(6))])
    _, _, low, high = canvas(widget).visible()
    assert [low, high] == pytest.approx([-5, 0], abs=0.5)
    assert canvas(widget).from_px(*canvas(widget).to_px(3, 1e-3)) == pytest.approx((3, 1e-3))


def inked(widget: PanelWidget, x0: float, x1: float) -> float:
    """The share of the columns of pixels from x0 to x1 in which the first curve is seen."""
    view, image = canvas(widget), picture(canvas(widget))
    columns = range(round(view.widget_px(x0, 1).x()), round(view.widget_px(x1, 1).x()))
    return float(np.mean([count(image.copy(x, 0, 1, image.height()), Look().colour(0), 120) > 0 for x in columns]))


@pytest.mark.parametrize("steps", [1500, 20_000])
def test_a_curve_with_zeros_in_it_is_drawn_on_a_log_axis_however_long(show: Show, steps: int) -> None:
    values = np.random.default_rng(0).uniform(0.1, 1.1, steps)
    values[::5] = 0
    widget = show(plot(Layer("scalars", "s"), log="y"), [Fake().scalars(s=values)])
    _, _, low, high = canvas(widget).visible()
    assert [low, high] == pytest.approx([-1, 0.04], abs=0.15)
    assert inked(widget, 1, steps) > 0.9


@pytest.mark.parametrize("kind", ["scalars", "lines"])
def test_on_a_log_axis_long_curves_begin_where_they_begin(show: Show, kind: Any) -> None:
    steps = np.arange(1.0, 20_001)
    values = np.where(steps == 9, -500.0, 1.0)
    source = Fake().scalars(s=values) if kind == "scalars" else Fake().put("lines", "s", steps, values)
    widget = show(plot(Layer(kind, "s"), log="x"), [source])
    x0, x1, low, _ = canvas(widget).visible()
    assert (x0, x1) == pytest.approx((0, 4.3), abs=0.3)
    assert low <= -500
    assert inked(widget, 1, 20_000) > 0.95
    down = canvas(widget).widget_px(9, -250).toPoint()
    assert count(picture(canvas(widget)).copy(down.x() - 4, down.y(), 9, 1), Look().colour(0), 120) > 0


def test_a_simplex_maps_shares_to_its_corners(show: Show) -> None:
    panel = plot(Layer("points", "s", {"corners": ["A", "B", "C"]}), space="simplex")
    view = canvas(show(panel, [Fake().put("points", "s", [[1, 0], [0, 1], [0, 0]])]))
    (ax, ay), (bx, by), (cx, cy) = (view.to_px(*each) for each in ((1, 0), (0, 1), (0, 0)))
    assert ax < cx < bx
    assert ay == by > cy
    assert np.hypot(bx - ax, by - ay) == pytest.approx(np.hypot(cx - ax, cy - ay), rel=0.01)
    assert view.from_px(*view.to_px(0.2, 0.3)) == pytest.approx((0.2, 0.3))


def test_the_scrubber_cuts_paths_short_and_moves_no_axis(show: Show) -> None:
    widget = show(plot(Layer("paths", "s")), [KINDS["paths"](Fake())])
    before, whole = canvas(widget).visible(), count(picture(widget), Look().colour(0), 90)
    assert widget.strip.time.isVisible()
    widget.strip.time.setValue(0)
    assert count(picture(widget), Look().colour(0), 90) < whole / 2
    assert canvas(widget).visible() == before


def test_levels_of_a_field_do_not_flicker(show: Show) -> None:
    field = np.add.outer(np.arange(9.0), np.arange(9.0))
    widget = show(plot(Layer("field", "s")), [Fake().put("field", "s", field, (0, 1), (0, 1))])
    (mark,) = canvas(widget).marks
    widget.show_sources([Fake().put("field", "s", field * 0.9, (0, 1), (0, 1))])
    assert (mark.low, mark.high) == (0, 16)  # type: ignore[attr-defined]
    widget.show_sources([Fake().put("field", "s", field * 0.1, (0, 1), (0, 1))])
    assert mark.high == pytest.approx(1.6)  # type: ignore[attr-defined]


def test_colours_of_another_surface_owe_nothing_to_the_one_before() -> None:
    mark, hills = FieldMark(Layer("field", "s")), np.add.outer(np.arange(9.0), np.arange(9.0))
    mark.take([Fake().put("field", "s", hills, (-1, 1), (-1, 1))])
    mark.take([Fake().put("field", "s", hills / 2, (-2, 2), (-1, 1))])
    assert (mark.low, mark.high) == (0, 8)


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4)), min_size=1, max_size=8))
def test_a_field_fills_a_quarter_of_its_levels_at_least(spans: list[tuple[float, float]]) -> None:
    mark, source = FieldMark(Layer("field", "s")), Fake()
    for low, size in spans:
        values = np.linspace(low, low + size, 9).reshape(3, 3)
        mark.take([source.put("field", "s", values, (0, 1), (0, 1))])
        assert mark.low <= values.min() < values.max() <= mark.high
        assert np.ptp(values) >= 0.25 * (mark.high - mark.low)


def dots(widget: PanelWidget) -> int:
    """How many points are drawn one by one."""
    picture(widget)
    (mark,) = canvas(widget).marks
    drawn: list[Any] = mark._dots  # type: ignore[attr-defined]
    return sum(len(polygon) for _, _, polygon, _ in drawn)


@pytest.mark.parametrize(
    "column",
    [
        np.arange(300), np.arange(300) - 150, np.arange(300, dtype=np.uint8), np.arange(300) % 2 == 0,
        np.full(300, np.nan), np.r_[np.arange(299.0), -np.inf], np.r_[np.inf, np.arange(299.0)], np.zeros(300),
    ],
    ids=["many classes", "negative", "short", "truth", "nothing", "below all", "above all", "the same"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["colour", "size"])
def test_every_point_is_drawn_whatever_its_columns_say(show: Show, column: Any, name: str) -> None:
    xy = np.random.default_rng(0).normal(size=(300, 2))
    widget = show(plot(Layer("points", "s")), [Fake().put("points", "s", xy, **{name: column})])
    assert dots(widget) == 300
    widget.show_sources([Fake().put("points", "s", xy[:0], **{name: column[:0]})])
    assert dots(widget) == 0
    assert widget.complaint == ""


def test_the_first_row_of_a_field_is_below(show: Show) -> None:
    values = np.zeros((2, 2))
    values[0] = 1
    widget = show(
        plot(Layer("field", "s", {"map": "grey", "contours": 0})), [Fake().put("field", "s", values, (0, 1), (0, 1))]
    )
    view, image = canvas(widget), picture(widget)
    places = [view.mapTo(widget, view.widget_px(0.5, y).toPoint()) for y in (0.1, 0.9)]
    below, above = (image.pixelColor(place).lightness() for place in places)
    assert (below > 200, above < 50) == (True, True)


def test_text_is_shown_as_markdown_and_translated(show: Show) -> None:
    said: dict[str, str] = {"lang": "en"}
    text = Text("No tool is called {name}.", {"name": "x"})
    source = Fake().put("text", "s", text)
    widget = show(Panel("t", "text", "s"), [source], lambda t: translate(t, said["lang"]))
    assert isinstance(widget, TextPanel)
    assert widget.pages.widgets[0].toPlainText() == "No tool is called x."
    said["lang"] = "zh_CN"
    widget.retranslate()
    assert widget.pages.widgets[0].toPlainText() == translate(text, "zh_CN")
    widget.show_sources([source.put("text", "s", "**bold**")])
    assert widget.pages.widgets[0].toPlainText() == "bold"


@pytest.mark.parametrize("text", ["x" * 1_000_000, "\x01\x02 ab" * 200_000, "词" * 50_000])
def test_a_text_of_any_length_is_shown_at_once(show: Show, text: str, lateness: Lateness) -> None:
    widget = show(Panel("t", "text", "s"), [Fake()])
    assert isinstance(widget, TextPanel)
    with lateness(0.5):
        widget.show_sources([Fake().put("text", "s", text)])
        picture(widget)
    shown = widget.pages.widgets[0].toPlainText()
    assert 50_000 <= len(shown) <= 200_000


def test_a_view_that_raises_says_so_and_comes_back(show: Show, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    widget = show(plot(Layer("bars", "s")), [KINDS["bars"](Fake())])
    (mark,) = canvas(widget).marks
    monkeypatch.setattr(mark, "draw", lambda _: 1 / 0)
    mark.refresh()
    picture(widget)
    qtbot.waitUntil(lambda: "ZeroDivisionError" in widget.complaint)
    assert "cannot be drawn" in widget.complaint
    monkeypatch.undo()
    monkeypatch.setattr("workbench.ui.panels.base._AGAIN", 0.0)
    widget.show_sources([KINDS["bars"](Fake())])
    qtbot.wait(20)
    assert widget.complaint == ""


def spoilt(source: Fake) -> Fake:
    """Bars without heights."""
    event = source.put("bars", "s", [1, 2]).frame("s")
    assert event is not None
    source.report.recorder.record(type(event)("bars", "s", 0, {}, {}))
    return source


def test_what_is_said_of_a_frame_goes_with_it(show: Show, qtbot: QtBot) -> None:
    source = spoilt(Fake())
    widget = show(plot(Layer("bars", "s")), [source])
    qtbot.waitUntil(lambda: "KeyError" in widget.complaint)
    widget.show_sources([source.put("bars", "s", [1, 2])])  # the last of its job
    qtbot.waitUntil(lambda: widget.complaint == "", timeout=3000)
    assert widget.rows()[1:]


def test_what_is_said_of_a_run_is_not_said_of_the_next(show: Show, qtbot: QtBot) -> None:
    widget = show(plot(Layer("bars", "s")), [spoilt(Fake("a"))])
    qtbot.waitUntil(lambda: "KeyError" in widget.complaint)
    widget.show_sources([Fake("b").put("bars", "s", [1, 2])])
    assert widget.complaint == ""
    widget.show_sources([spoilt(Fake("c"))])
    widget.show_sources([Fake("d").put("bars", "s", [1, 2])])
    qtbot.wait(50)
    assert widget.complaint == ""


def test_what_fails_every_time_stays_said(show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.ui.panels.base._AGAIN", 0.05)
    widget = show(plot(Layer("bars", "s")), [spoilt(Fake())])
    qtbot.waitUntil(lambda: "KeyError" in widget.complaint)
    drawn, draw = [], widget.draw

    def counted(sources: Any) -> None:
        drawn.append(sources)
        draw(sources)

    monkeypatch.setattr(widget, "draw", counted)
    for _ in range(5):
        widget.show_sources([spoilt(Fake())])
    qtbot.wait(300)
    assert len(drawn) <= 2
    assert "KeyError" in widget.complaint


def test_frames_of_a_wrong_shape_are_said(show: Show, qtbot: QtBot) -> None:
    widget = show(plot(Layer("bars", "s")), [spoilt(Fake())])
    qtbot.waitUntil(lambda: "KeyError" in widget.complaint)


@pytest.mark.parametrize(
    ("suffix", "magic"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".csv", codecs.BOM_UTF8 + b"source,")]
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_can_be_exported(show: Show, tmp_path: Any, kind: Any, suffix: str, magic: bytes) -> None:
    widget = show(plot(Layer(kind, "s")), [KINDS[kind](Fake())])
    save(tmp_path / f"x{suffix}", widget.drawn_as(suffix[1:]))
    assert (tmp_path / f"x{suffix}").read_bytes().startswith(magic)


def test_another_form_is_refused(show: Show) -> None:
    with pytest.raises(UserError, match="not as doc"):
        show(plot(Layer("bars", "s")), []).drawn_as("doc")


def test_state_is_given_back(show: Show) -> None:
    panel, source = plot(Layer("scalars", "s")), Fake().scalars(s__a=np.arange(50.0), s__b=np.arange(50.0))
    first = show(panel, [source])
    first.strip.smoothing.setValue(300)
    canvas(first).toggle(canvas(first).legend.rows[1][1].key)
    canvas(first).set_range((1.0, 2.0, 3.0, 4.0))
    state = first.save_state()
    second = show(panel, [source])
    second.restore_state(state)
    assert second.save_state() == state
    picture(second)
    assert [len(mark._drawn) for mark in canvas(second).marks] == [1]  # type: ignore[attr-defined]
    second.restore_state({"smoothing": "x", "range": [1], "hidden": 3, "log": None})


def test_panels_fit_what_nobody_declared() -> None:
    declared = [plot(Layer("scalars", "loss"), Layer("field", "score")), Panel("i", "images", "fixed")]
    streams = {"score": "field", "fixed": "images", "walk": "paths", "log": "text", "r": "rows", "x": "notice"}
    streams["map/kept"] = "rows"  # the host's own
    series = {"loss/d": 9, "loss": 9, "time/step": 9, "time/io": 9, "lr": 9, "sure": 1, "time/all": 1}
    found = panels_for(streams, series, declared)
    assert [(panel.id, panel.kind) for panel in found] == [
        ("scalars:time", "plot"), ("scalars:lr", "plot"), ("results", "results"), ("stream:walk", "plot"),
        ("stream:log", "text"), ("stream:r", "table"),
    ]  # fmt: skip
    assert [part.stream for part in found[2].parts if isinstance(part, Layer)] == ["sure", "time/all"]
    assert panels_for(streams, {"loss": 9}, [*declared, *found]) == []


def test_nothing_grows_over_five_hundred_updates(show: Show, qtbot: QtBot) -> None:
    layers = [Layer(kind, kind) for kind in ("field", "points", "arrows", "paths")]
    widget, rng = show(plot(*layers), [Fake()]), np.random.default_rng(0)

    def update() -> None:
        fake = (
            Fake()
            .put("points", "points", rng.normal(size=(50, 2)))
            .put("arrows", "arrows", rng.normal(size=(3, 2)), rng.normal(size=(3, 2)))
        )
        fake.put("field", "field", rng.random((8, 8)), (-1, 1), (-1, 1)).put(
            "paths", "paths", rng.normal(size=(3, 9, 2))
        )
        widget.show_sources([fake])
        qtbot.wait(0)

    update()
    scene = canvas(widget).plot.scene()
    before = len(scene.items()), len(widget.findChildren(object))
    for _ in range(500):
        update()
    assert (len(scene.items()), len(widget.findChildren(object))) == before
    assert widget.complaint == ""


@pytest.mark.parametrize("kind", KINDS)
def test_drawing_opens_no_file_and_never_waits(show: Show, audit: Any, qtbot: QtBot, kind: Any) -> None:
    widget = show(plot(Layer(kind, "s")), [KINDS[kind](Fake())])
    with audit():
        widget.show_sources([KINDS[kind](Fake())])
        widget.apply_theme(True)
        widget.retranslate()
        widget.drawn_as("png")
        widget.drawn_as("svg")
        qtbot.wait(20)


def test_a_panel_without_anything_to_show_says_so(show: Show) -> None:
    for panel in (plot(Layer("scalars", "s")), Panel("i", "images", "i"), Panel("t", "table", "t")):
        widget = show(panel, [Fake()], lambda text: f"<{text}>")
        assert widget._stack.currentWidget().text() == "<Nothing to show yet>"
        assert widget.complaint == ""
    widget.show_sources([Fake().put("table", "t", [{"a": 1}])])
    assert widget._stack.currentWidget() is widget._content
    widget.show_sources([Fake().put("table", "t", [])])
    assert widget._stack.currentWidget().text() == "<No rows>"


def test_its_own_words_are_translated(show: Show) -> None:
    widget = show(plot(Layer("scalars", "s")), [Fake()], lambda text: f"<{text}>")
    assert widget.strip.log_x.text() == f"<{T('Log x')}>"


def test_pictures_of_another_frame_are_drawn_anew_wherever_they_lie_in_memory(qtbot: QtBot) -> None:
    panel, source, memory = shown(qtbot, Panel("i", "images", "i")), Fake(), np.zeros((1, 8, 8), np.uint8)
    for grey in (60, 120, 180):
        memory[:] = grey  # as where the frame before it was let go of
        source._kept.events["i"] = Event("images", "i", arrays={"images": memory})
        panel.show_sources([source])
        assert panel.grab().toImage().pixelColor(panel.rect().center()).red() == grey

"""Legends hide nothing, and speak the reader's language."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from pytestqt.qtbot import QtBot

from workbench.texts import Text
from workbench.tool import Layer, Panel
from workbench.ui.panels.fitting import panels_for, pretty, spoken
from workbench.ui.panels.plot.axis import Axis
from workbench.ui.panels.plot.legend import flowing
from workbench.ui.panels.plot.marks.bars import aligned
from workbench.ui.panels.plot.panel import PlotPanel

from .shown import shown
from .sources import Fake

WORDS = {"real": "真实", "loss": "损失", "Discriminator": "判别器", "base": "基础"}


def say(text: str) -> str:
    return WORDS.get(text, text)


def plot(qtbot: QtBot, panel: Panel, *sources: Fake) -> PlotPanel:
    found = shown(qtbot, panel, *sources, say=say)
    assert isinstance(found, PlotPanel)
    return found


def names(panel: PlotPanel) -> list[str]:
    return [text for _, _, text in panel.canvases.widgets[0].legend.rows]


def curves(count: int) -> Fake:
    return Fake().scalars(**{f"loss__curve_{k}": np.full(30, float(k)) for k in range(count)})


@given(st.lists(st.floats(1, 80), max_size=20), st.floats(100, 400))
def test_entries_flow_in_rows_without_touching(widths: list[float], room: float) -> None:
    places = list(flowing(widths, room))
    assert all(x + wide <= room for (x, _), wide in zip(places, widths, strict=True))
    for ((x, row), wide), ((after, next_row), following) in pairwise(zip(places, widths, strict=True)):
        same = next_row == row and after > x + wide
        assert same or (next_row == row + 1 and after == 0 and x + wide + following > room - 12)


@pytest.mark.parametrize("count", [2, 6, 30])
def test_the_legend_stands_above_the_axes(qtbot: QtBot, count: int) -> None:
    canvas = plot(qtbot, Panel("x", parts=(Layer("scalars", "loss"),)), curves(count)).canvases.widgets[0]
    below = canvas._box.mapRectToScene(canvas._box.rect())
    above = canvas.legend.mapRectToScene(canvas.legend.boundingRect())
    assert above.height() > 0
    assert above.bottom() <= below.top()
    assert below.height() > 0.5 * canvas.height()
    inside = QRectF(0, 0, canvas.width(), canvas.height())
    assert all(inside.contains(canvas.legend.mapRectToScene(rect)) for rect, _, _ in canvas.legend.rows)
    assert len(canvas.legend.rows) + canvas.legend.more == count


@pytest.mark.parametrize("width", range(150, 500, 14))
def test_no_name_lies_under_the_number_of_those_without_room(qtbot: QtBot, width: int) -> None:
    legend = plot(qtbot, Panel("x", parts=(Layer("scalars", "loss"),)), curves(30)).canvases.widgets[0].legend
    legend.arrange(width, 90)
    assert legend.more
    number = QFontMetricsF(legend.font).horizontalAdvance(f"+{legend.more}")
    last = [rect.right() for rect, _, _ in legend.rows if rect.bottom() > legend.height - rect.height()]
    assert max(last, default=0) < legend.boundingRect().right() - 2 - number


def test_a_legend_that_is_not_needed_takes_no_room(qtbot: QtBot) -> None:
    panel = plot(qtbot, Panel("x", parts=(Layer("scalars", "loss"),)), curves(1))
    assert panel.canvases.widgets[0].legend.height == 0
    panel.show_sources([curves(5)])
    assert panel.canvases.widgets[0].legend.height > 0
    panel.show_sources([curves(1)])
    assert panel.canvases.widgets[0].legend.height == 0


def test_a_narrower_panel_has_more_rows(qtbot: QtBot) -> None:
    panel = plot(qtbot, Panel("x", parts=(Layer("scalars", "loss"),)), curves(5))
    wide = panel.canvases.widgets[0].legend.height
    panel.resize(210, 320)
    qtbot.waitUntil(lambda: panel.canvases.widgets[0].legend.height > wide, timeout=2000)


def test_the_scale_of_colours_stands_above_the_axes_too(qtbot: QtBot) -> None:
    source = Fake().put("field", "f", np.array([[-2.0, 0.5], [1.0, 3.25]]), (0, 1), (0, 1))
    panel = plot(qtbot, Panel("x", parts=(Layer("field", "f", {"map": "grey"}),)), source)
    canvas = panel.canvases.widgets[0]
    assert canvas.legend.ramp is not None
    rect, scale = canvas.legend.ramp
    assert (scale.low, scale.high) == (-2.0, 3.25)
    assert canvas.legend.mapRectToScene(rect).bottom() <= canvas._box.mapRectToScene(canvas._box.rect()).top()
    image = panel.canvases.grab().toImage()
    line = [image.pixelColor(x, round(6 + rect.center().y())).lightness() for x in range(int(rect.right()))]
    assert {*range(40, 240)} & {*line}  # between black and white, as no letter on a white ground has it
    ramp = line[line.index(min(line)) :]
    assert max(ramp) == 255


def test_names_without_room_beside_the_scale_are_counted(qtbot: QtBot) -> None:
    source = Fake().put("field", "f", np.eye(2), (0, 1), (0, 1))
    for name in "ab":
        source.put("points", name, np.zeros((2, 2)))
    layers = (Layer("field", "f"), *(Layer("points", name, {"label": 40 * name}) for name in "ab"))
    panel = plot(qtbot, Panel("x", parts=layers), source)
    panel.resize(150, 90)
    qtbot.wait(20)
    legend = panel.canvases.widgets[0].legend
    assert (legend.rows, legend.more, legend.ramp is not None) == ([], 2, True)
    panel.grab()
    assert panel.complaint == ""


LAYERS = (Layer("scalars", "loss/d", {"label": "Discriminator"}), Layer("scalars", "loss/g"), Layer("scalars", "score"))


def test_curves_are_called_in_the_readers_language(qtbot: QtBot) -> None:
    flat: Any = np.ones(3)
    source = Fake().scalars(loss__d=flat, loss__g=flat, score__real_1=flat, score__real_12=flat, score__own_name=flat)
    assert names(plot(qtbot, Panel("x", parts=LAYERS), source)) == ["判别器", "loss/g", "真实 1", "真实 12", "own name"]


def runs(*names: str) -> list[Fake]:
    flat: Any = np.ones(3)
    made = [Fake(name, k) for k, name in enumerate(("d3ot", "ring"))]
    return [each.scalars(**dict.fromkeys(names, flat)) for each in made]


def alike(*labels: str) -> list[Fake]:
    """Runs that differ in their names alone."""
    made = [Fake(label, k).scalars(s=np.ones(3)) for k, label in enumerate(labels)]
    return [each.put("lines", "l", np.arange(3.0), np.ones((1, 3))).put("bars", "b", np.ones(3)) for each in made]


@pytest.mark.parametrize("kind", ["scalars", "lines", "bars"])
def test_what_was_switched_off_among_runs_is_seen_alone_and_among_others(qtbot: QtBot, kind: Any) -> None:
    compared = alike("d3ot", "ring")
    panel = plot(qtbot, Panel("x", parts=(Layer(kind, kind[0]),)), *compared)
    canvas, (mark,) = panel.canvases.widgets[0], panel.canvases.widgets[0].marks
    both = mark.extent()
    for k in range(2):
        canvas.toggle(canvas.legend.rows[k][1].key)
    assert mark.extent() is None
    for others in (compared[:1], alike("k9fw", "p2aa")):
        panel.show_sources(others)
        assert mark.extent() is not None
    panel.show_sources(compared)
    assert (mark.extent(), len(names(panel))) == (None, 2)
    reset = panel.choices()[-1]
    assert reset.enabled
    reset.run()
    assert mark.extent() == both


def test_what_is_switched_off_can_be_switched_on_though_it_is_all_that_there_is(qtbot: QtBot) -> None:
    panel = plot(qtbot, Panel("x", parts=(Layer("scalars", "loss"),)), curves(2))
    canvas = panel.canvases.widgets[0]
    canvas.toggle(canvas.legend.rows[0][1].key)
    panel.show_sources([curves(1)])
    assert (names(panel), canvas.legend.height > 0) == (["curve 0"], True)
    assert canvas.marks[0].extent() is None
    canvas.toggle(canvas.legend.rows[0][1].key)
    assert (names(panel), canvas.legend.height) == ([], 0)
    assert canvas.marks[0].extent() is not None


@pytest.mark.parametrize("kind", ["scalars", "lines", "bars"])
def test_other_runs_that_have_the_same_data_have_their_own_names(qtbot: QtBot, kind: Any) -> None:
    panel = plot(qtbot, Panel("x", parts=(Layer(kind, kind[0]),)), *alike("d3ot", "ring"))
    panel.show_sources(alike("k9fw", "ring"))
    assert [name.partition(" ")[0] for name in names(panel)] == ["k9fw", "ring"]


def test_layers_of_several_runs_are_told_apart_by_name_and_look(qtbot: QtBot) -> None:
    layers = tuple(
        Layer("scalars", f"loss/{name[0].lower()}", {"label": name}) for name in ("Discriminator", "Generator", "R1")
    )
    panel = plot(qtbot, Panel("x", parts=layers), *runs("loss__d", "loss__g", "loss__r"))
    panel.resize(900, 500)
    qtbot.wait(20)
    entries = [entry for mark in panel.canvases.widgets[0].marks for entry in mark.legend()]
    called = ("判别器", "Generator", "R1")
    assert [each.label for each in entries] == [f"{run} · {layer}" for layer in called for run in ("d3ot", "ring")]
    assert len({each.colour.name() for each in entries}) == 6


def test_curves_are_called_after_their_runs_where_that_is_enough(qtbot: QtBot) -> None:
    assert names(plot(qtbot, Panel("x", parts=(Layer("scalars", "loss"),)), *runs("loss"))) == ["d3ot", "ring"]
    labelled = Panel("x", parts=(Layer("scalars", "loss", {"label": "Discriminator"}),))
    assert names(plot(qtbot, labelled, *runs("loss"))) == ["d3ot · 判别器", "ring · 判别器"]


@pytest.mark.parametrize(
    ("layers", "called"), [("a", ["d3ot", "ring"]), ("ab", ["d3ot · a", "ring · a", "d3ot · b", "ring · b"])]
)
def test_many_lines_of_several_layers_and_runs_are_told_apart(qtbot: QtBot, layers: str, called: list[str]) -> None:
    sources = [Fake(name, k) for k, name in enumerate(("d3ot", "ring"))]
    for source in sources:
        for name in layers:
            source.put("lines", name, np.arange(3.0), np.ones((9, 3)))
    panel = Panel("x", parts=tuple(Layer("lines", name) for name in layers))
    assert names(plot(qtbot, panel, *sources)) == called


def test_names_of_bars_and_lines_are_said_too(qtbot: QtBot) -> None:
    source = Fake().put("bars", "b", np.ones((2, 3)), names=["real", "other"])
    source.put("lines", "l", np.arange(3.0), np.ones((2, 3)), labels=["base", "1 adam"])
    panel = Panel("x", parts=(Layer("bars", "b"), Layer("lines", "l")))
    assert names(plot(qtbot, panel, source)) == ["真实", "other", "基础", "1 adam"]


def test_what_is_drawn_in_dashes_is_so_in_the_legend(qtbot: QtBot) -> None:
    source = Fake().put("lines", "l", np.arange(3.0), np.ones((1, 3)))
    source.put("arrows", "a", np.zeros((2, 2)), np.eye(2)).put("paths", "p", np.ones((2, 3, 2)))
    kinds: Any = (("lines", "l"), ("arrows", "a"), ("paths", "p"))
    for dash in (True, False):
        panel = plot(qtbot, Panel("x", parts=tuple(Layer(kind, name, {"dash": dash}) for kind, name in kinds)), source)
        assert [entry.dash for _, entry, _ in panel.canvases.widgets[0].legend.rows] == [dash] * 3


def test_names_change_with_the_language(qtbot: QtBot) -> None:
    panel = plot(qtbot, Panel("x", parts=LAYERS), Fake().scalars(loss__d=np.ones(3), loss__g=np.ones(3)))
    panel.say = panel.canvases.widgets[0].marks[0].say = str
    panel.retranslate()
    assert names(panel) == ["Discriminator", "loss/g"]


def test_bars_after_their_layer_are_called_in_the_language_that_is_spoken(qtbot: QtBot) -> None:
    source = Fake().put("bars", "b", np.ones((2, 3)), labels=["real", "loss", "x"])
    panel = plot(qtbot, Panel("x", parts=(Layer("bars", "b", {"label": "base"}),)), source)
    assert names(panel) == ["基础 1", "基础 2"]
    panel.say = panel.canvases.widgets[0].marks[0].say = str
    panel.retranslate()
    assert names(panel) == ["base 1", "base 2"]
    assert [name for name, _, _ in panel.canvases.widgets[0].marks[0].values(0, 0)] == [
        "base 1 · real",
        "base 2 · real",
    ]


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=6), max_size=4))
def test_bars_of_one_label_have_one_place(frames: list[list[str]]) -> None:
    axis, places = aligned(frames)
    assert [[axis[k] for k in each] for each in places] == frames
    assert all(len(set(each)) == len(each) for each in map(list, places))
    assert {k for each in places for k in each} == set(range(len(axis)))
    assert all(axis.count(label) == max(each.count(label) for each in frames) for label in axis)


def test_a_number_after_a_name_is_no_part_of_it() -> None:
    assert [spoken(name, say) for name in ("real", "real_3", "real/4", "high_quality", "_3")] == [
        "真实", "真实 3", "真实 4", "high quality", " 3",
    ]  # fmt: skip


def test_streams_with_a_number_get_a_title_that_can_be_translated() -> None:
    panel = panels_for({"scores/4": "bars"}, {}, ())[0]
    assert isinstance(panel.title, Text)
    assert (panel.title, panel.title.source) == ("Scores 4", "{title} {number}")
    assert isinstance(pretty("my_stream/2"), Text)
    assert pretty("map/of/it") == "map/of/it"


@given(st.floats(-4, 4), st.floats(0.2, 6), st.integers(60, 500))
def test_logarithmic_places_come_in_levels(low: float, span: float, size: int) -> None:
    axis = Axis("left")
    axis.setLogMode(False, True)
    found = [place for _, places in axis.tickValues(low, low + span, size) for place in places]
    assert len({round(place, 9) for place in found}) == len(found)
    assert all(low <= place <= low + span for place in found)
    if span > 1:
        assert axis.tickValues(low, low + span, size)[0][1][0] % 1 == pytest.approx(0)


@given(st.floats(-4, 4), st.floats(1e-6, 0.3), st.integers(60, 500))
def test_a_narrow_logarithmic_range_is_named_too(low: float, span: float, size: int) -> None:
    axis = Axis("left")
    axis.setLogMode(False, True)
    ticks = axis.tickValues(low, low + span, size)
    named = [(place, text) for each, places in ticks for place, text in zip(
        places, axis.tickStrings(places, 1.0, each), strict=True)]  # fmt: skip
    assert len({text for _, text in named}) > 1
    assert all(low <= place <= low + span for place, _ in named)


@pytest.mark.parametrize("height", [100, 140, 200, 300])
def test_numbers_of_a_log_axis_do_not_lie_on_one_another(qtbot: QtBot, height: int) -> None:
    source = Fake().scalars(loss=np.geomspace(0.11, 14, 50))
    canvas = plot(qtbot, Panel("x", parts=(Layer("scalars", "loss"),), log="y"), source).canvases.widgets[0]
    canvas.setFixedSize(300, height)
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    for high in (0.2, 0.6, 1.179, 1.9, 3.5):
        canvas.set_range((0, 50, -1.032, high))
        qtbot.wait(2)
        painter = QPainter(image)
        texts = canvas._axis("left").generateDrawSpecs(painter)[2]
        painter.end()
        assert "1" in {text for _, _, text in texts}
        assert len(texts) > 1
        assert not [(a[2], b[2]) for a, b in combinations(texts, 2) if a[0].intersects(b[0])]

"""What a plot keeps as a picture, because a live tool sends it again unchanged, looks as if it were drawn anew."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from workbench.tool import Layer, Panel
from workbench.ui.panels import PanelWidget
from workbench.ui.panels.plot.panel import PlotPanel

from .shown import shown
from .sources import Fake

PANEL = Panel("p", parts=(Layer("field", "hills", {"levels": [-1, 1]}), Layer("paths", "way"), Layer("paths", "other")))


def answer(way: float, hills: float = 1.0) -> Fake:
    """What a live tool sends: a field with a hole, and paths that cross it."""
    up, across = np.mgrid[0:1:40j, 0:1:40j]
    heights = np.where(up + across < 0.3, np.nan, hills * np.sin(9 * up * across))
    found = Fake().put("field", "hills", heights, (0, 1), (0, 1))
    t = np.linspace(0, 1, 30)
    found.put("paths", "way", np.stack([t, t**way], 1)[None])
    return found.put("paths", "other", np.stack([t, 1 - t**way], 1)[None])


def looks(qtbot: QtBot, panel: PanelWidget) -> NDArray[np.int16]:
    qtbot.wait(10)
    image = panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.array(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(np.int16)


def alike(a: NDArray[np.int16], b: NDArray[np.int16]) -> bool:
    """Where the view's edge cuts a pixel, that may be of a little another shade."""
    away = np.abs(a - b).max(-1)
    return bool(away.max() < 32 and (away > 0).mean() < 0.001)


def zoomed(panel: PanelWidget) -> None:
    assert isinstance(panel, PlotPanel)
    panel.canvases.widgets[0].set_range((0.2, 0.7, 0.3, 0.8))


def one_off(panel: PanelWidget) -> None:
    assert isinstance(panel, PlotPanel)
    panel.canvases.widgets[0].toggle("way")


CHANGES: dict[str, Callable[[PanelWidget], None]] = {
    "nothing": lambda _: None,
    "theme": lambda panel: panel.apply_theme(True),
    "zoom": zoomed,
    "size": lambda panel: panel.resize(500, 280),
    "a name switched off": one_off,
    "state": lambda panel: panel.restore_state({"hidden": ["way"]}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_follows_whatever_changes_around_it(qtbot: QtBot, change: str) -> None:
    kept, fresh = shown(qtbot, PANEL, answer(2.0)), shown(qtbot, PANEL, answer(3.0))
    for _ in range(3):
        kept.show_sources([answer(3.0)])
        qtbot.wait(10)
    for panel in (kept, fresh):
        CHANGES[change](panel)
    assert alike(looks(qtbot, kept), looks(qtbot, fresh))


def test_another_field_is_shown_at_once(qtbot: QtBot) -> None:
    kept, fresh = shown(qtbot, PANEL, answer(2.0, hills=-1.0)), shown(qtbot, PANEL, answer(2.0, hills=-1.0))
    for hills in (1.0, 1.0, 1.0, -1.0):
        kept.show_sources([answer(2.0, hills)])
        qtbot.wait(10)
    assert alike(looks(qtbot, kept), looks(qtbot, fresh))


def test_what_comes_again_unchanged_is_not_built_again(qtbot: QtBot) -> None:
    panel = shown(qtbot, PANEL, answer(2.0))
    assert isinstance(panel, PlotPanel)
    field, way, _ = panel.canvases.widgets[0].marks
    again, moved = answer(2.0), answer(2.5)
    assert not field.take([again])
    assert not way.take([again])
    assert not field.take([moved])
    assert way.take([moved])
    assert field.take([answer(2.5, hills=0.5)])


def refuse() -> None:
    raise ValueError("no")


def test_what_could_not_be_taken_is_tried_again(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = shown(qtbot, PANEL, answer(2.0))
    assert isinstance(panel, PlotPanel)
    _, way, _ = panel.canvases.widgets[0].marks
    with monkeypatch.context() as patch:
        patch.setattr(way, "taken", refuse)
        with pytest.raises(ValueError, match="no"):
            way.take([answer(3.0)])
    assert way.take([answer(3.0)])
    assert not way.take([answer(3.0)])


def test_a_vector_file_has_letters_and_lines_all_the_same(qtbot: QtBot) -> None:
    panel = shown(qtbot, PANEL, answer(2.0))
    panel.show_sources([answer(2.0)])
    looks(qtbot, panel)
    file = io.BytesIO()
    panel.drawn_as("svg")(file)
    written = file.getvalue().decode()
    assert all(f">{name}</text>" in written for name in ("way", "other", "0.5"))
    assert written.count("<polyline") > 20  # contours

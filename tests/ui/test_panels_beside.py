"""Several runs beside each other share the room of a panel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shown import shown
from tests.ui.sources import Fake
from workbench.tool import Panel
from workbench.ui.panels import make_panel
from workbench.ui.panels.base import PanelWidget
from workbench.ui.panels.beside import Beside, columns
from workbench.ui.panels.images import ImagesPanel
from workbench.ui.panels.look import Look
from workbench.ui.panels.mosaic import Mosaic

from .frame import look


@pytest.mark.parametrize(
    ("count", "width", "height", "wanted"),
    [(1, 300, 300, 1), (2, 900, 300, 2), (2, 300, 600, 1), (3, 900, 300, 3), (3, 300, 600, 1), (4, 600, 400, 2),
     (4, 1200, 250, 4), (4, 300, 900, 1), (8, 1200, 500, 4)],
)  # fmt: skip
def test_columns_make_the_most_of_the_room(count: int, width: int, height: int, wanted: int) -> None:
    assert columns(count, width, height) == wanted


@pytest.mark.parametrize("count", [2, 3, 4])
def test_all_runs_are_of_one_size_whatever_their_names(qtbot: QtBot, count: int) -> None:
    widget = make_panel(Panel("i", "images", "i"), str)
    assert isinstance(widget, ImagesPanel)
    qtbot.addWidget(widget)
    widget.resize(640, 260)
    widget.show()
    names = ["short", *(f"20261124-192640-with-a-very-long-name-indeed-{k}" for k in range(count - 1))]
    sources = [Fake(name, k).put("images", "i", np.zeros((9, 8, 8))) for k, name in enumerate(names)]
    widget.show_sources(sources)
    qtbot.wait(20)
    sizes = [(each.width(), each.height()) for each in widget.mosaics.widgets]
    assert max(width for width, _ in sizes) - min(width for width, _ in sizes) <= 1
    assert len({height for _, height in sizes}) == 1
    labels = [each.text() for each in widget.findChildren(QLabel) if each.toolTip() in names]
    assert labels[0] == "short"
    assert all(label.endswith(f"indeed-{k}") for k, label in enumerate(labels[1:]))
    widget.resize(200, 700)
    qtbot.waitUntil(lambda: all(each.width() > 180 for each in widget.mosaics.widgets))


def test_images_of_two_runs_are_arranged_alike_at_any_width(qtbot: QtBot) -> None:
    widget = make_panel(Panel("i", "images", "i"), str)
    assert isinstance(widget, ImagesPanel)
    qtbot.addWidget(widget)
    widget.show_sources([Fake(str(k), k).put("images", "i", np.zeros((64, 8, 8))) for k in range(2)])
    widget.show()
    for width in range(640, 680):  # here one column more begins to pay
        widget.resize(width, 220)
        widget.grab()
        first, second = widget.mosaics.widgets
        assert _place(first) == _place(second), width


def _place(mosaic: Mosaic) -> tuple[int, int]:
    """The column and row of the last image."""
    first, last = mosaic.tile(0), mosaic.tile(63)
    side = mosaic.tile(1).left() - first.left()
    return round((last.left() - first.left()) / side), round((last.top() - first.top()) / side)


def test_names_of_sources_take_the_letters_of_another_language(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    widgets = Beside(QWidget)
    QVBoxLayout(window).addWidget(widgets)
    window.show()
    for families in (["Noto Sans CJK SC"], ["DejaVu Sans"]):
        widgets.label([Fake("a"), Fake("b", 1)], Look())
        font = QFont()
        font.setFamilies(families)
        window.setFont(font)
        names = [each for each in widgets.findChildren(QLabel) if each.toolTip() in ("a", "b")]
        assert [each.font().families() for each in names] == 2 * [families]


SHOWN: list[tuple[str, tuple[Any, ...]]] = [
    ("images", (np.full((9, 8, 8), 0.5),)),
    ("table", ([{"word": "雨", "count": 3}],)),
    ("text", ("It rains.",)),
]


@pytest.mark.parametrize("other", [None, "points"])
@pytest.mark.parametrize(("kind", "content"), SHOWN)
def test_a_run_without_such_frames_has_none_of_another_under_its_name(
    qtbot: QtBot, kind: str, content: tuple[Any, ...], other: str | None
) -> None:
    panel = shown(
        qtbot, Panel("p", kind, "s"), Fake("a").put(kind, "s", *content), Fake("b", 1).put(kind, "s", *content)
    )
    both = [pictured(panel, k) for k in range(2)]
    bare = Fake("c", 1) if other is None else Fake("c", 1).put(other, "s", np.zeros((3, 2)))
    panel.show_sources([Fake("a").put(kind, "s", *content), bare])
    assert pictured(panel, 0) == both[0]
    assert pictured(panel, 1) != both[1]
    panel.show_sources([Fake("a"), bare])
    assert panel.subject is panel._nothing


def pictured(panel: PanelWidget, k: int) -> bytes:
    (beside,) = panel.findChildren(Beside)
    return look(beside.widgets[k])

"""A place of a path is picked by the mouse, as a point is."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from tests.ui.test_panels_handles import Hand
from workbench.tool import Handle, Layer, Panel


def test_a_place_of_a_path_is_picked_and_ringed(qtbot: QtBot) -> None:
    way = np.stack([np.linspace(0, 1, 11), np.linspace(0, 1, 11) ** 2], 1)
    panel = Panel("x", parts=(Layer("paths", "way"), Handle("select", "p", of="way")))
    person = Hand(qtbot, panel, Fake().put("paths", "way", way[None]), {"p": 2})
    person.drag((way[7, 0], way[7, 1]))
    assert person.last == 7
    before = person.panel.grab().toImage()
    person.panel.set_values({"p": 4})
    qtbot.wait(20)
    assert person.panel.grab().toImage() != before

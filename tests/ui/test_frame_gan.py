"""The GAN trainer in the window, and the program that draws the window into a file."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from workbench.cli import main

from .frame import look, sitting


def test_a_click_on_start_draws_the_ring(qtbot: QtBot) -> None:
    with sitting(qtbot, light=False) as person:
        person.open("gan", "ring8", steps=30)
        content = person.page.docks.docks["plane"].content
        before = look(content)
        begun = time.monotonic()
        person.start()
        person.wait(lambda: person.page.stage and "fake" in person.page.stage.sources[0].streams(), 60_000)
        person.wait(lambda: look(content) != before)
        print(f"{time.monotonic() - begun:.1f} s from the click to the picture")  # noqa: T201 - a figure
        person.until("done")
        person.wait(lambda: person.page.stage and len(person.page.stage.sources[0].curve("loss/d")) == 30)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_window_is_drawn_into_a_file(tmp_path: Path, theme: str) -> None:
    out = tmp_path / "window.png"
    assert (
        main(["screenshot", str(out), "--tool", "gan", "--theme", theme, "--size", "1000x700", "--lang", "zh_CN"]) == 0
    )
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1000, 700)
    assert (image.pixelColor(500, 4).lightness() < 128) == (theme == "dark")


def test_wrong_usage_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["screenshot", str(tmp_path / "a.png"), "--size", "big"]) == 2
    assert main(["screenshot", str(tmp_path / "a.png"), "--tool", "none"]) == 2
    assert capsys.readouterr().err.count("workbench: ") == 2

"""Formulas in texts: drawn in a thread, in the colours of the theme; what is no formula stays as it was written."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.testing.fixtures import Audit
from workbench.tool import Panel
from workbench.ui import formulas
from workbench.ui.formulas import Spelled
from workbench.ui.panels import make_panel
from workbench.ui.panels.text import TextPanel


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[TextPanel]:
    """An empty panel of text; no formula was ever drawn."""
    formulas._drawn.clear()
    widget = make_panel(Panel("t", "text", "t"), str)
    assert isinstance(widget, TextPanel)
    qtbot.addWidget(widget)
    widget.resize(500, 300)
    widget.apply_theme(False)
    widget.show()
    yield widget
    widget.hide()


def pictures(panel: TextPanel) -> int:
    return panel.pages.widgets[0].toPlainText().count("\N{OBJECT REPLACEMENT CHARACTER}")


def put(panel: TextPanel, text: str, **data: str) -> None:
    panel.show_sources([Fake().put("text", "t", text, **data)])


def ink(image: QImage) -> QColor:
    """The colour of the fullest pixel."""
    spots = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(spots, key=lambda colour: colour.alpha())


def test_formulas_become_pictures_and_all_else_stays(panel: TextPanel, qtbot: QtBot, audit: Audit) -> None:
    with audit():
        put(panel, r"For $5 and $x_i^2$ or `$y$`: $$\sum_k \frac{1}{k}$$ then $\frac{$ end, \$z\$ and $\alpha$.")
        qtbot.waitUntil(lambda: pictures(panel) == 3, timeout=20_000)
    shown = panel.pages.widgets[0].toPlainText()
    for kept in ("$5 and", "$y$", r"$\frac{$", "$z$"):
        assert kept in shown
    assert r"\alpha" in panel.rows()[1][1]  # exported as it was written


def test_html_has_formulas_and_plain_text_has_none(panel: TextPanel, qtbot: QtBot) -> None:
    put(panel, "<p>So <b>$a+b$</b></p>", format="html")
    qtbot.waitUntil(lambda: pictures(panel) == 1, timeout=20_000)
    put(panel, "So $a+b$", format="plain")
    assert panel.pages.widgets[0].toPlainText() == "So $a+b$"


def test_formulas_take_the_colour_of_the_theme(panel: TextPanel, qtbot: QtBot) -> None:
    put(panel, "$M$")
    qtbot.waitUntil(lambda: pictures(panel) == 1, timeout=20_000)
    page = panel.pages.widgets[0]
    for dark in (True, False):
        panel.apply_theme(dark)
        qtbot.waitUntil(lambda: pictures(panel) == 1, timeout=20_000)
        image = page.formulas.image("formula:0")
        assert image is not None
        assert ink(image).name() == panel.look.text.name()


def test_a_formula_is_drawn_once_and_off_the_window_s_thread(
    panel: TextPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    draw = formulas.draw

    def noted(wish: formulas.Wish) -> QImage:
        threads.append(threading.get_ident())
        return draw(wish)

    monkeypatch.setattr(formulas, "draw", noted)
    for k in range(3):
        put(panel, f"{k}: $p(x)$ and $p(x)$")
        qtbot.waitUntil(lambda: pictures(panel) == 2, timeout=20_000)
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


def test_a_panel_may_go_while_its_formula_is_drawn(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    formulas._drawn.clear()
    begun = threading.Event()
    draw = formulas.draw

    def slow(wish: formulas.Wish) -> QImage:
        begun.set()
        time.sleep(0.3)
        return draw(wish)

    monkeypatch.setattr(formulas, "draw", slow)
    label = Spelled()
    label.spell("Of $E$")
    assert begun.wait(10)
    shiboken6.delete(label)
    qtbot.wait(50)
    assert "Error" not in capfd.readouterr().err


def test_a_formula_stands_on_the_line_of_its_text(panel: TextPanel) -> None:
    """Aligned by its middle, as Qt does it, the base line is where that of the text is."""
    x_height = QFontMetricsF(panel.font()).xHeight()
    for above, below in ((10.0, 2.0), (20.0, 15.0), (5.0, 9.0)):
        up, down = formulas._padded(above, below, x_height)
        assert up >= above
        assert down >= below
        assert (up + down + x_height / 2) / 2 == pytest.approx(up)


def test_texts_without_formulas_import_nothing(panel: TextPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ziamath", raising=False)
    put(panel, "It costs $5, and that is all.")
    assert "ziamath" not in sys.modules


def test_a_label_shows_formulas_in_its_text_and_its_tip(qtbot: QtBot) -> None:
    label = Spelled()
    qtbot.addWidget(label)
    label.spell("Energies <low> where $x^2 < 1$ & so on")
    label.spell_tip("Of $E$")
    qtbot.waitUntil(lambda: label.text().count("<img") == label.toolTip().count("<img") == 1, timeout=15_000)
    assert label.text().startswith("Energies &lt;low&gt; where <img")
    assert label.text().endswith("> &amp; so on")
    light = label.text()
    label.show()
    drawn = label.grab().toImage()
    before = {drawn.pixelColor(x, drawn.height() // 2).name() for x in range(drawn.width())}
    palette = label.palette()
    palette.setColor(palette.ColorRole.WindowText, QColor("#ff0000"))
    label.setPalette(palette)
    qtbot.waitUntil(lambda: "<img" in label.text() and label.text() != light, timeout=15_000)
    drawn = label.grab().toImage()
    assert before != {drawn.pixelColor(x, drawn.height() // 2).name() for x in range(drawn.width())}


def test_a_label_without_formulas_stays_plain(qtbot: QtBot) -> None:
    label = Spelled()
    qtbot.addWidget(label)
    label.spell("5 $ are <five> dollars")
    assert label.text() == "5 $ are <five> dollars"

"""What panels show, as files: pictures, tables, films; menus; in a real window with real runs."""

from __future__ import annotations

import codecs
import csv
import shutil
import sqlite3
import stat
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.errors import UserError
from workbench.testing.fixtures import Audit
from workbench.tool import Layer, Panel
from workbench.ui.dock import Dock
from workbench.ui.panels import make_panel
from workbench.ui.panels import movie as film
from workbench.ui.panels.export import photographed, save
from workbench.ui.panels.exporting import Exporting
from workbench.ui.panels.filming import Camera
from workbench.ui.panels.images import ImagesPanel
from workbench.ui.panels.movie import Still
from workbench.ui.panels.plot.panel import PlotPanel

from .frame import Person, files, sitting
from .shown import shown


def still(colour: str, size: tuple[int, int] = (7, 5)) -> Still:
    """A picture of one colour, of an odd width: its lines are padded in memory."""
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return Still.of(image)


def frames(file: Path) -> list[NDArray[np.uint8]]:
    """Every frame, as (height, width, 3)."""
    with Image.open(file) as image:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]


# ------------------------------------------------------------------ encoding


def test_a_gif_keeps_colours_and_time(tmp_path: Path) -> None:
    names = ["#ff0000", "#00ff00", "#0000ff", "#123456"]
    told: list[int] = []
    save(tmp_path / "x.gif", film.gif([still(name) for name in names], 30, told.append))
    assert ["#" + bytes(each[2, 3]).hex() for each in frames(tmp_path / "x.gif")] == names
    assert told == [1, 2, 3, 4]
    with Image.open(tmp_path / "x.gif") as image:
        assert (image.size, image.info["loop"]) == ((7, 5), 0)
        assert [frame.info["duration"] for frame in ImageSequence.Iterator(image)] == [30, 40, 30, 30]


def test_a_gif_of_many_colours_is_near_to_them(tmp_path: Path) -> None:
    ramp = np.zeros((64, 256, 3), np.uint8)
    ramp[..., 0], ramp[..., 2] = np.arange(256), np.arange(64)[:, None] * 4
    image = QImage(ramp.data, 256, 64, 768, QImage.Format.Format_RGB888)
    save(tmp_path / "x.gif", film.gif([Still.of(image)] * 2, 10, lambda _: None))
    with Image.open(tmp_path / "x.gif") as found:
        far = np.abs(np.asarray(found.convert("RGB")).astype(int) - ramp)
    assert far.mean() < 6
    assert far.max() < 40


def test_what_is_cancelled_or_fails_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.gif").write_text("before")

    def tell(done: int) -> None:
        if done == 2:
            raise film.Cancelled

    with pytest.raises(film.Cancelled):
        save(tmp_path / "x.gif", film.gif([still("red")] * 3, 10, tell))
    assert files(tmp_path) == {"x.gif"}
    assert (tmp_path / "x.gif").read_text() == "before"
    with pytest.raises(UserError, match="cannot be written"):
        save(tmp_path / "gone" / "x.gif", film.gif([still("red")], 10, lambda _: None))


def program(folder: Path, body: str) -> str:
    """A program in place of ffmpeg."""
    file = folder / "ffmpeg"
    file.write_text(f"#!{sys.executable}\nimport sys\n" + textwrap.dedent(body))
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_ffmpeg_gets_every_picture_whole(tmp_path: Path) -> None:
    fake = program(tmp_path, 'open(sys.argv[-1], "wb").write(sys.stdin.buffer.read())')
    save(tmp_path / "x.mp4", film.mp4([still("#010203"), still("#040506")], 12, lambda _: None, fake))
    assert (tmp_path / "x.mp4").read_bytes() == b"\1\2\3" * 35 + b"\4\5\6" * 35


def test_what_ffmpeg_complains_of_is_said(tmp_path: Path) -> None:
    fake = program(tmp_path, 'sys.exit("no such codec")')
    with pytest.raises(UserError, match="no such codec"):
        save(tmp_path / "x.mp4", film.mp4([still("red", (640, 480))] * 9, 12, lambda _: None, fake))
    assert files(tmp_path) == {"ffmpeg"}


def test_ffmpeg_ends_with_the_film(tmp_path: Path) -> None:
    fake = program(tmp_path, "import time; time.sleep(600)")

    def tell(_: int) -> None:
        raise film.Cancelled

    with pytest.raises(film.Cancelled):
        save(tmp_path / "x.mp4", film.mp4([still("red")], 12, tell, fake))
    assert files(tmp_path) == {"ffmpeg"}


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_a_real_mp4(tmp_path: Path) -> None:
    save(tmp_path / "x.mp4", film.mp4([still("red", (65, 33))] * 5, 5, lambda _: None, "ffmpeg"))
    assert b"ftyp" in (tmp_path / "x.mp4").read_bytes()[:16]


# ------------------------------------------------------------------ one panel


def test_a_file_s_table_is_exported_whole(qtbot: QtBot, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "rows.db") as db:
        db.execute("CREATE TABLE rows (word TEXT, n INTEGER)")
        db.executemany("INSERT INTO rows VALUES (?, ?)", [(f"词 {k}", k) for k in range(500)])
    db.close()
    source = Fake("one")
    source.folder = source.report.dir = tmp_path
    widget: Any = shown(qtbot, Panel("t", "table", "t"), source.put("table", "t", tmp_path / "rows.db"))
    sheet = widget.sheets.widgets[0]
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 500, timeout=20_000)
    sheet.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    save(tmp_path / "x.csv", widget.drawn_as("csv"))
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert (rows[0], rows[1], rows[-1], len(rows)) == (
        ["source", "word", "n"], ["one", "词 499", "499"], ["one", "词 0", "0"], 501,
    )  # fmt: skip


def written(widget: Any, file: Path) -> list[dict[str, str]]:
    """The rows of a panel's CSV, each under the last head above it."""
    save(file, widget.drawn_as("csv"))
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows, head, found = csv.reader(lines), [], []
        for row in rows:
            if row[0] == "source":
                head = row
            else:
                found.append(dict(zip(head, row, strict=True)))
    return found


def test_every_row_stands_under_its_head_and_tells_its_layer(qtbot: QtBot, tmp_path: Path) -> None:
    layers = Layer("points", "real"), Layer("points", "fake"), Layer("arrows", "force"), Layer("points", "more")
    runs = []
    for k, name in enumerate("AB"):
        run = Fake(name, k).put("points", "real", [[k, 1]]).put("points", "fake", [[k, 2]])
        runs.append(run.put("arrows", "force", [[k, 3]], [[8, 9]]).put("points", "more", [[k, 4]]))
    found = written(shown(qtbot, Panel("p", parts=layers), *runs), tmp_path / "x.csv")
    assert {(each["source"], each["layer"], float(each["x"]), float(each["y"])) for each in found} == {
        (name, stream, k, y)
        for k, name in enumerate("AB")
        for y, stream in enumerate(("real", "fake", "force", "more"), 1)
    }
    assert [each["layer"] for each in found if "dx" in each] == ["force", "force"]


def test_tables_of_other_columns_have_heads_of_their_own(qtbot: QtBot, tmp_path: Path) -> None:
    runs = [Fake(f"run {k}", k).put("table", "t", [{"x": k, other: 5}]) for k, other in enumerate("yzyy")]
    found = written(shown(qtbot, Panel("t", "table", "t"), *runs), tmp_path / "x.csv")
    assert found == [{"source": f"run {k}", "x": str(k), other: "5"} for k, other in enumerate("yzyy")]


DATA: dict[str, Callable[[Fake, float], Fake]] = {
    "scalars": lambda run, k: run.scalars(s=[k]),
    "lines": lambda run, k: run.put("lines", "s", [k, 2], [[k, 2]]),
    "points": lambda run, k: run.put("points", "s", [[k, 2]]),
    "field": lambda run, k: run.put("field", "s", [[k, 2]], (0, 1), (0, 1)),
    "arrows": lambda run, k: run.put("arrows", "s", [[k, 2]], [[k, 2]]),
    "paths": lambda run, k: run.put("paths", "s", [[[k, 2], [k, 3]]]),
    "bars": lambda run, k: run.put("bars", "s", [k, 2]),
}


@pytest.mark.parametrize("kind", DATA)
def test_what_was_shown_is_written_though_another_run_is_shown_since(qtbot: QtBot, kind: Any) -> None:
    run = DATA[kind](Fake("A"), 17)
    widget = shown(qtbot, Panel("p", parts=(Layer(kind, "s"),)), run)
    expected, later = [list(row) for row in widget.rows()], widget.gather()
    run.label = "renamed"
    widget.show_sources([DATA[kind](Fake(f"B{k}", k), 99) for k in range(2)])
    assert [list(row) for row in later()] == expected
    assert {row[0] for row in expected} == {"source", "A"}
    assert any(17 in row for row in expected)


def test_a_file_that_lost_the_column_that_sorts_is_written_as_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "rows.db"

    def write(*columns: str) -> None:
        file.unlink(missing_ok=True)
        with sqlite3.connect(file) as db:
            db.execute(f"CREATE TABLE rows ({', '.join(columns)})")
            db.executemany(
                f"INSERT INTO rows VALUES ({', '.join('?' * len(columns))})", [(k,) * len(columns) for k in (1, 2)]
            )
        db.close()

    write("n", "m", "k")
    source = Fake("one")
    source.folder = source.report.dir = tmp_path
    widget: Any = shown(qtbot, Panel("t", "table", "t"), source.put("table", "t", file))
    sheet = widget.sheets.widgets[0]
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 2, timeout=20_000)
    sheet.view.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: sheet.model.index(0, 0).data() == "2")
    write("n")
    assert [each["n"] for each in written(widget, tmp_path / "x.csv")] == ["1", "2"]


def test_pictures_show_the_whole_legend(qtbot: QtBot, tmp_path: Path) -> None:
    source = Fake().scalars(**{f"loss__curve_{k}": np.full(30, float(k)) for k in range(30)})
    widget: Any = shown(qtbot, Panel("x", parts=(Layer("scalars", "loss"),)), source)
    canvas = widget.canvases.widgets[0]
    before, axes = canvas.legend.more, canvas.view
    assert before > 0
    save(tmp_path / "x.svg", widget.drawn_as("svg"))
    assert "curve 29" in (tmp_path / "x.svg").read_text()
    with widget.whole():
        assert (canvas.legend.more, canvas.view.height > 40) == (0, True)
        assert canvas.legend.sceneBoundingRect().bottom() <= canvas._box.sceneBoundingRect().top()
    assert (canvas.legend.more, canvas.view) == (before, axes)


def test_levels_and_columns_of_images(qtbot: QtBot) -> None:
    images = np.linspace(100, 150, 6 * 64).reshape(6, 8, 8).astype(np.uint8)
    widget = shown(qtbot, Panel("i", "images", "i"), Fake().put("images", "i", images))
    assert isinstance(widget, ImagesPanel)
    chosen = {(each.within, each.title): each for each in widget.choices()}
    chosen["Columns", "2"].run()
    chosen["Levels", "Darkest to black, brightest to white"].run()
    qtbot.wait(20)
    mosaic = widget.mosaics.widgets[0]
    picture = mosaic._make()
    assert picture is not None
    assert picture.width() == 2 * 9 - 1
    assert (picture.pixelColor(0, 0).red(), picture.pixelColor(7 + 9, 7 + 18).red()) == (0, 255)
    again = make_panel(widget.panel, str)
    qtbot.addWidget(again)
    again.restore_state(widget.save_state())
    assert again.save_state() == widget.save_state()


def test_axes_smoothing_and_view_from_the_menu(qtbot: QtBot) -> None:
    widget = shown(qtbot, Panel("p", parts=(Layer("scalars", "s"),)), Fake().scalars(s=np.arange(1, 90.0)))
    assert isinstance(widget, PlotPanel)
    chosen = {(each.within, each.title): each for each in widget.choices()}
    chosen["", "Log y"].run()
    chosen["Smoothing", "Much"].run()
    canvas = widget.canvases.widgets[0]
    assert (canvas.log_x, canvas.log_y) == (False, True)
    assert canvas.smoothing > 0.8
    assert not chosen["", "Reset the view"].enabled
    canvas.set_range((1.0, 2.0, 3.0, 4.0))
    again = {(each.within, each.title): each for each in widget.choices()}
    assert again["", "Log y"].checked
    again["", "Reset the view"].run()
    assert canvas.auto


def test_the_right_button_asks_for_the_menu_unless_it_zooms(qtbot: QtBot) -> None:
    widget = shown(qtbot, Panel("p", parts=(Layer("bars", "s"),)), Fake().put("bars", "s", [1, 2]))
    assert isinstance(widget, PlotPanel)
    asked: list[QPoint] = []
    widget.menu_asked.connect(asked.append)
    target = widget.canvases.widgets[0].target
    QTest.mouseClick(target, Qt.MouseButton.RightButton, pos=QPoint(150, 150))
    assert len(asked) == 1
    QTest.mousePress(target, Qt.MouseButton.RightButton, pos=QPoint(150, 150))
    QTest.mouseMove(target, QPoint(220, 190))
    QTest.mouseRelease(target, Qt.MouseButton.RightButton, pos=QPoint(220, 190))
    assert len(asked) == 1


@pytest.mark.parametrize("held", [QGraphicsView, PlotPanel])
def test_what_is_still_to_be_painted_is_in_the_picture(qtbot: QtBot, held: type[QWidget]) -> None:
    panel = make_panel(Panel("a", parts=(Layer("points", "points"),)), str)
    window = QWidget()
    qtbot.addWidget(window)
    panel.setParent(window)
    panel.resize(600, 400)
    window.show()
    panel.show_sources([Fake(f"run {k}", k).put("points", "points", np.eye(2)) for k in range(2)])
    qtbot.wait(100)
    before = photographed(panel.subject)
    parts = [each for each in window.findChildren(QWidget) if isinstance(each, held)]
    assert parts
    for each in parts:
        each.setUpdatesEnabled(False)
    assert photographed(panel.subject) == before


def test_a_camera_takes_what_the_panel_shows(qtbot: QtBot) -> None:
    images = np.full((1, 8, 8), 255, np.uint8)
    widget = shown(qtbot, Panel("i", "images", "i"), Fake().put("images", "i", images))
    widget.apply_theme(True)
    camera = Camera(widget, "Samples")
    for value in (255, 60):
        camera.load([Fake().put("images", "i", np.full((1, 8, 8), value, np.uint8))])
        shot = camera.shoot(1234)
        assert shot.pixelColor(shot.width() // 2, 150).red() == value
        assert shot.pixelColor(2, 2) == widget.look.ground
    assert shot.height() == widget.height() + 24
    camera.close()


# ------------------------------------------------------------------ in the window


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    """Before a window with a tool for tests, a short run of which is done."""
    plant("drip")
    with sitting(qtbot) as found:
        found.open("drip", "short", steps=12)
        found.start()
        found.until("done")
        yield found


def parts(person: Person) -> tuple[Exporting, Dock]:
    assert person.page.exporting is not None
    return person.page.exporting, person.page.docks.docks["picture"]


def entries(menu: QMenu) -> dict[str, Any]:
    return {action.text(): action for action in menu.actions()}


def test_every_form_is_written_through_the_menu(person: Person, tmp_path: Path, audit: Audit) -> None:
    exporting, dock = parts(person)
    person.wait(lambda: dock.content.complaint == "" and dock.isVisible())
    with audit():
        for form in ("PNG", "SVG", "CSV"):
            person.click(dock._buttons["menu"])
            assert exporting.menu is not None
            entries(exporting.menu)[f"Export {form}…"].trigger()
            exporting.menu.close()
            assert exporting.dialog is not None
            exporting.dialog.done(0)
            exporting.dialog.fileSelected.emit(str(tmp_path / f"x.{form.lower()}"))
            person.wait(lambda: "Written" in person.page.bar.text)
            person.page.bar.say("")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "x.svg").read_bytes()
    assert (tmp_path / "x.csv").read_bytes().startswith(codecs.BOM_UTF8 + b"source,image")
    entries(exporting.menu_of(dock))["Copy picture"].trigger()
    assert QGuiApplication.clipboard().image().width() == dock.content.width()


def test_a_film_of_a_run_has_a_frame_for_every_step(person: Person, tmp_path: Path, audit: Audit) -> None:
    exporting, dock = parts(person)
    before = person.page.stage.sources[0].frame("tiles") if person.page.stage else None
    with audit():
        entries(exporting.menu_of(dock))["Export GIF…"].trigger()
        assert exporting.pace is not None
        exporting.pace.rate.setValue(20)
        exporting.pace.accept()
        assert exporting.dialog is not None
        exporting.dialog.done(0)
        with person.qtbot.waitSignal(exporting.written, timeout=15_000):
            exporting.dialog.fileSelected.emit(str(tmp_path / "x.gif"))
    found = [each.tobytes() for each in frames(tmp_path / "x.gif")]
    assert len(found) == len(set(found)) == 12
    assert files(tmp_path) == {"x.gif"}
    assert person.page.stage is not None
    assert person.page.stage.sources[0].frame("tiles") is before  # the page itself has not moved
    assert exporting.box is None


def test_a_film_is_given_up_and_another_can_be_made(person: Person, tmp_path: Path) -> None:
    exporting, dock = parts(person)
    exporting.shoot(dock, "gif", 10, tmp_path / "x.gif")
    assert exporting.box is not None
    assert not entries(exporting.menu_of(dock))["Export GIF…"].isEnabled()
    person.click(exporting.box.cancel)
    person.wait(lambda: exporting.box is None)
    person.qtbot.wait(300)
    assert files(tmp_path) == set()
    with person.qtbot.waitSignal(exporting.written, timeout=15_000):
        exporting.shoot(dock, "gif", 10, tmp_path / "x.gif")


def test_a_job_that_runs_is_filmed_from_now_on(person: Person, tmp_path: Path) -> None:
    person.open("drip", "slow")
    person.start()
    exporting, dock = parts(person)
    person.wait(lambda: person.steps() > 3)
    exporting.shoot(dock, "gif", 20, tmp_path / "x.gif")
    box = exporting.box
    assert box is not None
    said = []
    for done, total in ((0, 0), (1, 0), (2, 0), (1, 1), (1, 5)):
        box.film.moved.emit(done, total)
        said.append(box.state.text())
    frames_of = ["0 frames", "1 frame", "2 frames", "1 / 1 frame", "1 / 5 frames"]
    assert said == [f"Filming: {each}" for each in frames_of]
    person.wait(lambda: len(box.film.stills) >= 5)
    with person.qtbot.waitSignal(exporting.written, timeout=15_000):
        person.click(box.finish)
    assert len(frames(tmp_path / "x.gif")) >= 5


def test_mp4_says_why_it_cannot(person: Person, tmp_path: Path) -> None:
    exporting, dock = parts(person)
    exporting._found("")
    (entry,) = [each for each in exporting.menu_of(dock).actions() if "MP4" in each.text()]
    assert "ffmpeg was not found" in entry.text()
    assert not entry.isEnabled()
    exporting._found(program(tmp_path, 'open(sys.argv[-1], "wb").write(sys.stdin.buffer.read())'))
    (entry,) = [each for each in exporting.menu_of(dock).actions() if "MP4" in each.text()]
    assert entry.isEnabled()
    with person.qtbot.waitSignal(exporting.written, timeout=15_000):
        exporting.shoot(dock, "mp4", 10, tmp_path / "x.mp4")
    assert (tmp_path / "x.mp4").stat().st_size % (12 * 3) == 0


def test_a_place_that_cannot_be_written_is_said(person: Person, tmp_path: Path) -> None:
    exporting, dock = parts(person)
    exporting.draw(dock, "png", tmp_path / "gone" / "x.png")
    person.wait(lambda: "cannot be written" in person.page.bar.text)
    exporting.shoot(dock, "gif", 10, tmp_path / "gone" / "x.gif")
    person.page.bar.hide()
    person.wait(lambda: exporting.box is None and person.page.bar.isVisible())
    assert "cannot be written" in person.page.bar.text


def test_the_command_offers_every_panel(person: Person) -> None:
    person.window.host.commands.refresh()
    person.window.host.commands.action("view.export").trigger()
    exporting, _ = parts(person)
    assert exporting.menu is not None
    assert {"picture", "Drops"} <= set(entries(exporting.menu))
    exporting.menu.close()

"""What a job finds while another document is open is there when one comes back, also if it is in no file yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from .frame import sitting
from .views_played import page_of, view_of

INIT = """
from pathlib import Path
from workbench.api import P, Params, Tool, hookimpl

class Document(Params):
    document: Path = P(..., "Document", hidden=True)

@hookimpl
def workbench_declare():
    return [Tool("scribe", "Scribe", Document, run=".job:run", view=".view:ScribeView", opens=("*.txt",))]
"""
JOB = """
import time

def run(params, context):
    go = params.document.with_name("go")
    while not go.exists():
        context.sync()
        time.sleep(0.005)
    context.rows("found", [{"word": "late"}], key="word")
    while go.exists():
        context.sync()
        time.sleep(0.005)
"""
VIEW = """
from workbench.ui.widgets import View

class ScribeView(View):
    def __init__(self, host, document=None):
        super().__init__(host, document)
        self.found = []

    @staticmethod
    def read(path):
        return path.read_text()

    @staticmethod
    def write(document, path):
        path.write_text(document)

    def snapshot(self):
        return ""

    def take_rows(self, run, stream, rows):
        self.found += [row["word"] for row in rows]
"""


@pytest.fixture
def folder(plant: Callable[[str], Path], tmp_path: Path) -> Path:
    """Two documents, and a plugin whose job finds something in one when the file `go` is there, until it is gone."""
    plugin = tmp_path / "scribe"
    plugin.mkdir()
    for name, text in (("__init__", INIT), ("job", JOB), ("view", VIEW)):
        (plugin / f"{name}.py").write_text(text, "utf-8")
    plant(str(plugin))
    for name in ("one.txt", "other.txt"):
        (tmp_path / name).write_text("", "utf-8")
    return tmp_path


def test_what_was_just_found_is_there_for_who_comes_back(qtbot: QtBot, folder: Path) -> None:
    with sitting(qtbot) as person:
        person.window.open_tool("scribe")
        view_of(person)
        page = page_of(person)

        def opened(name: str) -> None:
            before = page.view
            page.open(folder / name)
            person.wait(lambda: page.view is not before)

        opened("one.txt")
        person.click("start")
        person.wait(lambda: page.work is not None and page.work.job.state == "running")
        opened("other.txt")
        (folder / "go").touch()
        person.wait(lambda: "is about one.txt" in page.bar.text)
        opened("one.txt")
        person.wait(lambda: view_of(person).found == ["late"], patience=5000)
        assert person.work.job.state == "running"
        (folder / "go").unlink()
        person.until("done")
        assert view_of(person).found == ["late"]

"""A tool that owns a document: the job only reads it, what it found comes back as operations that can be undone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from workbench import fields
from workbench.jobs.again import resume_run
from workbench.jobs.spec import Change
from workbench.jobs.start import Desk
from workbench.testing.contract import ToolContract
from workbench.testing.home import desk_here
from workbench.testing.running import Ran, Runner

PLUGINS = Path(__file__).parents[1] / "plugins"
EXAMPLE = """{"revision": 3, "notes": {"a": "rain and wind", "b": "sun and heat", "c": "wind", "d": "heat", "e": "sun",
 "f": "rain"}, "labels": {"a": "wet", "b": "dry"}}"""


def write(folder: Path) -> Path:
    """Six notes, two of them with labels."""
    path = folder / "weather.notes"
    path.write_text(EXAMPLE, "utf-8")
    return path


class TestNotes(ToolContract):
    tool = "notes"
    plugins = (PLUGINS / "notes",)

    @classmethod
    def short(cls, folder: Path) -> Mapping[str, Any]:
        return {"document": str(write(folder)), "revision": 3, "steps": 10}


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    """The tool with the document."""
    plant("notes")
    return desk_here()


@pytest.fixture
def view(desk: Desk, runner: Runner, home: Path) -> Any:
    """The view on six notes; what it starts has ended when it gets it back."""
    assert "notes" in desk.registry.tools
    notes_view = import_module("notes.view").NotesView
    return notes_view(lambda tool, values: runner(tool, values, where="thread"), write(home))


def rows(ran: Ran) -> list[dict[str, Any]]:
    assert ran.state == "done", ran.said
    return list(ran.reader.rows("suggestions"))


def test_results_come_back_as_one_operation_that_can_be_undone(view: Any) -> None:
    before = dict(view.document.labels)
    assert view.take(rows(view.suggest()))
    assert view.document.labels == {"a": "wet", "b": "dry", "c": "wet", "d": "dry", "e": "dry", "f": "wet"}
    after = dict(view.document.labels)
    assert view.document.undo()
    assert view.document.labels == before
    assert view.document.redo()
    assert view.document.labels == after
    assert not view.document.redo()


def test_the_same_rows_may_come_twice(view: Any) -> None:
    found = rows(view.suggest())
    view.take(found[:2])
    view.take(found)
    labels, revision = dict(view.document.labels), view.document.revision
    assert not view.take(found)
    assert (view.document.labels, view.document.revision) == (labels, revision)


def test_what_a_person_labelled_meanwhile_stays(view: Any) -> None:
    found = rows(view.suggest())
    view.document.push(view.document.label("c", "dry"))
    view.take(found)
    assert view.document.labels["c"] == "dry"
    assert view.document.labels["f"] == "wet"


def test_the_job_only_reads(view: Any) -> None:
    view.document.save(view.path)
    before = (view.path.read_bytes(), sorted(view.path.parent.glob("*.notes")))
    view.suggest()
    assert (view.path.read_bytes(), sorted(view.path.parent.glob("*.notes"))) == before


def test_a_document_is_the_same_after_it_was_saved_and_opened(view: Any, tmp_path: Path) -> None:
    view.document.push(view.document.label("c", "wet"))
    view.document.save(tmp_path / "b.notes")
    again = type(view.document).load(tmp_path / "b.notes")
    assert again == view.document
    assert again.revision == 4


def test_a_job_that_was_asked_about_another_revision_says_so(view: Any, runner: Runner) -> None:
    ran = runner("notes", {"document": str(view.path), "revision": 2}, where="thread")
    assert (ran.state, ran.said) == ("failed", "The notes are at revision 3, not 2.")


def test_what_is_no_document_is_said(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.notes").write_text("[]", "utf-8")
    ran = runner("notes", {"document": str(tmp_path / "a.notes"), "revision": 0}, where="thread")
    assert ran.said == "a.notes cannot be read as notes."
    with pytest.raises(fields.ParameterError, match="document: a value is needed"):
        runner("notes", {"revision": 0})


def test_rows_that_are_reported_again_after_a_resume_are_there_once(view: Any, runner: Runner) -> None:
    view.document.save(view.path)
    spec = runner.spec("notes", {"document": str(view.path), "revision": 3, "steps": 10})
    halted = runner.finish(spec.model_copy(update={"replay": (Change(step=10, message={"do": "stop"}),)}))
    assert halted.state == "stopped"
    done = runner.finish(resume_run(runner.desk, spec.folder.name, {}), where="thread")
    extended = runner.finish(resume_run(runner.desk, spec.folder.name, {"steps": "20"}), where="thread")
    for each in (done, extended):
        assert sorted(row["note"] for row in rows(each)) == ["c", "d", "e", "f"]


def test_the_declaration_names_the_view_without_importing_it(desk: Desk) -> None:
    tool = desk.tool("notes").tool
    assert (tool.opens, tool.view) == (("*.notes",), ".view:NotesView")
    assert "notes.view" not in sys.modules

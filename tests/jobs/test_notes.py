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
EXAMPLE = """{"revision": 3, "notes": {
 "a": {"text": "rain and wind", "label": "wet"}, "b": {"text": "sun and heat", "label": "dry"},
 "c": {"text": "wind", "label": ""}, "d": {"text": "heat", "label": ""},
 "e": {"text": "sun", "label": ""}, "f": {"text": "rain", "label": ""}}}"""


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
def path(desk: Desk, home: Path) -> Path:
    """Six notes; the tool is known."""
    assert "notes" in desk.registry.tools
    return write(home)


@pytest.fixture
def document(path: Path) -> Any:
    """The notes, as the job and the view read them."""
    return import_module("notes.document").Document.load(path)


@pytest.fixture
def suggest(path: Path, runner: Runner) -> Callable[[], list[dict[str, Any]]]:
    """What the job suggests for them."""
    return lambda: rows(runner("notes", {"document": str(path), "revision": 3}, where="thread"))


def rows(ran: Ran) -> list[dict[str, Any]]:
    assert ran.state == "done", ran.said
    return list(ran.reader.rows("suggestions"))


def labels(document: Any) -> dict[str, str]:
    return {key: note.label for key, note in document.notes.items()}


def test_results_come_back_as_one_operation_that_can_be_undone(document: Any, suggest: Any) -> None:
    before = document.copy()
    change = document.accept(suggest())
    document.apply(change)
    assert labels(document) == {"a": "wet", "b": "dry", "c": "wet", "d": "dry", "e": "dry", "f": "wet"}
    document.apply(change.reverse)
    assert document.notes == before.notes
    assert document.revision == 5  # a job that was started in between reads another state


def test_the_same_rows_may_come_twice(document: Any, suggest: Any) -> None:
    found = suggest()
    document.apply(document.accept(found[:2]))
    document.apply(document.accept(found))
    assert document.accept(found) is None


def test_what_a_person_labelled_meanwhile_stays(document: Any, suggest: Any) -> None:
    found = suggest()
    note = document.notes["c"]
    document.apply(document.put("c", type(note)(note.text, "dry")))
    document.apply(document.accept(found))
    assert (labels(document)["c"], labels(document)["f"]) == ("dry", "wet")


def test_a_note_that_was_deleted_stays_away(document: Any, suggest: Any) -> None:
    found = suggest()
    document.apply(document.remove("c"))
    document.apply(document.accept(found))
    assert "c" not in document.notes


def test_the_job_only_reads(path: Path, suggest: Any) -> None:
    before = (path.read_bytes(), sorted(path.parent.glob("*.notes")))
    suggest()
    assert (path.read_bytes(), sorted(path.parent.glob("*.notes"))) == before


def test_a_document_is_the_same_after_it_was_saved_and_opened(document: Any, tmp_path: Path) -> None:
    document.apply(document.add("wind again"))
    document.save(tmp_path / "b.notes")
    again = type(document).load(tmp_path / "b.notes")
    assert again == document
    assert again.revision == 4


def test_a_job_that_was_asked_about_another_revision_says_so(path: Path, runner: Runner) -> None:
    ran = runner("notes", {"document": str(path), "revision": 2}, where="thread")
    assert (ran.state, ran.said) == ("failed", "The notes are at revision 3, not 2.")


def test_what_is_no_document_is_said(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.notes").write_text("[]", "utf-8")
    ran = runner("notes", {"document": str(tmp_path / "a.notes"), "revision": 0}, where="thread")
    assert ran.said == "a.notes cannot be read as notes."
    with pytest.raises(fields.ParameterError, match="document: a value is needed"):
        runner("notes", {"revision": 0})


def test_rows_that_are_reported_again_after_a_resume_are_there_once(path: Path, runner: Runner) -> None:
    spec = runner.spec("notes", {"document": str(path), "revision": 3, "steps": 10})
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

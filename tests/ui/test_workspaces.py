"""Another workspace is opened while the window runs: jobs are asked about, everything that shows runs follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from workbench import settings
from workbench.errors import UserError
from workbench.runs.workspace import Workspace
from workbench.settings import Places
from workbench.testing.fixtures import Audit
from workbench.texts import Text
from workbench.ui.workspaces import usable

from .frame import Person, files, sitting


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    plant("drip")
    with sitting(qtbot) as found:
        yield found


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder that can be a workspace."""
    folder = tmp_path / "other"
    folder.mkdir()
    return folder


def listed(person: Person) -> list[str]:
    """The runs that the page of runs shows."""
    return [each.row.id for each in person.window.runs.page.model.answer.lines]


def test_pages_and_new_runs_follow(person: Person, other: Path, audit: Audit) -> None:
    person.open("drip", "short")
    first = person.start()
    person.until("done")
    person.window.runs.show()
    person.wait(lambda: listed(person) == [first.job.run_id])
    person.window.runs.page.bar.say(Text("Runs deleted: 3."))
    with audit():
        person.window.program.workspaces.open(other)
        person.wait(lambda: person.window.host.preferences.now.workspace == other)
        person.wait(lambda: listed(person) == [])
    assert not person.window.runs.page.bar.isVisible()  # what was said of the runs before
    assert person.page.work is None
    assert person.jobs.works == []
    assert person.window.windowTitle().startswith("other")
    person.open("drip", "short")
    second = person.start()
    person.until("done")
    assert files(other / "runs") == {second.job.run_id}
    person.window.runs.show()
    person.wait(lambda: listed(person) == [second.job.run_id])
    assert [each.name for each in Workspace(first.job.spec.workspace).folders()] == [first.job.run_id]


def test_it_is_remembered_and_the_one_before_is_a_command(person: Person, other: Path) -> None:
    workspaces = person.window.program.workspaces
    before = workspaces.folder
    workspaces.open(other)
    person.wait(lambda: workspaces.folder == other)
    person.wait(lambda: f'workspace = "{other}"' in Places.of().settings_file.read_text("utf-8"))
    assert [each.title for each in person.window.host.commands.of_menu("recent")] == [str(other), str(before)]
    (back, *_) = person.window.host.commands.search(str(before))
    back.run()
    person.wait(lambda: workspaces.folder == before)
    assert workspaces.recent[:2] == [before, other]
    menu = person.window._menus._menus["recent"]
    menu.aboutToShow.emit()
    assert [each.isChecked() for each in menu.actions()] == [True, False]


@pytest.mark.parametrize(("button", "state"), [("save", "stopped"), ("cancel", "cancelled")])
def test_running_jobs_end_first(person: Person, other: Path, button: str, state: str) -> None:
    person.open("drip", "slow")
    work = person.start()
    person.wait(lambda: person.steps() > 3)
    workspaces = person.window.program.workspaces
    workspaces.open(other)
    person.wait(lambda: workspaces.question is not None)
    assert workspaces.question is not None
    assert workspaces.folder != other
    person.click(getattr(workspaces.question, button))
    person.wait(lambda: workspaces.folder == other)
    assert work.job.state == state
    assert work.job.spec.folder.is_dir()


def test_one_can_stay(person: Person, other: Path) -> None:
    person.open("drip", "slow")
    work = person.start()
    person.wait(lambda: person.steps() > 3)
    workspaces = person.window.program.workspaces
    workspaces.open(other)
    person.wait(lambda: workspaces.question is not None)
    assert workspaces.question is not None
    person.click(workspaces.question.stay)
    person.qtbot.wait(200)
    assert workspaces.folder != other
    assert work.job.state == "running"
    assert settings.load(Places.of()).workspace != other


def test_the_chooser_opens_what_was_chosen(person: Person, other: Path) -> None:
    person.window.host.commands.action("workspace.open").trigger()
    (dialog,) = person.window.findChildren(QFileDialog)
    dialog.setDirectory(str(other.parent))
    dialog.selectFile(str(other))
    dialog.accept()
    person.wait(lambda: person.window.program.workspaces.folder == other)


def test_a_folder_that_cannot_be_one_is_refused(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    before = person.window.program.workspaces.folder
    person.window.program.workspaces.open(file)
    person.wait(person.window.bar.isVisible)
    assert "is no folder" in person.window.bar.text
    assert person.window.program.workspaces.folder == before
    with pytest.raises(UserError, match="There is no folder"):
        usable(tmp_path / "nothing" / "below")
    assert usable(tmp_path / "new") == tmp_path / "new"
    for name in (tmp_path / ("a" * 300), Path("~nobody-here/x")):
        with pytest.raises(UserError, match="cannot be opened"):
            usable(name)


def test_a_window_opens_with_a_workspace_that_cannot_be_one(
    plant: Callable[[str], Path], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant("drip")
    monkeypatch.setenv(settings.WORKSPACE, str(tmp_path / ("a" * 300)))
    with sitting(qtbot) as person:
        person.window.runs.show()
        person.wait(person.window.runs.page.bar.isVisible)
        assert "cannot be read: File name too long" in person.window.runs.page.bar.text
        person.open("drip", "short")
        person.page.ask("start")
        person.wait(lambda: "No run can be made" in person.page.bar.text)


def test_a_folder_that_cannot_be_written_is_refused(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is root may write everywhere, so the system's answer is planted."""
    monkeypatch.setattr("workbench.ui.workspaces.os.access", lambda *_: False)
    with pytest.raises(UserError, match="cannot be written"):
        usable(other)


def test_a_live_tool_begins_anew_in_the_other_workspace(
    plant: Callable[[str], Path], qtbot: QtBot, other: Path
) -> None:
    plant("lens")
    with sitting(qtbot) as person:
        person.open("lens")
        person.wait(lambda: person.page.work is not None and person.work.job.state == "idle")
        first = person.work
        person.window.program.workspaces.open(other)
        person.wait(lambda: person.page.work not in (None, first) and person.work.job.state == "idle")
        assert person.work.job.spec.workspace == other
        assert first.ended
        assert person.jobs.works == [person.work]

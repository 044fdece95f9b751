"""What a run has read it reads again when it is resumed or repeated, wherever that is; other data are noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench import fields
from workbench.jobs.again import fork_run, repeat_run, resume_run
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.reader import Reader
from workbench.testing.home import desk_here
from workbench.texts import Text

Finish = Callable[..., Job]


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    plant("urn")
    return desk_here()


@pytest.fixture
def spec(desk: Desk, finish: Finish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spec:
    """A run over five beads and two, named as seen from their folder, in which the program does not stay."""
    (tmp_path / "beads.txt").write_text("rrbbr")
    (tmp_path / "more.txt").write_text("rb")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    values = {"data": {"kind": "beads", "path": "beads.txt"}, "beside": ["more.txt"]}
    made = new_run(desk, "urn", fields.validate(desk.tool("urn").tool.params, values))
    assert finish(made, "thread").state == "done"
    monkeypatch.chdir("elsewhere")
    return made


def again(desk: Desk, spec: Spec, how: str) -> Spec:
    """The run resumed for two steps more, or another one that goes on from it or does the same."""
    name = spec.folder.name
    match how:
        case "resume":
            return resume_run(desk, name, {"steps": "4"})
        case "fork":
            return fork_run(desk, name, {"steps": "4"})
        case _:
            return repeat_run(desk, name)


def said(spec: Spec) -> list[str]:
    return [Text.from_json(each["text"]) for each in Reader(spec.folder).notices()]


@pytest.mark.parametrize(("how", "count"), [("resume", 28.0), ("fork", 28.0), ("repeat", 14.0)])
def test_files_are_found_from_another_folder(desk: Desk, finish: Finish, spec: Spec, how: str, count: float) -> None:
    made = again(desk, spec, how)
    assert finish(made, "thread").state == "done"
    assert Reader(made.folder).last() == {"count": count}
    assert said(made) == []


@pytest.mark.parametrize("how", ["resume", "fork", "repeat"])
def test_data_that_have_changed_meanwhile_are_noticed(
    desk: Desk, finish: Finish, spec: Spec, tmp_path: Path, how: str
) -> None:
    (tmp_path / "beads.txt").write_text("b")
    made = again(desk, spec, how)
    assert finish(made, "thread").state == "done"
    assert said(made) == ["Beads: it is not what the run was begun with."]

"""A model composed of what two runs have made: loaded by kind, wherever it comes from, and linked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.errors import UserError
from workbench.jobs.start import Desk, live
from workbench.jobs.supervisor import Job
from workbench.testing.home import desk_here
from workbench.testing.running import Runner, values_for
from workbench.texts import Text


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    """The tools that make dice and throw them."""
    plant("mixer")
    return desk_here()


@pytest.fixture
def dice(runner: Runner) -> list[str]:
    """Two runs with a die each, of 6 and of 7 sides at first, with one side more at each of three steps."""
    made = [runner("die", {"sides": sides, "steps": 3}, where="thread") for sides in (6, 7)]
    return [each.reader.id for each in made]


def test_two_runs_artifacts_make_a_model(runner: Runner, dice: list[str]) -> None:
    one, other = dice
    ran = runner("throw", {"one": f"run:{one}/die@1", "other": f"run:{other}/die"})
    assert ran.state == "done", ran.said
    assert ran.reader.last() == {"mean": 3.5 + 5.0}
    links = [(each.run, each.step, each.relation) for each in ran.reader.links()]
    assert links == [(one, 1, "input"), (other, 3, "input")]


def test_the_same_artifact_twice_is_one_link(runner: Runner, dice: list[str]) -> None:
    ran = runner("throw", {"one": f"run:{dice[0]}/die", "other": f"run:{dice[0]}/die"}, where="thread")
    assert len(ran.reader.links()) == 1


def test_a_path_is_loaded_by_the_kind_of_its_parameter(runner: Runner, dice: list[str], tmp_path: Path) -> None:
    (tmp_path / "coin.json").write_text("[0, 1]")
    ran = runner("throw", {"one": str(tmp_path / "coin.json"), "other": f"run:{dice[0]}/die@1"}, where="thread")
    assert ran.reader.last() == {"mean": 0.5 + 3.5}
    assert len(ran.reader.links()) == 1


def test_a_path_is_kept_so_that_it_means_the_same_from_another_folder(
    runner: Runner, dice: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "coin.json").write_text("[0, 1]")
    monkeypatch.chdir(tmp_path)
    ran = runner("throw", {"one": "coin.json", "other": f"run:{dice[0]}/die@1"}, where="thread")
    assert ran.reader.params["one"] == str(tmp_path / "coin.json")


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("run:{run}/cup", "run:{run}/cup is a model/cup; a model/die is needed."),
        ("run:{run}/dye", "Run {run} has no artifact dye; it has: cup, die."),
        ("run:{run}/die@0", "die of run {run} begins at step 1."),
        ("/nowhere/die.json", "/nowhere/die.json is neither a run's artifact nor a file."),
    ],
)
def test_what_cannot_be_loaded_is_said(runner: Runner, dice: list[str], reference: str, said: str) -> None:
    names = {"run": dice[0], "root": runner.desk.workspace.root}
    ran = runner("throw", {"one": f"run:{dice[1]}/die", "other": reference.format(**names)}, where="thread")
    assert (ran.state, ran.said) == ("failed", said.format(**names))
    assert (ran.job.error or {})["type"] == "UserError"


def test_a_run_that_is_not_there_begins_none(runner: Runner, desk: Desk) -> None:
    with pytest.raises(UserError, match=r"There is no run 19990101") as raised:
        runner("throw", {"one": "run:19990101/die", "other": "die.json"}, where="thread")
    assert raised.value.field == "one"
    assert not [*desk.workspace.folders()]


def test_the_last_run_is_kept_by_its_id(runner: Runner, dice: list[str]) -> None:
    ran = runner("throw", {"one": "run:@last/die@1", "other": f"run:{dice[0]}/die"}, where="thread")
    assert ran.reader.params["one"] == f"run:{dice[1]}/die@1"
    assert ran.reader.last() == {"mean": 4.0 + 4.5}


def test_the_field_is_named(runner: Runner, dice: list[str]) -> None:
    ran = runner("throw", {"one": f"run:{dice[0]}/die", "other": f"run:{dice[0]}/cup"}, where="thread")
    assert (ran.job.error or {})["field"] == "other"


def test_a_live_tool_loads_artifacts_too(desk: Desk, dice: list[str]) -> None:
    params = values_for(desk.tool("look").tool.params, dict.fromkeys(("one", "other"), f"run:{dice[0]}/die@1"))
    job = Job(live(desk, "look", params), desk.registry, "thread")
    means: list[float] = []
    errors: list[str] = []
    job.listen("scalars", lambda event: means.extend(event.arrays["mean"]["value"]))
    job.listen("error", lambda event: errors.append(str(Text.from_json(event.data["text"]))))
    job.listen("state", lambda event: job.stop() if event.data["state"] == "idle" or errors else None)
    job.supervise()
    assert (means, errors) == ([7.0], [])

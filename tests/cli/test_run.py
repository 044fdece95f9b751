"""`workbench run` and what becomes of its runs, as a person uses it."""

from __future__ import annotations

import csv
import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from workbench.runs.reader import Reader

from .conftest import Write
from .program import done, finish, runs, same, start, steps_seen, until, values, weights, workbench, workers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")


# ------------------------------------------------------------------------------------- new runs


@pytest.mark.usefixtures("walker")
def test_a_run_says_one_object_and_keeps_what_it_was_given(tmp_path: Path) -> None:
    file = tmp_path / "params.json"
    file.write_text('{"steps": 7, "fault_at": 60, "pause": 0.001}', "utf-8-sig")  # as some editors write it
    found = done(
        "run", "walk", "--preset", "short", "--params", file, "--set", "lr=2e-4", "--set", "fault_at=70", "seed=3",
        "--json",
    ).object  # fmt: skip
    assert found.keys() == {"run_id", "status", "tool", "params", "seconds", "metrics"}
    assert (found["status"], found["tool"]) == ("done", "walk")
    expected = {"lr": 2e-4, "steps": 7, "fault_at": 70, "pause": 0.001, "seed": 3}
    assert {name: found["params"][name] for name in expected} == expected
    assert 0 < found["seconds"] < 120
    assert found["metrics"]["final/spread"] == found["metrics"]["spread"] > 0
    with closing(Reader(runs()[-1])) as reader:
        assert reader.id == found["run_id"]
        assert reader.params == found["params"]
        assert reader.last() == found["metrics"]
        assert reader.header.preset == "short"
        assert reader.header.command.startswith("workbench run walk --preset short")


CHOOSES = """
    from typing import Annotated, Literal
    from workbench.api import Group, OneOf, P, Params, Tool, hookimpl

    class Ring(Group):
        kind: Literal["ring"] = "ring"
        sigma: float = P(0.1, "Width")
        modes: int = P(8, "Modes")

    class Grid(Group):
        kind: Literal["grid"] = "grid"

    class Settings(Params):
        data: Annotated[Ring | Grid, OneOf()] = Ring()

    @hookimpl
    def workbench_declare():
        return [Tool("chooses", "Chooses", Settings, run=".job:run")]
"""


def test_parameters_may_be_named_before_the_variant_that_has_them(write: Write) -> None:
    write("chooses", CHOOSES, "def run(params, context):\n    context.scalars(a=1)\n")
    given = done("run", "chooses", "--set", "data.sigma=0.01", "--set", "data=ring", "data.modes=3", "--json")
    assert given.object["params"]["data"] == {"kind": "ring", "sigma": 0.01, "modes": 3}


def test_numbers_come_back_exactly(write: Write) -> None:
    write("exact", DECLARES, "def run(params, context):\n    context.scalars(a=params.a, b=params.b)\n")
    found = done("run", "exact", "--set", "a=2e-4", "b=0.999", "--json")
    assert '"a": 0.0002,' in found.out
    assert '"b": 0.999' in found.out
    assert found.object["metrics"] == {"a": 2e-4, "b": 0.999}
    with closing(sqlite3.connect(runs()[-1] / "run.sqlite")) as db:
        (text,) = db.execute("SELECT value FROM meta WHERE key = 'params'").fetchone()
    assert json.loads(text) == {"version": 1, "seed": 0, "a": 0.0002, "b": 0.999}


DECLARES = """
    from workbench.api import P, Params, Tool, hookimpl

    class Settings(Params):
        a: float = P(0.0, "A")
        b: float = P(0.0, "B")

    @hookimpl
    def workbench_declare():
        return [Tool("exact", "Exact", Settings, run=".job:run")]
"""


def test_a_count_is_said_with_all_its_digits(write: Write) -> None:
    write("exact", DECLARES, "def run(params, context):\n    context.scalars(a=params.a, b=params.b)\n")
    said = done("run", "exact", "--set", "a=1567170", "b=0.1234567").out
    assert [line.split()[1] for line in said.splitlines()[1:]] == ["1567170", "0.123457"]


def test_a_thread_does_the_same_as_a_process(finished: Path) -> None:
    done("run", "walk", "--preset", "short", "--set", "lr=2e-4", "fault_at=60", "--runner", "thread")
    (other,) = set(runs()) - {finished}
    for name in ("spread", "mean/x", "final/spread"):
        assert values(other, name) == values(finished, name)
    assert same(weights(other, 20), weights(finished, 20))


@pytest.mark.usefixtures("walker")
def test_in_chinese() -> None:
    found = done("run", "walk", "--set", "steps=3", "--lang", "zh_CN")
    run = runs()[-1].name
    assert found.err.splitlines() == [f"运行 {run}"]
    assert found.out.splitlines()[0] == f"运行 {run}：已完成。"
    assert "已完成" in done("--lang", "zh_CN", "runs").out
    assert "列出" in done("--help", LANG="zh_CN.UTF-8").out


# ------------------------------------------------------------------------------------- going on


def test_resume_fork_and_repeat(finished: Path) -> None:
    fork = done("run", "--fork", f"{finished.name}@20", "--set", "steps=30", "lr=3e-4", "--json").object
    assert (fork["params"]["steps"], fork["params"]["lr"]) == (30, 3e-4)
    repeat = done("run", "--repeat", finished.name, "--json").object
    resumed = done("run", "--resume", finished.name[:-1], "--set", "steps=30", "--json").object
    forked, repeated = (finished.with_name(each["run_id"]) for each in (fork, repeat))
    assert resumed["run_id"] == finished.name
    assert repeat["params"]["steps"] == 20
    assert len(runs()) == 3
    assert values(repeated, "spread") == values(finished, "spread")[:20]
    assert same(weights(repeated, 20), weights(finished, 20))
    with closing(Reader(forked)) as reader:
        assert list(reader.scalars("spread")["step"]) == list(range(21, 31))
        assert [(each.run, each.step, each.relation) for each in reader.links()] == [(finished.name, 20, "fork")]
    with closing(Reader(finished)) as reader:
        assert list(reader.scalars("spread")["step"]) == list(range(1, 31))
        assert [each.reason for each in reader.segments()] == ["start", "resume"]


# ------------------------------------------------------------------------------------- Ctrl-C


@pytest.mark.usefixtures("walker")
def test_ctrl_c_stops_saves_and_the_run_resumes_exactly() -> None:
    program = start("run", "walk", "--set", "steps=150", "pause=0.01", "--json")
    until(lambda: steps_seen() > 5)
    program.send_signal(signal.SIGINT)
    stopped = finish(program)
    assert stopped.status == 130
    assert stopped.object["status"] == "stopped"
    assert "Traceback" not in stopped.err
    assert workers() == []
    (parted,) = runs()
    with closing(Reader(parted)) as reader:
        reached = len(reader.scalars("spread"))
        assert reader.checkpoints()[-1].step == reached < 150
    done("run", "--resume", "@last")
    whole = runs()[0].with_name(done("run", "walk", "--set", "steps=150", "--json").object["run_id"])
    assert values(parted, "spread") == values(whole, "spread")
    assert same(weights(parted, 150), weights(whole, 150))


@pytest.mark.usefixtures("walker")
def test_ctrl_c_again_kills() -> None:
    program = start("run", "walk", "--set", "fault=hang", "fault_at=10", "--json")
    until(lambda: steps_seen() == 10)
    program.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert program.poll() is None
    begun = time.monotonic()
    program.send_signal(signal.SIGINT)
    killed = finish(program)
    assert time.monotonic() - begun < 5
    assert killed.status == 130
    assert "Traceback" not in killed.err
    assert killed.object["status"] == "failed"
    assert workers() == []
    assert steps_seen() == 10


@pytest.mark.usefixtures("walker")
def test_ctrl_c_before_the_job_begins() -> None:
    program = start("run", "walk", "--json")
    until(runs)
    program.send_signal(signal.SIGINT)
    found = finish(program)
    assert found.status == 130
    assert "Traceback" not in found.err
    assert workers() == []


# ------------------------------------------------------------------------------------- the store


def test_runs_are_listed_and_shown(finished: Path) -> None:
    (row,) = done("runs", "--json").object["runs"]
    assert (row["id"], row["state"], row["params"]["lr"]) == (finished.name, "done", 2e-4)
    assert finished.name in done("runs").out
    shown = done("runs", "@last", "--json").object
    assert (shown["run_id"], shown["status"], shown["checkpoints"]) == (finished.name, "done", [0, 20])
    assert shown["streams"].items() >= {"milestones": "rows", "here": "points"}.items()
    assert shown["metrics"] == row["last"]
    assert "lr" in done("runs", finished.name).out


def test_a_table_is_exported(finished: Path, tmp_path: Path) -> None:
    file = tmp_path / "walk.csv"
    assert done("export", "@last", "--to", "csv", file).out.splitlines() == [str(file)]
    with file.open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [int(row["step"]) for row in table] == list(range(1, 21))
    assert [float(row["spread"]) for row in table] == values(finished, "spread")
    assert "is there already" in workbench("export", "@last", "--to", "csv", file).complaint
    done("export", "@last", "--to", "csv", file, "--stream", "milestones", "--force")
    assert len(file.read_text("utf-8-sig").splitlines()) == 3


def test_pictures_are_exported(tmp_path: Path) -> None:
    program = start("run", "gan", "--set", "network.width=16", "steps=100000", "--json")
    until(lambda: steps_seen("loss/d") > 25)
    program.send_signal(signal.SIGINT)
    assert finish(program).object["status"] == "stopped"
    file, folder = tmp_path / "fixed.png", tmp_path / "all"
    done("export", "@last", "--to", "images", file, "--stream", "fixed")
    picture = Image.open(file)
    picture.load()
    side = 8 * (8 + 1) - 1  # eight by eight digits of eight pixels, with lines between
    assert picture.size == (side * (512 // side),) * 2
    done("export", "@last", "--to", "images", folder, "--stream", "fixed", "--stream", "real")
    assert {each.name.partition("-")[0] for each in folder.iterdir()} == {"fixed", "real"}
    assert all(Image.open(each).format == "PNG" for each in folder.iterdir())


# ------------------------------------------------------------------------------------- plugins


def tools(*arguments: str) -> set[str]:
    return {each["id"] for each in done("tools", "--json", *arguments).object["tools"]}


@pytest.mark.usefixtures("walker")
def test_plugins_are_disabled_enabled_and_left_out_in_safe_mode() -> None:
    assert {"gan", "walk"} <= tools()
    assert "walk" not in tools("--safe-mode")
    done("plugin", "disable", "gan")
    assert "gan" not in tools()
    assert "gan" in tools("--profile", "other")
    assert "gan is disabled" in done("tools").out
    done("plugin", "enable", "gan")
    assert {"gan", "walk"} <= tools()


# ------------------------------------------------------------------------------------- pipes


@pytest.mark.parametrize("command", [("tools", "--json"), ("runs",), ("--help",), ("tools", "--nonsense", "--json")])
@pytest.mark.usefixtures("finished")
def test_nobody_need_read_the_output_to_its_end(command: tuple[str, ...]) -> None:
    program = start(*command)
    assert program.stdout is not None
    program.stdout.close()
    assert program.stderr is not None
    err = program.stderr.read()
    assert program.wait() == (2 if "--nonsense" in command else 0)
    assert "Broken" not in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("walker")
def test_a_job_goes_on_when_nobody_reads_what_it_says() -> None:
    program = start("run", "walk", "--set", "steps=5")
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    program.stderr.close()
    assert program.wait() == 0
    assert steps_seen() == 5


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is full")
@pytest.mark.parametrize("command", ["runs", "runs --json", "tools nope --json", "run walk --set steps=2"])
@pytest.mark.usefixtures("finished")
def test_an_output_that_cannot_be_written_is_one_line(command: str) -> None:
    found = workbench(*command.split(), prefix=("sh", "-c", '"$@" >/dev/full', "sh"))
    assert found.status == 2
    assert ("nope" if "nope" in command else "Standard output cannot be written: No space left") in found.complaint


@pytest.mark.parametrize("closed", ["1", "2", "0<&- 1>&- 2"])
@pytest.mark.usefixtures("walker")
def test_a_job_runs_where_streams_are_closed(closed: str) -> None:
    found = workbench("run", "walk", "--set", "steps=5", prefix=("sh", "-c", f'"$@" {closed}>&-', "sh"))
    assert (found.status, steps_seen()) == (0, 5), found.err
    assert "Traceback" not in found.err


@pytest.mark.usefixtures("finished")
def test_the_installed_command_is_the_same() -> None:
    command = Path(sys.executable).with_name("workbench")
    listed = subprocess.run([command, "runs", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(listed.stdout) == done("runs", "--json").object

"""Workspaces, records, checkpoints, artifacts that are damaged or held: one clear line, and nothing else is lost."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .conftest import Write
from .program import done, failed, finish, refused, runs, start, steps_seen, until, values, weights, workbench

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
DECLARES = """
    from workbench.api import Params, Tool, hookimpl

    @hookimpl
    def workbench_declare():
        return [Tool("bad", "Bad", Params, run=".job:run")]
"""


# ------------------------------------------------------------------------------------- workspaces


@pytest.mark.usefixtures("walker")
def test_a_workspace_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, why, status in (("file", "无法读取", 2), ("file/below", "无法读取", 2), ("no/parent", "没有", 0)):
        place = tmp_path / name
        assert str(place) in refused("run", "walk", "--workspace", place)
        assert why in refused("runs", "nope", "--workspace", place, "--lang", "zh_CN")
        assert workbench("runs", "--workspace", place).status == status
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def mounted(mount: str) -> list[str]:
    """The command before a program that gives it a mount of its own; skips the test where that is not allowed."""
    prefix = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"]), "sh", "-c"]
    script = f'{mount} && exec "$@"'
    try:
        tried = subprocess.run([*prefix, script, "sh", "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs unshare, of Linux")
    if tried.returncode != 0:
        pytest.skip(f"may not mount here: {tried.stderr.strip()}")
    return [*prefix, script, "sh"]


def test_a_workspace_that_cannot_be_written_is_read(finished: Path, tmp_path: Path) -> None:
    workspace = finished.parents[1]
    prefix = mounted(f"mount --bind {workspace} {workspace} && mount -o remount,ro,bind {workspace}")
    shown = workbench("runs", finished.name, "--json", prefix=prefix)
    assert (shown.status, shown.object["status"]) == (0, "done")
    assert finished.name in workbench("runs", prefix=prefix).out
    assert workbench("export", "@last", "--to", "csv", tmp_path / "x.csv", prefix=prefix).status == 0
    new = workbench("run", "walk", prefix=prefix)
    assert new.status == 2
    assert "No run can be made in the workspace" in new.complaint
    assert "Read-only" in new.complaint
    again = workbench("run", "--resume", finished.name, "--set", "steps=30", prefix=prefix)
    assert again.status == 2
    assert f"Run {finished.name} cannot be written: Read-only file system." in again.complaint
    assert len(values(finished, "spread")) == 20


FILLS = """
    import os
    import time

    def run(params, context):
        for step in context.steps(4000):
            context.rows("random", [{"text": os.urandom(1000).hex()}])
            context.scalars(step=step)
            time.sleep(0.005)
"""


def test_a_full_workspace_is_one_line_and_keeps_what_it_has(write: Write, home: Path, tmp_path: Path) -> None:
    write("bad", DECLARES, FILLS)
    (home / "workspace").mkdir()
    keep = tmp_path / "kept"
    prefix = mounted(f"mount -t tmpfs -o size=2m tmpfs {home}/workspace")
    script = f'"$@"; status=$?; cp -r {home}/workspace {keep}; exit $status'
    found = workbench("run", "bad", prefix=[*prefix, "sh", "-c", script, "sh"])
    assert found.status == 1
    assert "full" in found.complaint
    assert "Free some space" in found.complaint
    (run,) = (keep / "runs").glob("[!.]*")
    kept = values(run, "step")
    assert len(kept) > 20
    assert kept == list(range(1, len(kept) + 1))
    shown = workbench("runs", run.name, "--json", "--workspace", keep)
    assert shown.object["status"] in ("failed", "interrupted")


# ------------------------------------------------------------------------------------- runs


@pytest.mark.usefixtures("walker")
def test_a_run_is_resumed_by_one_program_at_a_time() -> None:
    first = start("run", "walk", "--set", "steps=100000", "pause=0.01", "--json")
    until(lambda: steps_seen() > 3)
    (run,) = runs()
    assert "is being written by another program" in refused("run", "--resume", run.name)
    assert done("runs", run.name, "--json").object["status"] == "running"
    before = steps_seen()
    until(lambda: steps_seen() > before + 5)
    first.send_signal(signal.SIGINT)
    assert finish(first).object["status"] == "stopped"
    assert done("runs", run.name, "--json").object["error"] is None


class Trap:
    """Loading it makes a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.file),)


@pytest.mark.parametrize("damage", ["flipped", "short", "pickle", "gone", "state"])
def test_a_damaged_checkpoint_is_one_line_and_an_earlier_one_works(finished: Path, tmp_path: Path, damage: str) -> None:
    folder = next((finished / "checkpoints").glob("*-000000020"))
    before = values(finished, "spread")
    file = folder / ("state.json" if damage == "state" else "tensors.safetensors")
    content = bytearray(file.read_bytes())
    content[-7] ^= 1
    trap = pickle.dumps(Trap(tmp_path / "sprung"))
    file.write_bytes({"flipped": bytes(content), "short": bytes(content[:-9]), "pickle": trap}.get(damage, b"{}"))
    if damage == "gone":
        file.unlink()
    complaint = failed("run", "--resume", finished.name, "--set", "steps=25", "--runner", "thread")
    assert str(folder) in complaint
    assert "is damaged" in complaint
    assert "--resume RUN@STEP" in complaint
    assert not (tmp_path / "sprung").exists()
    assert values(finished, "spread") == before
    if damage == "flipped":
        done("run", "--resume", f"{finished.name}@0", "--set", "steps=25")
        assert values(finished, "spread")[:20] == before
        assert len(weights(finished, 25)) > 2


TAKES = """
    from workbench.api import P, Params, Tool, hookimpl

    class Settings(Params):
        model: str = P("", "Model")

    @hookimpl
    def workbench_declare():
        return [Tool("take", "Take", Settings, run=".job:run")]
"""


def test_a_pickle_among_the_artifacts_is_never_loaded(write: Write, tmp_path: Path) -> None:
    write("take", TAKES, "def run(params, context):\n    context.load(params.model)\n")
    done("run", "gan", "--set", "data=ring8", "steps=2", "network.width=8")
    (run,) = runs()
    done("run", "take", "--set", f"model=run:{run.name}/generator")
    (file,) = run.glob("artifacts/generator-*/weights.safetensors")
    file.write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    assert "damaged" in failed("run", "take", "--set", f"model=run:{run.name}/generator")
    assert not (tmp_path / "sprung").exists()
    assert "has no artifact nope; it has: discriminator, generator." in failed(
        "run", "take", "--set", f"model=run:{run.name}/nope"
    )


def test_a_damaged_artifact_is_named(write: Write) -> None:
    write("take", TAKES, MAKES)
    done("run", "take")
    (run,) = runs()
    (file,) = run.glob("artifacts/generator-*/about.json")
    file.write_text("{", "utf-8")
    reference = f"run:{run.name}/generator"
    assert reference in failed("run", "take", "--set", f"model={reference}")


MAKES = """
    def run(params, context):
        if params.model:
            context.load(params.model)
        else:
            context.artifact("generator", "model/generator", write)

    def write(path):
        path.mkdir()
        (path / "about.json").touch()
"""


@pytest.mark.parametrize("damage", ["zeros", "short", "text", "empty", "gone"])
def test_a_damaged_record_is_named_and_the_other_runs_are_there(finished: Path, tmp_path: Path, damage: str) -> None:
    other = finished.with_name(finished.name.replace("-walk-", "-walk-x"))
    shutil.copytree(finished, other)
    file = other / "run.sqlite"
    content = file.read_bytes()
    broken = {"zeros": bytes(len(content)), "short": content[:5000], "text": b"not a database " * 99}
    file.write_bytes(broken.get(damage, b""))
    if damage == "gone":
        file.unlink()
    for command in (
        ["runs", other.name],
        ["export", other.name, "--to", "csv", tmp_path / "x.csv"],
        ["run", "--resume", other.name],
    ):
        assert other.name in refused(*command)
    listed = {row["id"]: row["state"] for row in done("runs", "--json").object["runs"]}
    assert listed == {finished.name: "done", other.name: "damaged"}
    assert not (tmp_path / "x.csv").exists()
    assert file.exists() == (damage != "gone")


def test_an_export_that_cannot_be_written_is_one_line(finished: Path, tmp_path: Path) -> None:
    assert "There is no format nope; there are: csv" in refused("export", finished.name, "--to", "nope", "x")
    assert "has no stream nope" in refused("export", finished.name, "--to", "csv", tmp_path / "x", "--stream", "nope")
    assert "cannot be written" in refused("export", finished.name, "--to", "csv", tmp_path / "no" / "x.csv")
    assert "has no checkpoint of step 7; it has: 0, 20." in refused("run", "--fork", f"{finished.name}@7")
    assert "seed cannot change" in refused("run", "--resume", finished.name, "--set", "seed=3")
    assert list(tmp_path.iterdir()) == []

"""What goes wrong is one clear line in the person's language, an exit status, no traceback, and nothing lost."""

from __future__ import annotations

import gzip
import os
import pickle
import shutil
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench.settings import Places

from .conftest import Write
from .program import done, finish, runs, start, steps_seen, until, values, weights, workbench

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")


def refused(*arguments: str | Path, **environment: str) -> str:
    """The complaint about a wrong call."""
    found = workbench(*arguments, **environment)
    assert found.status == 2, found
    assert found.out == ""
    return found.complaint


def failed(*arguments: str | Path, **environment: str) -> str:
    """The complaint of a job that went wrong."""
    found = workbench(*arguments, **environment)
    assert found.status == 1, found
    return found.complaint


# ------------------------------------------------------------------------------------- the call


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),  # in Chinese where the sentence comes from a place of its own
    [
        (["nonsense"], "invalid choice: 'nonsense'", "无效的选择：'nonsense'"),
        (["export"], "required: RUN, --to, PATH", "缺少以下参数：RUN, --to, PATH"),
        (["runs", "--nonsense"], "unrecognized arguments: --nonsense", "无法识别的参数：--nonsense"),
        (["run", "walk", "--preset"], "argument --preset: expected one argument", "参数 --preset：需要一个值"),
        (["run", "--resume", "a", "--fork", "b"], "not allowed with argument --resume", "不能与参数 --resume 同时使用"),
        (["run"], "Name a tool.", "请指定一个工具。"),
        (["run", "nope"], "There is no tool nope; there are: corpus-contexts", "没有工具 nope"),
        (["run", "walk", "--preset", "nope"], "walk has no preset nope; it has: short.", "walk 没有预设 nope"),
        (["run", "walk", "--set", "step=3"], "did you mean steps?", ""),
        (["run", "walk", "--set", "steps"], "steps is not of the form name=value.", "steps 不是"),
        (["run", "walk", "--set", "=3"], "=3 is not of the form name=value.", ""),
        (["run", "walk", "--set", "steps=many"], "steps: many is not a whole number.", ""),
        (["run", "walk", "--set", "steps=-3"], "steps: must be at least 1.", "steps：不得小于 1。"),
        (["run", "walk", "--set", "lr=nan"], "lr: must be a finite number.", ""),
        (["run", "walk", "--set", "lr=1e999"], "lr: must be a finite number.", ""),
        (["run", "walk", "--set", "fault=oops"], "fault: oops is not one of", ""),
        (["run", "gan", "--set", "data=nope"], "data: nope is not one of", ""),
        (["run", "gan", "--set", "data.sigma=1"], "data.sigma: ", ""),
        (["run", "gan", "--set", "head.weights=[1,2"], "head.weights", ""),
        (["run", "--resume", "nope"], "There is no run nope in", "中没有运行 nope"),
        (["run", "--resume", "@last@soon"], "soon is no step.", ""),
        (["runs", "nope"], "There is no run nope in", ""),
        (["export", "nope", "--to", "csv", "x.csv"], "There is no run nope in", ""),
        (["plugin", "disable", "nope"], "There is no plugin nope; there are: ", ""),
        (["tools", "--profile", "../x"], "'../x' is no name for a profile.", ""),
    ],
)
@pytest.mark.usefixtures("walker")
def test_a_wrong_call_is_one_line(arguments: list[str], english: str, chinese: str) -> None:
    assert english in refused(*arguments)
    assert not chinese or chinese in refused(*arguments, LANG="zh_CN.UTF-8")
    assert runs() == []


def test_with_json_an_error_is_one_object(walker: Path) -> None:
    found = workbench("run", "walk", "--set", "steps=0", "--json", "--lang", "zh_CN")
    assert (found.status, found.object["run_id"], found.object["status"]) == (2, None, "failed")
    assert found.object["error"]["field"] == "steps"
    assert found.object["error"]["text"] == found.complaint == "steps：不得小于 1。"
    shutil.rmtree(walker)
    assert workbench("run", "walk", "--json").object["error"]["type"] == "UserError"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file or directory."),
        (b"{steps: 3}", "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b"[3]", "must hold one JSON object."),
        (b'{"steps": "many"}', "steps: many is not a whole number."),
        (b'{"nope": 3}', "there is no field nope"),
        (b'{"steps": 1e400}', "steps: "),
        (b"[" * 100_000, "is no JSON"),
    ],
)
@pytest.mark.usefixtures("walker")
def test_a_wrong_file_of_parameters_is_one_line(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "params.json"
    if content is not None:
        file.write_bytes(content)
    assert said in refused("run", "walk", "--params", file)
    assert runs() == []


@pytest.mark.parametrize("value", ["99999999999999999999999", "1e300"])
@pytest.mark.usefixtures("walker")
def test_an_absurd_seed_is_refused_or_works(value: str) -> None:
    found = workbench("run", "walk", "--set", f"seed={value}", "steps=2")
    assert found.status in (0, 2)
    assert found.status == 0 or "seed: " in found.complaint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("language = ", "not readable as TOML: Invalid value (at end of document). Mend the file"),
        ('device = "cpu"\nslots = 3\n', "line 2: there is no setting slots"),
        ("cpu_slots = 0\n", "line 1: cpu_slots = 0"),
    ],
)
def test_unreadable_settings_are_named_with_their_line(text: str, said: str) -> None:
    file = Places.of().settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    complaint = refused("tools")
    assert said in complaint
    assert str(file) in complaint
    assert file.read_text("utf-8") == text


def test_errors_speak_the_language_of_the_settings() -> None:
    file = Places.of().settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('language = "zh_CN"\n', "utf-8")
    assert "没有工具 nope" in refused("run", "nope")
    assert "There is no tool nope" in refused("run", "nope", "--lang", "en")


# ------------------------------------------------------------------------------------- data sets


def idx(magic: int, sizes: list[int], content: bytes) -> bytes:
    return struct.pack(f">I{len(sizes)}I", magic, *sizes) + content


def family(folder: Path) -> dict[str, bytes]:
    """A tiny set like MNIST."""
    folder.mkdir()
    images, labels = idx(0x803, [20, 8, 8], bytes(range(64)) * 20), idx(0x801, [20], bytes(range(10)) * 2)
    files = {
        "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels,
        "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels,
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return files


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("train-images-idx3-ubyte", None, "holds no file train-images-idx3-ubyte"),
        ("train-images-idx3-ubyte", slice(0, 100), "it is cut short or too long: 100 bytes"),
        ("t10k-labels-idx1-ubyte", idx(0x801, [19], bytes(19)), "it has 19 labels for 20 images"),
        ("train-labels-idx1-ubyte", idx(0x803, [20, 1, 1], bytes(20)), "its first bytes are 00 00 08 03"),
        ("train-images-idx3-ubyte.gz", gzip.compress(bytes(9999))[:-20], "it cannot be read"),
    ],
)
def test_a_wrong_data_set_is_one_line(tmp_path: Path, name: str, content: Any, said: str) -> None:
    folder = tmp_path / "data"
    files = family(folder)
    plain = folder / name.removesuffix(".gz")
    if content is None or name.endswith(".gz"):
        plain.unlink()
    if content is not None:
        (folder / name).write_bytes(files[name][content] if isinstance(content, slice) else content)
    complaint = failed("run", "gan", "--set", "data=idx", f"data.path={folder}", "steps=3", "--runner", "thread")
    assert said in complaint
    assert str(folder) in complaint
    assert workbench("runs", "@last", "--json").object["status"] == "failed"


# ------------------------------------------------------------------------------------- plugins

DECLARES = """
    from workbench.api import Params, Tool, hookimpl

    @hookimpl
    def workbench_declare():
        return [Tool("bad", "Bad", Params, run=".job:run")]
"""


def test_a_plugin_that_fails_at_import_is_said_and_the_others_work(write: Write, finished: Path) -> None:
    write("bad", "raise OSError('planted')")
    listed = done("tools")
    assert "OSError: planted" in listed.out
    assert "walk" in listed.out
    assert {each["name"]: each["state"] for each in done("tools", "--json").object["plugins"]}["bad"] == "failed"
    assert "There is no tool bad" in refused("run", "bad")
    assert finished.name in done("runs").out


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ("raise OSError('planted')", "OSError: planted"),
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("def run(params, context):\n    1 / 0", "ZeroDivisionError: division by zero"),
        ("def run(params, context):\n    raise SystemExit(3)", "exit status 3"),
        ("def run(params, context):\n    context.scalars(a='many')", "many"),
        ("def walk(params, context): ...", "has no run"),
    ],
)
def test_a_job_that_raises_is_one_line_and_its_traceback_is_in_the_log(write: Write, job: str, said: str) -> None:
    write("bad", DECLARES, job)
    complaint = failed("run", "bad")
    assert said in complaint
    (run,) = runs()
    assert str(run / "log.txt") in complaint
    assert done("runs", run.name, "--json").object["status"] == "failed"


@pytest.mark.usefixtures("walker")
def test_a_job_says_its_own_error_in_json_too() -> None:
    found = workbench("run", "walk", "--set", "fault=user", "fault_at=3", "--json", "--lang", "zh_CN")
    error = found.object["error"]
    assert (found.status, found.object["status"]) == (1, "failed")
    assert (error["type"], error["field"], error["text"]) == ("UserError", "lr", "Planted: 3 is too many.")
    assert Path(error["log"]).exists()
    assert "spread" in found.object["metrics"]


@pytest.mark.usefixtures("walker")
def test_in_a_thread_a_job_that_raises_is_one_line_too() -> None:
    complaint = failed("run", "walk", "--set", "fault=raise", "fault_at=3", "--runner", "thread")
    assert "ZeroDivisionError: planted" in complaint
    assert "Traceback" in (runs()[-1] / "log.txt").read_text("utf-8")


def test_a_run_whose_plugin_is_gone_is_kept_and_can_be_seen(finished: Path, walker: Path, tmp_path: Path) -> None:
    shutil.rmtree(walker)
    for origin in ("--resume", "--fork", "--repeat"):
        assert "There is no tool walk" in refused("run", origin, finished.name)
    assert done("runs", finished.name, "--json").object["status"] == "done"
    done("export", finished.name, "--to", "csv", tmp_path / "x.csv")
    assert runs() == [finished]


# ------------------------------------------------------------------------------------- workspaces


@pytest.mark.usefixtures("walker")
def test_a_workspace_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "no" / "parent"):
        assert str(place) in refused("run", "walk", "--workspace", place)
        assert "没有" in refused("runs", "nope", "--workspace", place, "--lang", "zh_CN")
        assert workbench("runs", "--workspace", place).status == 0
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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is one")
def test_a_window_needs_a_display() -> None:
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    assert "There is no display" in refused(**nowhere)
    assert "没有可用的显示器" in refused("--lang", "zh_CN", **nowhere)

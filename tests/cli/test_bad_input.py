"""What goes wrong is one clear line in the person's language, an exit status, no traceback, and nothing lost."""

from __future__ import annotations

import argparse
import gzip
import shutil
import struct
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench.cli.session import Session
from workbench.settings import Places

from .conftest import Write
from .program import done, failed, refused, runs, workbench

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")


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
        (["run", "--resume", "@last@²"], "² is no step.", ""),
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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is one")
def test_a_window_needs_a_display() -> None:
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    assert "There is no display" in refused(**nowhere)
    assert "没有可用的显示器" in refused("--lang", "zh_CN", **nowhere)


# ------------------------------------------------------------------------------------- places

LONG = "a" * 300


@pytest.mark.parametrize(
    ("workspace", "why"),
    [
        (LONG, "File name too long. Choose another folder with --workspace"),
        ("file", "a file is where a folder should be. Choose another folder"),
        ("file/below", "a file is where a folder should be. Choose another folder"),
    ],
)
@pytest.mark.usefixtures("walker")
def test_a_workspace_that_cannot_be_one_is_one_line(tmp_path: Path, workspace: str, why: str) -> None:
    (tmp_path / "file").touch()
    place = tmp_path / workspace
    for arguments in (["run", "walk"], ["runs"], ["runs", "@last"]):
        complaint = refused(*arguments, "--workspace", place)
        assert str(place) in complaint
        assert why in complaint
    assert (tmp_path / "file").is_file()


def test_a_home_of_nobody_is_one_line() -> None:
    assert "is in no known home folder. Write the whole path." in refused("runs", "--workspace", "~nobody-here/x")
    assert "is in no known home folder." in refused("import", "~nobody-here/x")
    assert "is in no known home folder." in refused("runs", WORKBENCH_WORKSPACE="~nobody-here/x")


def test_a_path_that_the_system_refuses_is_one_line(finished: Path, tmp_path: Path) -> None:
    complaint = refused("export", finished.name, "--to", "csv", tmp_path / LONG)
    assert f"{tmp_path / LONG} cannot be used: File name too long. Name another place" in complaint


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
        ("train-images-idx3-ubyte.gz", gzip.compress(bytes(9999), mtime=0)[:-20], "it cannot be read"),
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


@pytest.mark.usefixtures("listening")
def test_a_person_s_ctrl_c_ends_the_program_while_a_plugin_is_loaded(write: Write) -> None:
    write("bad", "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)")
    found = workbench("tools")
    assert (found.status, found.out, found.err) == (130, "", "")


def test_a_plugin_that_hangs_can_be_disabled(write: Write, tmp_path: Path) -> None:
    write("bad", f"import pathlib\npathlib.Path({str(tmp_path / 'imported')!r}).touch()")
    done("plugin", "disable", "bad")
    assert "The plugin bad is disabled." in done("tools").out
    assert not (tmp_path / "imported").exists()


def test_a_plugin_that_does_not_end_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    options = argparse.Namespace(profile="p", workspace="", lang="en", safe_mode=False)
    Session.of(options)._say_late("bad")
    said = capsys.readouterr().err
    assert said.startswith("workbench: The plugin bad is still being loaded, after 10 seconds.")
    assert "press Ctrl-C and disable it: `workbench --profile p plugin disable bad`." in said


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ("raise OSError('planted')", "OSError: planted"),
        ("def run(params, context):\n    context.scalars({1: 1.0})", "a name is a text of whole characters, not 1"),
        ("def run(params, context):\n    context.scalars({'\\ud800': 1.0})", "of whole characters, not '\\ud800'"),
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

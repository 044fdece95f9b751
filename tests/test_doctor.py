"""The doctor: says what is found, what is wrong and what to do, and stays light himself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workbench import doctor
from workbench.doctor import Check, examine, to_json
from workbench.registry import Plugin, Problem, Registry
from workbench.settings import Settings
from workbench.texts import Text, translate


def by_name(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children that answer at once."""
    answers = {doctor._ASK_TORCH: {"version": "2.9", "devices": []}, doctor._ASK_QT: ["Noto Sans CJK SC"]}
    monkeypatch.setattr(doctor, "_ask", lambda code, _: (answers[code], None))


def test_this_machine_is_examined(tmp_path: Path) -> None:
    checks = examine(Settings(workspace=tmp_path), Registry())
    assert by_name(checks, "Qt").state == "ok"
    assert by_name(checks, "torch").state == "ok"
    assert by_name(checks, "GPU").found
    assert by_name(checks, "Workspace").state == "ok"
    assert by_name(checks, "Plugins").found == "plugins: 0, tools: 0"
    plain = to_json(checks)
    assert {"name", "state", "found", "remedy"} == set(plain[0])
    assert {type(value) for value in plain[0].values()} == {str}


@pytest.mark.usefixtures("quick")
def test_problems_of_plugins_are_named() -> None:
    plugin = Plugin("bad", "bad", "", "folder", None, "failed", problems=(Problem(Text("It is broken.")),))
    found = by_name(examine(Settings(), Registry((plugin,))), "Plugin bad")
    assert (found.state, found.found) == ("warn", "It is broken.")


@pytest.mark.usefixtures("quick")
def test_a_workspace_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = by_name(examine(Settings(workspace=tmp_path / "file" / "w"), Registry()), "Workspace")
    assert (found.state, found.remedy != "") == ("fail", True)


@pytest.mark.usefixtures("quick")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has ldd")
@pytest.mark.parametrize(("display", "state"), [(":0", "fail"), ("", "warn")])
def test_missing_libraries_are_named_with_their_packages(
    monkeypatch: pytest.MonkeyPatch, display: str, state: str
) -> None:
    missing = ["libxcb-icccm.so.4", "libxcb-keysyms.so.1", "libodd.so.7"]
    monkeypatch.setattr(doctor, "missing_libraries", lambda files: missing if "xcb" in str(files) else [])
    monkeypatch.setenv("DISPLAY", display)
    found = by_name(examine(Settings(), Registry()), "Qt's system libraries for X11")
    assert (found.state, found.found) == (state, "missing: libxcb-icccm.so.4, libxcb-keysyms.so.1, libodd.so.7")
    assert found.remedy.endswith("apt-get install libxcb-icccm4 libxcb-keysyms1 libodd.so.7")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has ldd")
def test_what_is_not_found_is_read_from_the_loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ldd = tmp_path / "ldd"
    ldd.write_text("#!/bin/sh\necho '\tlibc.so.6 => /lib/libc.so.6 (0x0)'\necho '\tlibodd.so.7 => not found'\n")
    ldd.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert doctor.missing_libraries([Path("any"), Path("other")]) == ["libodd.so.7"]


@pytest.mark.parametrize(
    ("answers", "name", "state"),
    [
        (([], None), "Chinese font", "warn"),
        ((None, Text("it aborted")), "Qt starts", "fail"),
        ((["Noto Sans CJK SC"], None), "Chinese font", "ok"),
    ],
)
def test_fonts(monkeypatch: pytest.MonkeyPatch, answers: tuple[object, Text | None], name: str, state: str) -> None:
    monkeypatch.setattr(doctor, "_ask", lambda *_: answers)
    (check,) = doctor._font()
    assert (check.name, check.state) == (name, state)


def test_a_child_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._ask("raise RuntimeError('odd')", {}) == (None, "RuntimeError: odd")
    assert doctor._ask("import os, json; print(json.dumps(os.environ['A']))", {"A": "b"}) == ("b", None)
    monkeypatch.setattr(doctor, "_SECONDS", 0.01)
    assert doctor._ask("import time; time.sleep(9)", {})[1] == "no answer within 0 seconds"


def test_the_doctor_stays_light() -> None:
    code = "import sys, workbench.doctor; assert not {'torch', 'PySide6', 'numpy'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_said_can_be_translated() -> None:
    assert translate(Check(Text("Chinese font"), "ok", Text("")).name, "zh_CN") == "中文字体"

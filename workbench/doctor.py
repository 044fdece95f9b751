"""What is found on this machine, what is wrong, what to do. Imports neither Qt nor torch: child processes do."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workbench import qtcheck
from workbench.errors import UserError
from workbench.registry import Registry
from workbench.settings import Settings
from workbench.texts import T, Text

DEBIAN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""The Debian package of each library that Qt's own packages do not bring along."""
FONT = "fonts-noto-cjk"
_SECONDS = 120.0
_GIGABYTE = 1e9
_NOTHING = Text("")

_ASK_TORCH = """
import json, torch
names = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
names += ["Apple GPU (mps)"] if torch.backends.mps.is_available() else []
print(json.dumps({"version": torch.__version__, "devices": names}))
"""
_ASK_QT = """
import json
from PySide6.QtGui import QFontDatabase, QGuiApplication
app = QGuiApplication([])
print(json.dumps(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)))
"""


@dataclass(frozen=True)
class Check:
    """One thing examined. remedy: what to do, empty where nothing need be done."""

    name: Text
    state: Literal["ok", "warn", "fail"]
    found: Text
    remedy: Text = _NOTHING


def examine(settings: Settings, registry: Registry) -> list[Check]:
    """Every check, in the order in which a person would mend things. Takes some seconds: torch is imported."""
    checks = [_python(), _qt(), *_libraries(), *_font(), *_torch(), _workspace(settings.workspace)]
    return [*checks, *_plugins(registry)]


def to_json(checks: Iterable[Check]) -> list[dict[str, str]]:
    """The checks as plain JSON, in English."""
    return [
        {"name": str(each.name), "state": each.state, "found": str(each.found), "remedy": str(each.remedy)}
        for each in checks
    ]


# ------------------------------------------------------------------------------------- Python, Qt


def _python() -> Check:
    found = T("{version} at {path}", version=platform.python_version(), path=sys.executable)
    return Check(T("Python"), "ok", found)


def _qt() -> Check:
    try:
        return Check(T("Qt"), "ok", Text(f"PySide6 {qtcheck.check()}"))
    except UserError as error:
        return Check(T("Qt"), "fail", error.text, error.remedy)


def _libraries() -> Iterator[Check]:
    """Missing system libraries: for any window, then for X11; its own message often names the wrong ones."""
    home = _folder("PySide6")
    if sys.platform != "linux" or home is None or shutil.which("ldd") is None:
        return
    any_window = missing_libraries([home / "Qt/lib/libQt6Widgets.so.6", home / "Qt/plugins/platforms/libqoffscreen.so"])
    x11 = missing_libraries([home / "Qt/plugins/platforms/libqxcb.so"])
    if any_window:
        yield Check(T("Qt's system libraries"), "fail", _names(any_window), _apt(any_window))
    elif x11:
        state: Literal["warn", "fail"] = "fail" if os.environ.get("DISPLAY") else "warn"
        yield Check(T("Qt's system libraries for X11"), state, _names(x11), _apt(x11))
    else:
        yield Check(T("Qt's system libraries"), "ok", T("all there"))


def missing_libraries(files: Sequence[Path]) -> list[str]:
    """The libraries, by their file names, that these files need and the system does not have."""
    found: dict[str, None] = {}
    for file in files:
        said = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False).stdout
        found |= {line.split()[0]: None for line in said.splitlines() if line.endswith("not found")}
    return list(found)


def _names(libraries: Sequence[str]) -> Text:
    return T("missing: {names}", names=", ".join(libraries))


def _apt(libraries: Sequence[str]) -> Text:
    """The command for Debian and Ubuntu; a library whose package we do not know is named as a file."""
    packages = " ".join(dict.fromkeys(DEBIAN.get(each, each) for each in libraries))
    return T("On Debian and Ubuntu: {command}", command=f"apt-get install {packages}")


def _font() -> Iterator[Check]:
    if _folder("PySide6") is None:
        return
    families, fault = _ask(_ASK_QT, {"QT_QPA_PLATFORM": "offscreen"})
    if fault:
        yield Check(T("Qt starts"), "fail", fault, T("Mend what is said above, then try again."))
    elif families:
        yield Check(T("Chinese font"), "ok", Text(families[0]))
    else:
        remedy = T("On Debian and Ubuntu: {command}", command=f"apt-get install {FONT}")
        yield Check(T("Chinese font"), "warn", T("none: Chinese texts show as boxes"), remedy)


# ------------------------------------------------------------------------------------- torch, workspace, plugins


def _torch() -> Iterator[Check]:
    answer, fault = _ask(_ASK_TORCH, {})
    if fault:
        remedy = T("Install it: {command}", command=f"{sys.executable} -m pip install torch")
        yield Check(T("torch"), "fail", fault, remedy)
        return
    yield Check(T("torch"), "ok", Text(answer["version"]))
    devices = ", ".join(answer["devices"])
    yield Check(T("GPU"), "ok", Text(devices) if devices else T("none: jobs run on the processor"))


def _workspace(folder: Path) -> Check:
    remedy = T("Choose another folder with --workspace or in the settings.")
    try:
        existing = next(each for each in (folder, *folder.parents) if each.exists())
        usable = existing.is_dir() and os.access(existing, os.W_OK)
    except OSError as error:
        found = T("{folder} cannot be used: {why}", folder=folder, why=error.strerror)
        return Check(T("Workspace"), "fail", found, remedy)
    if not usable:
        return Check(T("Workspace"), "fail", T("{folder} cannot be written", folder=folder), remedy)
    free = shutil.disk_usage(existing).free / _GIGABYTE
    found = T("{folder}, {free} GB free", folder=folder, free=f"{free:.0f}")
    if free < 1:
        return Check(T("Workspace"), "warn", found, T("Make room: runs keep checkpoints."))
    return Check(T("Workspace"), "ok", found)


def _plugins(registry: Registry) -> Iterator[Check]:
    for plugin in registry.plugins:
        for problem in plugin.problems if plugin.state != "skipped" else ():
            remedy = T("See `{command}`.", command="workbench tools --json")
            yield Check(T("Plugin {name}", name=plugin.name), "warn", problem.text, remedy)
    found = T("plugins: {plugins}, tools: {tools}", plugins=len(registry.plugins), tools=len(registry.tools))
    yield Check(T("Plugins"), "ok" if registry.tools else "warn", found)


# ------------------------------------------------------------------------------------- asking


def _folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _ask(code: str, environment: dict[str, str]) -> tuple[Any, Text | None]:
    """What a child prints as JSON, or what went wrong with it: its last line."""
    env = {**os.environ, **environment}
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL, timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, T("no answer within {seconds} seconds", seconds=int(_SECONDS))
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        return None, Text(lines[-1])
    return json.loads(done.stdout), None

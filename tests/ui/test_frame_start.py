"""How the window comes: light until it is painted, whatever is imported after that, and it refuses a bad Qt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from workbench import qtcheck
from workbench.cli import main

CPU_SECONDS = 1.2
SLACK = 1.5
"""A machine under load, with cold caches, takes longer for the same."""
HEAVY = ("torch", "pyqtgraph", "numpy", "scipy", "duckdb", "workbench.jobs.supervisor", "superqt")
CHILD = f"""
import json, sys, time
from PySide6.QtCore import QTimer
from workbench.ui import window

def begin(self):
    heavy = [name for name in {HEAVY!r} if name in sys.modules]
    print(json.dumps({{"cpu": time.process_time(), "heavy": heavy, "visible": self.isVisible()}}))
    QTimer.singleShot(0, self, self.close)

window.Window._begin = begin
from workbench.cli import main
sys.exit(main([]))
"""


def test_nothing_heavy_is_imported_until_the_window_is_painted(home: Path) -> None:
    found = min((painted(home) for _ in range(3)), key=lambda each: each["cpu"])
    assert not found["heavy"]
    assert found["visible"]
    assert found["cpu"] <= CPU_SECONDS * SLACK, found


def painted(home: Path) -> dict[str, Any]:
    """What a child of its own says when its window was painted."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, text=True, env=environment, cwd=home, check=False
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def test_a_bad_qt_is_refused_before_it_is_imported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(qtcheck, "installed", lambda: "6.11.0")
    assert main([]) == 2
    assert "cannot be used" in capsys.readouterr().err


def test_every_module_that_is_warmed_exists() -> None:
    from workbench.ui.host import DRAW, WARM  # noqa: PLC0415 - it imports Qt

    assert all(find_spec(name) for name in (*WARM, *DRAW))

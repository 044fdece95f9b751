"""The installed Qt: known-bad versions are refused, and this one loses no references to None."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from workbench import qtcheck
from workbench.errors import UserError

PROBE = """
import sys
from PySide6.QtCore import QObject, QTimer, QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QSlider, QVBoxLayout, QWidget

app = QApplication([])
label, host, slider, layout = QLabel(), QWidget(), QSlider(), QVBoxLayout()
image = QImage(8, 8, QImage.Format.Format_RGB32)
painter, timer, items = QPainter(image), QTimer(), QListWidget()
calls = {
    "QLabel.setText": lambda: label.setText("x"),
    "QWidget.setEnabled": lambda: host.setEnabled(True),
    "QWidget.resize": lambda: host.resize(20, 20),
    "QWidget.update": lambda: host.update(),
    "QWidget.parent": lambda: QWidget.parent(host),
    "QObject.setObjectName": lambda: host.setObjectName("x"),
    "QSlider.setValue": lambda: slider.setValue(3),
    "QLayout.setSpacing": lambda: layout.setSpacing(2),
    "QPainter.setPen": lambda: painter.setPen("red"),
    "QPainter.fillRect": lambda: painter.fillRect(QRect(0, 0, 2, 2), "red"),
    "QPainter.drawImage": lambda: painter.drawImage(0, 0, image),
    "QTimer.setInterval": lambda: timer.setInterval(10),
    "QListWidget.currentItem": lambda: items.currentItem(),
}
for name, call in calls.items():
    call()
    before = sys.getrefcount(None)
    for _ in range(500):
        call()
    drift = sys.getrefcount(None) - before
    if abs(drift) > 50:
        print(name, drift)
painter.end()
"""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal here: its references are not counted")
def test_calls_of_qt_lose_no_reference_to_none() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_the_installed_version_is_not_known_to_be_bad() -> None:
    assert qtcheck.check() == qtcheck.installed()


@pytest.mark.parametrize(("version", "python"), [("6.11.0", (3, 13)), ("6.11.1", (3, 11)), ("6.12.0", (3, 11))])
def test_a_bad_version_is_refused_with_what_to_install(version: str, python: tuple[int, int]) -> None:
    with pytest.raises(UserError, match=f"{version} cannot be used: it ") as caught:
        qtcheck.check(version, python)
    assert f'pip install "{qtcheck.DISTRIBUTION}=={qtcheck.GOOD}"' in caught.value.remedy


def test_a_version_may_be_bad_for_one_python_only() -> None:
    assert qtcheck.check("6.12.0", (3, 12)) == "6.12.0"
    assert qtcheck.check("6.10.3", (3, 11)) == "6.10.3"


def test_no_qt_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qtcheck, "DISTRIBUTION", "no-such-distribution")
    with pytest.raises(UserError, match="Qt is not installed"):
        qtcheck.check()


def test_the_check_imports_no_qt() -> None:
    code = "import sys, workbench.qtcheck as q; q.check(); assert not any(m.startswith('PySide6') for m in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

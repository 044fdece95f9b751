"""A run that was kept, as panels see it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from workbench.runs.lock import writer
from workbench.runs.recorder import Recorder
from workbench.runs.records import Header
from workbench.runs.workspace import Workspace
from workbench.ui.stored import read_folder


def test_a_long_curve_keeps_its_ends_and_what_are_numbers(tmp_path: Path) -> None:
    folder = Workspace(tmp_path).create(Header("drip", "drip", "1", {"id": "drip"}, {}, 0, "cpu", 1, {}))
    count = 40_001
    with writer(folder):
        recorder = Recorder(folder)
        for step in range(1, count + 1):
            recorder.reports.append((step, float(step), {"loss": np.nan if step % 10 == 0 else step % 7}))
        recorder.set_state("done")
        recorder.close()
    curve = read_folder(folder).curve("loss")
    assert len(curve) < count
    assert (curve["step"][0], curve["step"][-1]) == (1, count)
    assert (np.diff(curve["step"]) > 0).all()
    assert np.isfinite(curve["value"]).all()
    assert {0.0, 6.0} <= set(curve["value"].tolist())

"""The drawing of the cascade: what is drawn is what the head computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from workbench_gan.geometry.draw import orthonormal

from workbench import fields, settings
from workbench.discovery import discover
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace
from workbench.settings import Places


@pytest.fixture
def shown() -> Callable[..., Reader]:
    """Draws once, as a run."""

    def draw(**values: Any) -> Reader:
        places = Places.of()
        found = settings.load(places)
        desk = Desk(discover(places, found), Workspace(found.workspace), found)
        spec = new_run(desk, "gan-geometry", fields.validate(desk.tool("gan-geometry").tool.params, values))
        assert Job(spec, desk.registry).supervise() == "done"
        return Reader(spec.folder)

    return draw


def arrows(reader: Reader, stream: str) -> Any:
    frame = reader.frame(stream)
    assert frame is not None
    return frame.arrays["vector"]


def test_a_rejection_is_orthogonal_to_its_weight_and_completes_its_projection(shown: Callable[..., Reader]) -> None:
    reader = shown(v=[2.0, 1.0], w=[[1.0, 0.5], [0.2, -1.0], [1.0, 1.0]])
    weights, shadows, rests = (arrows(reader, name) for name in ("weights", "projections", "rejections"))
    assert np.abs((weights * rests).sum(1)).max() < 1e-12
    stages = np.concatenate([arrows(reader, "feature"), rests])
    assert np.allclose(stages[:-1], shadows + rests)
    scores = [reader.last()[f"score/{k}"] for k in (1, 2, 3)]
    assert np.allclose(scores, (stages[:-1] * weights).sum(1))


def test_orthonormal_weights_leave_nothing_of_the_plane(shown: Callable[..., Reader]) -> None:
    last = shown(orthonormal=True).last()
    assert last["left/2"] == pytest.approx(0, abs=1e-12)


def test_a_stage_that_is_added_is_drawn_and_its_angle_to_every_other_is_said(shown: Callable[..., Reader]) -> None:
    w = np.array([[1.6, 0.2], [0.9, 1.3], [-1.0, 0.8]])
    for stages in (2, 3):
        reader = shown(w=w[:stages].tolist())
        assert np.array_equal(arrows(reader, "weights"), w[:stages])
        table = reader.frame("cosines")
        assert table is not None
        said = [[row[str(k)] for k in range(1, stages + 1)] for row in table.data["rows"]]
        length = np.linalg.norm(w[:stages], axis=1)
        assert np.allclose(said, w[:stages] @ w[:stages].T / np.outer(length, length), atol=5e-5)


def test_a_weight_that_is_spanned_already_sees_nothing() -> None:
    made = orthonormal(torch.tensor([[2.0, 0.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64))
    assert torch.equal(made, torch.tensor([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]], dtype=torch.float64))

"""A job without torch does not wait for its import; one that imports it in the middle is as exact as others."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .conftest import Write
from .program import done, runs, values

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")

DECLARES = """
    from workbench.api import P, Params, Tool, hookimpl

    class Settings(Params):
        steps: int = P(6, "Steps", ge=1)
        torch_at: int = P(0, "Step before which torch is imported", ge=0)

    @hookimpl
    def workbench_declare():
        return [Tool("late", "Late", Settings, run=".job:run")]
"""
JOB = """
    import sys
    import numpy as np

    def run(params, context):
        total = np.zeros(())
        context.track(total=total)
        for step in context.steps(params.steps):
            with context.aside():
                np.random.rand(9)
            total += np.random.rand()
            if params.torch_at and step >= params.torch_at:
                import torch
                total += float(torch.rand(()))
            context.scalars(total=total, there="torch" in sys.modules)
            context.checkpoint()
"""


def last(run: Path, name: str) -> float:
    """What a run reported at its end."""
    return values(run, name)[-1]


def ran(**settings: float) -> Path:
    """The folder of a new run."""
    before = set(runs())
    done("run", "late", "--set", *(f"{name}={value}" for name, value in settings.items()))
    (new,) = set(runs()) - before
    return new


def test_numbers_of_numpy_are_kept_and_restored_without_torch(write: Write) -> None:
    write("late", DECLARES, JOB)
    whole, part = ran(steps=6), ran(steps=3)
    done("run", "--resume", part.name, "--set", "steps=6")
    assert last(part, "total") == last(whole, "total")
    assert last(part, "there") == last(whole, "there") == 0


def test_torch_that_is_imported_late_has_the_seed_and_goes_on_as_it_was(write: Write) -> None:
    write("late", DECLARES, JOB)
    whole, other, early, late = (
        ran(seed=seed, steps=steps, torch_at=3) for seed, steps in ((1, 6), (2, 6), (1, 2), (1, 4))
    )
    assert last(whole, "total") != last(other, "total")
    for each in (early, late):
        done("run", "--resume", each.name, "--set", "steps=6")
        assert last(each, "total") == last(whole, "total")

"""The threads of numpy's BLAS: how long they stay awake."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from workbench import blas

_WAITED = """
import time
import numpy
begun = time.process_time()
a = numpy.ones((400, 400))
a @ a
time.sleep(0.3)
print(time.process_time() - begun)
"""


def test_what_a_person_set_wins() -> None:
    assert blas.environment({"A": "b"}) == {"OPENBLAS_THREAD_TIMEOUT": "20", "A": "b"}
    assert blas.environment({"OPENBLAS_THREAD_TIMEOUT": "26"}) == {"OPENBLAS_THREAD_TIMEOUT": "26"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other libraries")
def test_nobody_runs_for_work_that_does_not_come() -> None:
    assert _waited(blas.environment(os.environ)) < 0.06


def _waited(environment: dict[str, str]) -> float:
    """Seconds of processor time that a process takes for one small product and a wait."""
    command = [sys.executable, "-c", _WAITED]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)

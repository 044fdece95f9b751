"""The same seed gives the same random numbers, of whichever kind, however often it is set."""

from __future__ import annotations

import random
import subprocess
import sys
from textwrap import dedent

import numpy as np
import torch

from workbench.jobs.seeds import seed_all


def drawn(seed: int) -> tuple[float, float, float]:
    seed_all(seed)
    return random.random(), float(np.random.rand()), float(torch.rand(()))


def test_it_does() -> None:
    first, again, other, back = (drawn(seed) for seed in (3, 3, 4, 3))
    assert first == again == back
    assert not set(first) & set(other)
    assert torch.initial_seed() == 3


def test_what_imports_torch_later_finds_it_seeded_and_prepared() -> None:
    script = """
        import sys
        from workbench.jobs.seeds import seed_all, with_torch

        seed_all(3)
        seed_all(4)
        with_torch("threads", lambda: sys.modules["torch"].set_num_threads(1))
        assert "torch" not in sys.modules
        import torch

        finders = [type(each).__name__ for each in sys.meta_path]
        print(torch.initial_seed(), torch.get_num_threads(), "_Late" in finders)
    """
    found = subprocess.run([sys.executable, "-c", dedent(script)], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["4", "1", "False"]

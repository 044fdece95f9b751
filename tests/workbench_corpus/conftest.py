"""Texts to count, and runs that count them."""

from __future__ import annotations

import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.testing.running import Ran, Runner


@pytest.fixture(scope="session")
def news() -> str:
    """Real text: the first 120 000 characters of the news, with lines of every length; skipped where it is absent."""
    folder = os.environ.get("WORKBENCH_TEST_DATA", "")
    path = Path(folder) / "text" / "cctv-news.txt.xz"
    if not folder or not path.exists():
        pytest.skip("the real texts are not here: set WORKBENCH_TEST_DATA")
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        return file.read(120_000) + "\n"


@pytest.fixture
def count(runner: Runner) -> Callable[..., Ran]:
    """count(paths, **values): a finished count."""

    def make(*paths: Path, **values: object) -> Ran:
        ran = runner("corpus-count", {"paths": [str(each) for each in paths], **values}, where="thread")
        assert ran.state == "done", ran.said
        return ran

    return make

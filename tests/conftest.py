"""What every test can use: a home of its own, so that no test reads or writes the person's settings and runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["workbench.testing.fixtures"]
PLUGINS = Path(__file__).parent / "plugins"


@pytest.fixture(autouse=True)
def _at_home(home: Path) -> Path:
    """Every test has an empty home."""
    return home


@pytest.fixture
def plant(plant: Callable[[Path], Path]) -> Callable[[str], Path]:
    """Puts a plugin of `tests/plugins`, by its name, into the plugins folder below `home`."""
    return lambda name: plant(PLUGINS / name)

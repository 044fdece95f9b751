"""What every test can use: a home of its own, so that no test reads or writes the person's settings and runs."""

from __future__ import annotations

import faulthandler
import gc
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key

pytest_plugins = ["workbench.testing.fixtures"]
PLUGINS = Path(__file__).parent / "plugins"
_FULLY = 100
"""So many tests go by until all is looked through: it takes a fifth of a second."""
_tests = count(1)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A window takes and gives up what writes down crashes: without it the next one would end the tests in silence."""
    stderr = item.config.stash.get(fault_handler_stderr_fd_key, None)
    if stderr is not None and not faulthandler.is_enabled():
        faulthandler.enable(stderr)


@pytest.fixture(autouse=True)
def _at_home(home: Path) -> Path:
    """Every test has an empty home."""
    return home


@pytest.fixture(scope="session", autouse=True)
def _no_collector() -> Iterator[None]:
    """Garbage is collected in this thread only, as in the window: widgets must not go in that of a test runner."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _collected(_no_collector: None) -> Iterator[None]:
    """What a test leaves in circles goes after it."""
    yield
    gc.collect(1 if next(_tests) % _FULLY else 2)


@pytest.fixture
def plant(plant: Callable[[Path], Path]) -> Callable[[str], Path]:
    """Puts a plugin of `tests/plugins`, by its name, into the plugins folder below `home`."""
    return lambda name: plant(PLUGINS / name)


@pytest.fixture
def listening() -> Iterator[None]:
    """Ctrl-C is heard, here and in what is started, though the tests may run where it is ignored: in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)

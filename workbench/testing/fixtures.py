"""Fixtures for the tests of plugins: a home of its own, tools found in it, runs, and watchers.

Load them in the conftest.py beside your tests (they are not an entry point, so that nothing changes in test suites
that did not ask for them):

    pytest_plugins = ["workbench.testing.fixtures"]

    @pytest.fixture
    def plugins():
        return [Path(__file__).parents[1] / "my_plugin"]  # not needed for a plugin that is installed

    def test_the_walk_spreads(runner):
        ran = runner("walk", {"steps": 20})
        assert ran.state == "done", ran.said
        assert ran.reader.last()["spread"] > 0

`workbench.testing.contract.ToolContract` tests what every tool must do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from workbench.jobs.start import Desk
from workbench.runs.workspace import Workspace
from workbench.settings import Places
from workbench.testing.audit import watching
from workbench.testing.home import Plant, at_home, desk_here, planting
from workbench.testing.leaks import Belongings
from workbench.testing.running import Runner
from workbench.testing.stage import Stage, staged

if TYPE_CHECKING:
    from workbench.testing.lateness import Watch  # it imports Qt, which only tests of windows need

pytest.register_assert_rewrite("workbench.testing.contract")
Audit = Callable[[], AbstractContextManager[None]]


class Lateness(Protocol):
    """`with lateness():`, or with other seconds that the thread may compute at once and stand still."""

    def __call__(self, busy: float = ..., waited: float = ...) -> AbstractContextManager[Watch]: ...


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home for settings, plugins, logs, the workspace and temporary files, also of child processes."""
    with at_home(tmp_path_factory.mktemp("home")) as folder:
        yield folder


@pytest.fixture
def plant(home: Path) -> Iterator[Plant]:
    """`plant(path)` puts a plugin into the plugins folder below `home`; afterwards its modules are forgotten."""
    assert Places.of().plugins.is_relative_to(home)
    with planting() as put:
        yield put


@pytest.fixture
def plugins() -> Sequence[Path]:
    """The plugins that `desk` finds besides the installed ones. Override it."""
    return ()


@pytest.fixture
def desk(plant: Plant, plugins: Sequence[Path]) -> Desk:
    """What jobs are started from: the tools that were found, an empty workspace, default settings."""
    for each in plugins:
        plant(each)
    return desk_here()


@pytest.fixture
def store(home: Path) -> Workspace:
    """An empty workspace, the one that `desk` uses."""
    return Workspace(home / "workspace")


@pytest.fixture
def runner(desk: Desk) -> Iterator[Runner]:
    """`runner(tool, params, where="process" or "thread", watch=60)` runs a tool to its end: a `Ran`, with its run."""
    runner = Runner(desk)
    yield runner
    runner.close()


@pytest.fixture(scope="class")
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The tool of a `ToolContract` in a home of its own, with runs that all tests of the class share."""
    with staged(request.cls, tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def audit() -> Audit:
    """`with audit():` fails when this thread opens a file or a database, starts a process or sleeps inside."""

    @contextmanager
    def strict() -> Iterator[None]:
        with watching() as watch:
            yield
        if watch.deeds:
            pytest.fail(str(watch))

    return strict


@pytest.fixture
def lateness() -> Lateness:
    """`with lateness():` fails when this thread, whose event loop runs inside, was late through its own fault."""
    strict: Lateness = import_module("workbench.testing.lateness").punctual
    return strict


@pytest.fixture
def leaks(home: Path) -> Iterator[None]:
    """Fails after the test when it left behind a thread, a process, an open file or the folder of a live tool."""
    before = Belongings.now(home)
    yield
    left = before.left_over()
    assert not left, "left behind:\n  " + "\n  ".join(left)

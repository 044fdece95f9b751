"""What every test can use: a home of its own, so that no test reads or writes the person's settings and runs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench import settings
from workbench.settings import Places

PLUGINS = Path(__file__).parent / "plugins"


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for settings, plugins, logs and the workspace, for this process and its children."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv(settings.WORKSPACE, str(folder / "workspace"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    return folder


@pytest.fixture
def plant(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Puts a plugin of `tests/plugins` into the plugins folder below `home`; afterwards its modules are forgotten."""
    assert Places.of().plugins.is_relative_to(home)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)

    def put(name: str) -> Path:
        target = Places.of().plugins / name
        shutil.copytree(PLUGINS / name, target, dirs_exist_ok=True)
        return target

    yield put
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {each.name for each in PLUGINS.iterdir()}:
            del sys.modules[name]

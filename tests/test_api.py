"""What stands in the docstring of `workbench.api` works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbench import api
from workbench.settings import Places
from workbench.testing.running import Runner


@pytest.fixture
def plugins(home: Path) -> tuple[str, ...]:
    """None but the plugin of the docstring, which is put into the user's folder."""
    folder = Places.of().plugins
    assert folder.is_relative_to(home)
    for name, lines in examples().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return ()


def examples() -> dict[str, list[str]]:
    """The files of the docstring, line by line: what is indented after a comment with a file's name."""
    files: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (api.__doc__ or "").splitlines():
        if header := re.match(r"    # (my_plugin/\w+\.py)", line):
            lines = files.setdefault(header[1], [])
        elif line.startswith("    ") or not line:
            lines.append(line[4:])
    return files


def test_the_examples_run(runner: Runner) -> None:
    walk = runner("walk", {"steps": 30})
    assert walk.state == "done", walk.said
    assert walk.streams() == {"spread", "here"}
    waves = runner("waves")
    assert waves.state == "done", waves.said
    assert waves.streams() == {"height"}


def test_everything_on_offer_is_there_once_it_is_asked_for() -> None:
    assert sorted(api.__all__) == dir(api)
    assert all(hasattr(api, name) for name in api.__all__)
    assert not hasattr(api, "nothing")


def test_everything_on_offer_is_documented() -> None:
    bare = [name for name in api.__all__ if not (getattr(api, name).__doc__ or "").strip()]
    assert not [name for name in bare if name not in ("Declaration", "Outcome", "hookimpl")]

"""The cache of a workspace: built once, whole, limited in size."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from workbench.jobs.cache import Cache, size_of


def test_what_is_there_is_not_built_again(tmp_path: Path) -> None:
    built: list[Path] = []
    cache = Cache(tmp_path, 1e9)

    def build(path: Path) -> None:
        built.append(path)
        path.mkdir()
        (path / "part").write_text("x")

    assert cache.get("a key / with signs", build) == cache.get("a key / with signs", build)
    assert len(built) == 1
    assert cache.get("another", build) != cache.get("a key / with signs", build)


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1e9)

    def fail(path: Path) -> None:
        path.write_text("half")
        raise ValueError("planted")

    with pytest.raises(ValueError, match="planted"):
        cache.get("key", fail)
    assert cache.get("key", lambda path: path.write_text("whole")).read_text() == "whole"


def test_two_at_once_build_once(tmp_path: Path) -> None:
    built: list[int] = []
    started = threading.Barrier(4)

    def ask() -> None:
        started.wait()
        Cache(tmp_path, 1e9).get("key", lambda path: built.append(path.write_text("x")))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == [1]


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 250)
    made = {name: cache.get(name, lambda path: path.write_bytes(bytes(100))) for name in ("a", "b")}
    for age, name in ((200, "a"), (100, "b")):
        moment = made[name].stat().st_mtime - age
        os.utime(made[name], (moment, moment))
    cache.get("a", lambda path: path.write_text(""))  # used again: now b is the oldest
    third = cache.get("c", lambda path: path.write_bytes(bytes(100)))
    assert [made["a"].exists(), made["b"].exists(), third.exists()] == [True, False, True]
    assert size_of(third) == 100


def test_clearing_leaves_what_a_program_is_just_taking(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 1e9)
    assert cache.clear() == 0
    kept = cache.get("kept", lambda path: path.write_bytes(bytes(300)))
    cache.get("gone", lambda path: path.write_bytes(bytes(500)))
    with FileLock(kept.with_name(kept.name + ".lock")):
        assert cache.clear() == 500
    assert kept.exists()
    assert cache.clear() == 300
    assert cache.get("gone", lambda path: path.write_bytes(bytes(7))).stat().st_size == 7

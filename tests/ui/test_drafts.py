"""Whose drafts are whose: those of windows that are gone are taken over, one after the other, and no other ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench.ui.pages.view.files import Drafts

KEEP = """
import sys
from pathlib import Path
from workbench.ui.pages.view.files import Drafts
Drafts(Path(sys.argv[1])).keep(lambda text, path: path.write_text(text), "never saved", None, None, {"row": 1})
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "drafts" / "notes"


def write(text: str, path: Path) -> None:
    path.write_text(text, "utf-8")


def left_by_a_crash(folder: Path) -> Path:
    """Where a program that is gone has left its draft."""
    subprocess.run([sys.executable, "-c", KEEP, str(folder)], check=True)
    return next(folder.iterdir())


def found(folder: Path) -> Any:
    """What a new window finds."""
    left = Drafts(folder).left(Path.read_text)
    return left and (left.document, left.saved, left.state)


def owned(draft: Path, **changed: Any) -> None:
    """Changes what is noted of a draft's program."""
    owner = json.loads((draft / "owner.json").read_text("utf-8"))
    (draft / "owner.json").write_text(json.dumps({**owner, **changed}), "utf-8")


def test_what_a_crash_left_is_found_once(folder: Path) -> None:
    left_by_a_crash(folder)
    assert found(folder) == ("never saved", False, {"row": 1})
    assert found(folder) is None  # the window that found it is still there


def test_a_window_with_the_number_of_the_one_that_crashed_finds_its_changes(folder: Path) -> None:
    draft = left_by_a_crash(folder)
    draft.rename(folder / str(os.getpid()))
    assert found(folder) == ("never saved", False, {"row": 1})


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the time of a start is noted once")
def test_a_step_of_the_clock_takes_no_draft_from_its_window(folder: Path) -> None:
    Drafts(folder).keep(write, "never saved", None, None, {})
    (draft,) = folder.iterdir()
    owned(draft, began=1.0)
    assert found(folder) is None


def test_the_draft_of_another_machine_is_left_alone_for_a_day(folder: Path) -> None:
    draft = left_by_a_crash(folder)
    owned(draft, host="another one")
    assert found(folder) is None
    os.utime(draft, (0, 0))
    assert found(folder) == ("never saved", False, {"row": 1})


@pytest.mark.parametrize("owner", ["", "{", "[]", "{}", '{"host": 3}'])
def test_what_is_nobodys_is_found(folder: Path, owner: str) -> None:
    draft = left_by_a_crash(folder)
    (draft / "owner.json").write_text(owner, "utf-8")
    os.utime(draft, (0, 0))
    assert found(folder) == ("never saved", False, {"row": 1})


def test_a_draft_that_is_being_written_is_its_windows(folder: Path) -> None:
    seen = []

    def slowly(text: str, path: Path) -> None:
        seen.append(found(folder))
        write(text, path)

    Drafts(folder).keep(slowly, "never saved", None, None, {})
    assert seen == [None]
    assert [each.name for each in folder.glob("*/document-*")] == ["document-1"]

"""A fork is offered where a run kept checkpoints, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from .frame import Person, sitting
from .runs_made import click, shown


@pytest.fixture
def person(runs: list[Path], qtbot: QtBot) -> Iterator[Person]:  # noqa: ARG001
    """Before a window, with runs that reported numbers and kept no checkpoint."""
    with sitting(qtbot) as found:
        yield found


def asked(person: Person, deed: str) -> Any:
    """What is under the panels, after a deed with the newest run."""
    page = shown(person)
    click(page, 0)
    person.wait(lambda: page.deeds.allows(deed))
    page.deeds.actions[deed].trigger()
    person.wait(lambda: "drip" in page.reviews and page.reviews["drip"].sources)
    return page.reviews["drip"]


def test_a_run_without_checkpoints_offers_no_fork(person: Person) -> None:
    review = asked(person, "open")
    assert review.isVisible()
    assert not review.fork.isVisible()
    assert not person.page.bar.isVisible()


def test_who_asks_for_one_is_told_what_to_do(person: Person) -> None:
    asked(person, "fork")
    assert person.page.bar.text == (
        "The run has no checkpoint to go on from. Change the parameters at the left, then press Start."
    )

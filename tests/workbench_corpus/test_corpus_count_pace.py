"""How often a count is seen to move, and how much text is counted at once for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, cycle, repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_corpus.counting import show
from workbench_corpus.counting.show import Clock, Show
from workbench_corpus.counting.tasks import tasks
from workbench_corpus.counting.vocabulary import Vocabulary

WISHES = st.lists(st.integers(0, 300), min_size=1, max_size=20)


def sizes(portions: int, kept: Path, wishes: list[int], most: int | None = None) -> list[list[int]]:
    """The portions of each task; only so many tasks are asked for."""
    planned: Any = range(portions)
    made = tasks(planned, kept, iter(wishes * (portions + 1)).__next__)
    return [list(each["read"]) for _, each in zip(range(portions if most is None else most), made, strict=False)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), WISHES, WISHES, st.integers(0, 40))
def test_every_portion_is_in_one_task_and_tasks_are_made_again(
    portions: int, wishes: list[int], others: list[int], begun: int
) -> None:
    with TemporaryDirectory() as name:
        kept = Path(name) / "sizes"
        first = sizes(portions, kept, wishes, begun)
        again = sizes(portions, kept, others)
    assert again[: len(first)] == first
    assert list(chain(*again)) == list(range(portions))


def test_tasks_are_as_large_as_is_wished_and_small_at_the_end(tmp_path: Path) -> None:
    found = [len(each) for each in sizes(100, tmp_path / "sizes", [8])]
    assert found[:8] == [8] * 8
    assert found[-4:] == [1] * 4


def test_a_file_of_sizes_that_a_power_cut_filled_with_nothing_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "sizes").write_bytes(bytes(3))
    assert list(chain(*sizes(9, tmp_path / "sizes", [2]))) == list(range(9))


class Seen:
    """A context that is looked at, or is not; and a clock that goes on when it is told to."""

    def __init__(self, looked: bool) -> None:
        self.looked, self.now = looked, 100.0
        self.pictures: list[float] = []
        self.costs: Iterator[float] = repeat(0.0)
        self.used = 0.0

    def monotonic(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return self.used

    def wants(self, stream: str) -> bool:
        """The store asks for one a second."""
        return stream == "words" and (self.looked or not self.pictures or self.now - self.pictures[-1] >= 1)

    def table(self, *_: object) -> None:
        """Is drawn."""
        self.pictures.append(self.now)
        self.used += next(self.costs)

    def progress(self, *values: object) -> None:
        """Nobody looks at it."""


@pytest.fixture(params=[True, False], ids=["looked", "alone"])
def seen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Seen:
    found = Seen(request.param)
    monkeypatch.setattr(show, "time", found)
    return found


@pytest.mark.parametrize("between", [0.017, 0.042, 0.083])
def test_pictures_come_ten_times_a_second_whenever_parts_do(seen: Seen, between: float) -> None:
    context: Any = seen
    drawn = Show(context, Vocabulary(Path(), context, 1000), Clock())
    for _ in range(int(10 / between)):
        seen.now += between
        drawn.update()
    assert len(seen.pictures) == pytest.approx(100 if seen.looked else 10, abs=2)
    assert drawn.looked == seen.looked


@pytest.mark.parametrize("seen", [True], indirect=True)
@pytest.mark.parametrize(("costs", "pictures"), [([0.02], 20), ([0.5, *[0.001] * 999], 100)], ids=["all", "the first"])
def test_dear_pictures_are_seldom_unless_it_was_one_alone(seen: Seen, costs: list[float], pictures: int) -> None:
    context: Any = seen
    seen.costs = cycle(costs)
    drawn = Show(context, Vocabulary(Path(), context, 1000), Clock())
    for _ in range(250):
        seen.now += 0.04
        drawn.update()
    assert len(seen.pictures) == pytest.approx(pictures, abs=3)


def test_the_speed_of_late_is_that_of_parts_that_came(seen: Seen) -> None:
    clock = Clock()
    seen.now += 5  # processes begin
    for _ in range(60):
        seen.now += 0.1
        clock.add(100_000, kept=False)
        clock.add(9_000_000, kept=True)
    assert clock.late() == pytest.approx(1e6)
    assert clock.rate() == pytest.approx(6 / 11)

"""All ways of counting give the same table; what is measured of them is what was spent."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_corpus.speedup import growth, text, ways
from workbench_corpus.speedup.processes import meet, stretches, work
from workbench_corpus.speedup.show import efficiencies, number, short, speedups
from workbench_corpus.speedup.ways import Spent

WORDS = st.sampled_from(["的", "北京", "大学", "a", "b", "c"])
TEXTS = st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=40)


def heed() -> None:
    """Nobody cancels."""


@given(TEXTS, st.integers(1, 50))
def test_batches_count_what_one_dict_counts(texts: list[str], size: int) -> None:
    expected = Counter(word for each in texts for word in each.split())
    assert ways.naive(texts, str.split, heed) == expected
    assert ways.batched(texts, str.split, size, heed) == expected


@given(TEXTS, st.integers(1, 50))
def test_groups_hold_all_documents_in_order(texts: list[str], size: int) -> None:
    groups = [list(group) for group in ways.batches(texts, size)]
    assert [each for group in groups for each in group] == texts
    assert all(len(group) == size for group in groups[:-1])


@given(
    st.lists(st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"])), max_size=20),
    st.integers(1, 7),
)
def test_stretches_cover_the_file_between_lines(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], each: int
) -> None:
    path = tmp_path_factory.mktemp("text") / "text.txt"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    found = [list(ways.documents(path, start, end)) for start, end in stretches(path, each)]
    assert [line for part in found for line in part] == lines
    assert all(len(part) == each for part in found[:-1])


def test_a_process_counts_its_stretch(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("a b\nb c\nc c\n", "utf-8")
    task = {"path": str(path), "tokenizer": {"kind": "whitespace"}}
    tables = [work({**task, "start": start, "end": end})[0] for start, end in stretches(path, 2)]
    assert tables == [{"a": 1, "b": 2, "c": 1}, {"c": 2}]


def test_processes_wait_for_each_other(tmp_path: Path) -> None:
    (tmp_path / "0").touch()
    meet(tmp_path, 1, 2)
    assert {each.name for each in tmp_path.iterdir()} == {"0", "1"}


def test_what_is_timed_is_what_was_spent() -> None:
    def count() -> dict[str, int]:
        time.sleep(0.05)
        return {"a": 1}

    spent, found = ways.timed(count)
    assert found == {"a": 1}
    assert spent.wall >= 0.05
    assert spent.cpu < 0.04


def test_a_person_can_cancel_in_the_middle() -> None:
    asked = []
    ways.naive(["a"] * 1000, str.split, lambda: asked.append(1))
    ways.batched(["a"] * 1000, str.split, 1000, lambda: asked.append(1))
    assert len(asked) == 20


ROUND = {"naive": Spent(10, 8), "batch_10": Spent(9, 4), "processes_1": Spent(12, 9), "processes_4": Spent(4, 9)}


def test_batches_by_processor_seconds_processes_by_the_clock() -> None:
    assert speedups(ROUND) == {"batch_10": 2, "processes_1": 10 / 12, "processes_4": 2.5}
    assert efficiencies(ROUND) == {"processes_1": 1, "processes_4": 0.75}
    assert efficiencies({"naive": Spent(1, 1)}) == {}
    assert [short(way) for way in ROUND] == ["naive", "10", "N = 1", "N = 4"]
    assert number("batch_100000") == 100_000


# ------------------------------------------------------------------ the cost of an update


@given(TEXTS.filter(any), st.integers(1, 5))
def test_growth_meets_every_word_once(texts: list[str], stretches: int) -> None:
    texts = [each for each in texts if each] * stretches  # no stretch without words
    points = growth.growth(texts, str.split, stretches, heed)
    words = [word for each in texts for word in each.split()]
    assert sum(point.tokens for point in points) == len(words)
    assert points[-1].types == len(set(words))
    assert [point.types for point in points] == sorted(point.types for point in points)
    assert all(min(point.cutting, point.growing, point.small) > 0 for point in points)


def test_what_the_curve_says() -> None:
    costs = (100.0, 100, 150, 150, 200, 200, 300, 300)
    points = [growth.Point(10, k, 50.0, growing, 100.0) for k, growing in enumerate(costs)]
    assert growth.later(points) == 3
    assert growth.against_small(points) == 3
    assert growth.slowdown(points) == pytest.approx((8 * 50 + sum(costs)) / (8 * 150))


# ------------------------------------------------------------------ the text


def test_text_is_laid_down_until_it_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    count = text.lay_down(text.repeated(lambda: ["一\n二", " ", "x\x00y"]), path, 0.001, heed)
    lines = list(ways.documents(path))
    assert lines[:4] == ["一 二", "x y"] * 2
    assert count == len(lines)
    assert 1000 <= path.stat().st_size < 1010


def test_without_text_nothing_is_laid_down(tmp_path: Path) -> None:
    assert text.lay_down(text.repeated(lambda: ["", "\n"]), tmp_path / "text.txt", 1, heed) == 0


def test_drawn_text_follows_the_dictionary() -> None:
    words, shares = text.dictionary()
    assert shares.sum() == pytest.approx(1)
    first = next(text.drawn(0))
    assert first == next(text.drawn(0)) != next(text.drawn(1))
    assert 300 < len(first) < 2500
    assert first.count("。") >= text.WORDS // 12
    assert words[int(shares.argmax())] in first

"""Parts written, merged, spilled and ranked: the sums of collections.Counter, whatever the limit of memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from corpus_counted import queried
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_corpus.counting.books import Books
from workbench_corpus.counting.database import Database
from workbench_corpus.counting.distinct import Distinct
from workbench_corpus.counting.parts import Part, entry
from workbench_corpus.counting.ranking import Ranking
from workbench_corpus.counting.vocabulary import Vocabulary
from workbench_corpus.reading.records import Entry

from workbench.api import Stop, Text, UserError

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=3)
COUNTS = st.lists(st.dictionaries(WORDS, st.integers(1, 1000), max_size=12), max_size=6)
BIG = "SELECT count(*) AS n FROM range(100_000_000) a JOIN range(100_000_000) b ON a.range % 1000 = b.range % 1000"


class Calm:
    """An owner whom nobody tells anything."""

    def sync(self) -> None:
        """Goes on."""


class Told(Calm):
    """An owner who is told to stop."""

    def sync(self) -> None:
        """Stops."""
        raise Stop


@contextmanager
def merging(limit: int) -> Iterator[tuple[Path, Database, Vocabulary]]:
    with TemporaryDirectory() as name, closing(Database(Path(name), 100, Calm())) as db:
        yield Path(name), db, Vocabulary(Path(name), db, limit)


def part(counts: dict[str, int]) -> Part:
    column = np.array([*counts.values()], np.int64)
    return Part([*counts], column, np.minimum(column, 2))


def read(path: Path) -> list[tuple[str, int]]:
    return queried(f"SELECT word, count FROM '{path}'")


def by_count(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


@settings(max_examples=40, deadline=None)
@given(parts=COUNTS, limit=st.sampled_from([1, 3, 10, 1000]))
def test_the_table_is_the_sum_of_its_parts_whatever_fits_into_memory(parts: list[dict[str, int]], limit: int) -> None:
    with merging(limit) as (folder, db, vocabulary):
        numbers = []
        for counts in parts:
            numbers.append((vocabulary.generation, vocabulary.add(part(counts))))
            vocabulary.make_room()
        ranking = Ranking(db, vocabulary.finish(), folder)
        ranking.write(folder / "table.parquet", vocabulary.tokens, {})
        whole = sum((Counter(each) for each in parts), Counter[str]())
        expected = by_count(whole)
        assert read(folder / "table.parquet") == expected
        assert vocabulary.tokens == whole.total()
        assert ranking.column("count").tolist() == [n for _, n in expected]
        documents: Counter[str] = sum((Counter({w: min(n, 2) for w, n in each.items()}) for each in parts), Counter())
        assert ranking.column("documents").tolist() == [documents[word] for word, _ in expected]
        ranks = {word: rank for rank, (word, _) in enumerate(expected)}
        for counts, (generation, ids) in zip(parts, numbers, strict=True):
            assert ranking.ranks(generation)[ids].tolist() == [ranks[word] for word in counts]


@settings(max_examples=30, deadline=None)
@given(parts=COUNTS)
def test_what_is_shown_meanwhile_is_exact_until_it_is_spilled(parts: list[dict[str, int]]) -> None:
    with merging(10_000) as (_, _, vocabulary):
        whole = Counter[str]()
        for counts in parts:
            vocabulary.add(part(counts))
            whole.update(counts)
            assert [n for _, n in vocabulary.top(5)] == [n for _, n in by_count(whole)[:5]]
        assert vocabulary.types == len(whole)
        assert vocabulary.frequencies().tolist() == sorted(whole.values(), reverse=True)


@pytest.mark.parametrize("limit", [10, 1000])
def test_what_is_not_counted_is_no_type(limit: int) -> None:
    left_out = {f"。{n}": -n for n in range(1, 20)}
    with merging(limit) as (_, _, vocabulary):
        for counts in ({"a": 2, "b": 1}, {"b": 1, "c": 1}):
            vocabulary.add(part({**left_out, **counts}))
            vocabulary.make_room()
        assert (vocabulary.types, vocabulary.tokens) == (3, 5)


def test_frequent_words_stay_to_be_shown() -> None:
    with merging(100) as (_, _, vocabulary):
        for at in range(30):
            vocabulary.add(part({"的": 50, "是": 20, **{f"{at}-{n}": 1 for n in range(40)}}))
            vocabulary.make_room()
        assert vocabulary.generation > 5
        assert vocabulary.top(2) == [("的", 1500), ("是", 600)]
        assert abs(vocabulary.types - 1202) < 40


@settings(max_examples=30, deadline=None)
@given(words=st.lists(WORDS, unique=True, max_size=8), data=st.data())
def test_a_part_comes_back_from_the_disk_as_it_was(words: Sequence[str], data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.integers(0, 99), max_size=9)) if words else []
    counts = np.arange(1, len(words) + 1)
    given_part = Part(words, counts, counts, ["a"], ids=np.array(ids, np.int32), places=[["f", 1, {}]])
    with TemporaryDirectory() as name:
        given_part.write(Path(name) / "part")
        found = Part.read(Path(name) / "part")
        assert [each.name for each in Path(name).iterdir()] == ["part"]
    assert list(found.words) == list(words)
    assert list(found.open_names) == ["a"]
    assert list(found.places) == [["f", 1, {}]]
    assert found.counts.tolist() == counts.tolist()
    assert found.ids.tolist() == ids


@pytest.mark.parametrize("n", [0, 1, 100, 10_000, 300_000])
def test_different_words_are_estimated_within_three_percent(n: int) -> None:
    words = [f"词{at}" for at in range(n)]
    found = Distinct()
    for at in range(0, n, 7000):
        found.add(words[at : at + 9000])  # some come again
    assert abs(len(found) - n) <= 0.03 * n


def test_what_is_wrong_with_the_parts_of_a_file_is_said_in_one_order() -> None:
    with merging(10) as (folder, db, _):
        books = Books(db)
        for task, trouble in enumerate("dacbad"):
            more = Text("{n} of {what}", {"n": task, "what": "x"})
            books.list([entry(Entry("a.txt", troubles=[Text(trouble), more]))], task)
        assert books.write_files(folder / "files.parquet").failed == 1
        assert queried(f"SELECT trouble FROM '{folder / 'files.parquet'}'") == [("15 of x a b c d",)]


def test_merging_stops_when_it_is_told_to(tmp_path: Path) -> None:
    with closing(Database(tmp_path, 100, Told())) as db, pytest.raises(Stop):
        db.run(BIG)


def test_too_little_memory_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "spill").write_text("not a folder")
    with closing(Database(tmp_path, 20, Calm())) as db, pytest.raises(UserError, match="cannot be merged"):
        db.run("SELECT a.range AS n FROM range(30_000_000) a ORDER BY hash(a.range)")

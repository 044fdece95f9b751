"""Tables of a dictionary in a folder: read as they were made, made again where they are damaged, never in the way."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_corpus_count_disk import full_disk
from test_corpus_tokens_equal import DICTIONARIES
from workbench_corpus.tokens.cutting import Cutter, cutter
from workbench_corpus.tokens.dictionary import settled
from workbench_corpus.tokens.lattice.kept import Arrays, kept
from workbench_corpus.tokens.offered import completed
from workbench_corpus.tokens.streams import counts

MADE: Arrays = {
    "a": np.arange(7, dtype=np.uint16), "empty": np.zeros(0), "flags": np.array([True, False]), "x": np.ones(3)
}  # fmt: skip


def made() -> Arrays:
    return MADE


def never() -> Arrays:
    raise AssertionError("made again")


def same(found: Arrays) -> bool:
    return found.keys() == MADE.keys() and all(
        found[name].dtype == each.dtype and np.array_equal(found[name], each) for name, each in MADE.items()
    )


def test_what_was_made_once_is_read_and_cannot_be_changed(tmp_path: Path) -> None:
    kept(str(tmp_path), "n", ["key"], made)
    found = kept(str(tmp_path), "n", ["key"], never)
    assert same(found)
    with pytest.raises(ValueError, match="read-only"):
        found["a"][0] = 1


def test_another_key_or_name_is_another_thing(tmp_path: Path) -> None:
    kept(str(tmp_path), "n", ["key"], made)
    for name, key in (("n", ["other"]), ("m", ["key"])):
        with pytest.raises(AssertionError, match="made again"):
            kept(str(tmp_path), name, key, never)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]


@pytest.mark.parametrize("harm", [flipped, lambda data, at: data[:at], lambda data, at: data + data[: at + 1]])
def test_damaged_ones_are_made_again(harm: Callable[[bytes, int], bytes]) -> None:
    @settings(max_examples=40, deadline=None, database=None)
    @given(st.data())
    def hold(draw: st.DataObject) -> None:
        with TemporaryDirectory() as folder:
            kept(folder, "n", 1, made)
            (path,) = Path(folder).iterdir()
            whole = path.read_bytes()
            path.write_bytes(harm(whole, draw.draw(st.integers(0, len(whole) - 1))))
            assert same(kept(folder, "n", 1, made))
            assert path.read_bytes() == whole
            assert same(kept(folder, "n", 1, never))

    hold()


def test_nothing_is_left_half_written(tmp_path: Path) -> None:
    kept(str(tmp_path), "n", ["key"], made)
    (file,) = tmp_path.iterdir()
    file.unlink()
    killed, writing = tmp_path / f".{file.name}.1", tmp_path / f".{file.name}.2"
    killed.write_bytes(b"half")
    writing.write_bytes(b"half")
    os.utime(killed, (0, 0))
    assert same(kept(str(tmp_path), "n", ["key"], made))
    assert set(tmp_path.iterdir()) == {file, writing}
    file.unlink()
    with full_disk():
        assert same(kept(str(tmp_path), "n", ["key"], made))
    assert set(tmp_path.iterdir()) == {writing}


def test_a_folder_that_is_gone_is_no_trouble(tmp_path: Path) -> None:
    assert same(kept(str(tmp_path / "gone"), "n", 1, made))
    assert same(kept("", "n", 1, made))


@pytest.mark.parametrize("name", ["none", "both"])
def test_tables_that_were_kept_count_as_those_that_were_made(name: str, news: str, tmp_path: Path) -> None:
    rows = DICTIONARIES[name]
    spec, words = completed({"kind": "rjieba", "hmm": True}), {"dictionary": settled(rows)} if rows else {}

    def found(cut: Cutter) -> list[object]:
        tally = counts(cut)
        tally.add(news[:30_000])
        (known, others), numbers = tally.settled()
        return [known.tolist(), others, numbers.tolist()]

    wanted = found(cutter(spec, words))
    for _ in range(2):  # made, then read
        assert found(Cutter(spec, words, str(tmp_path))) == wanted
    assert [*tmp_path.glob("words-*")]

"""Parts whose words come by numbers: the sums of collections.Counter, whatever the limit of memory."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from corpus_counted import queried
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_corpus.counting.database import Database
from workbench_corpus.counting.parts import Part
from workbench_corpus.counting.ranking import Ranking
from workbench_corpus.counting.tally import Detailed, Plain
from workbench_corpus.counting.vocabulary import Vocabulary
from workbench_corpus.reading.records import Document
from workbench_corpus.tokens.cutting import Cutter, cutter
from workbench_corpus.tokens.lattice.stock import names
from workbench_corpus.tokens.params import Words
from workbench_corpus.tokens.words import spec

CUT = cutter({"kind": "rjieba", "hmm": True}, {})
OWN = cutter({"kind": "rjieba", "hmm": True}, spec(Words(dictionary=("京都大学的", {"word": "北京", "freq": 0}))))
PARTS = st.lists(
    st.lists(
        st.sampled_from(["来到北京。", "京都大学的", "github.com\r\n", "王小伟", "的", "𠮷", "B超", ""]), max_size=4
    ),
    max_size=6,
)


class Calm:
    """An owner whom nobody tells anything."""

    def sync(self) -> None:
        """Goes on."""


@pytest.mark.parametrize("detailed", [False, True])
@pytest.mark.parametrize("cut", [CUT, OWN], ids=["jieba's words", "one's own"])
def test_words_by_numbers_and_by_name_are_one(cut: Cutter, detailed: bool) -> None:
    @settings(max_examples=30, deadline=None, database=None)
    @given(PARTS, st.sampled_from([1, 3, 1000]))
    def hold(parts: list[list[str]], limit: int) -> None:
        with TemporaryDirectory() as name, closing(Database(Path(name), 100, Calm())) as db:
            folder, whole = Path(name), Counter[str]()
            vocabulary = Vocabulary(folder, db, limit)
            for texts in parts:
                tally = Detailed(cut, keep=False) if detailed else Plain(cut)
                for number, text in enumerate(texts):
                    tally.add(Document(text, "a", number))
                    whole.update(cut.tokens(text))
                tally.part().write(folder / "part")
                vocabulary.add(Part.read(folder / "part"))
                vocabulary.add(Part(["北京", "王小伟"], np.array([1, 1])))  # as another tokenizer would say it
                whole.update(["北京", "王小伟"])
                vocabulary.make_room()
            ranking = Ranking(db, vocabulary.finish(), folder)
            ranking.write(folder / "table.parquet", vocabulary.tokens, {})
            found = queried(f"SELECT word, count FROM '{folder / 'table.parquet'}'")
            assert found == sorted(whole.items(), key=lambda each: (-each[1], each[0]))

    hold()


def test_numbers_name_the_same_words_everywhere() -> None:
    tokens = ["AT&T", "B超", "C#", "龟", "龥", "中国科学院", "长江大桥", "中华人民共和国"]
    for cut in (CUT, OWN):
        tally = Plain(cut)
        tally.add(Document("，".join(tokens), "a"))
        part = tally.part()
        assert sorted(names().of(part.known)) == sorted([*tokens, "，"])
        assert part.words == []


def test_ones_own_words_come_by_name() -> None:
    tally = Plain(OWN)
    tally.add(Document("京都大学的", "a"))
    assert (tally.part().words, tally.part().known.tolist()) == (["京都大学的"], [])

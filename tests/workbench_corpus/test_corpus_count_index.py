"""Out of the index of tokens: documents in pieces, dispersion and n-grams, against plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from corpus_counted import queried
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_corpus.artifacts import TokenIndex, load_tokens
from workbench_corpus.counting import grams, spread
from workbench_corpus.counting.database import Database
from workbench_corpus.counting.grams import Grams
from workbench_corpus.counting.parts import Part
from workbench_corpus.counting.ranking import Ranking
from workbench_corpus.counting.second import Merged, Ranked, Writer, open_documents
from workbench_corpus.counting.tally import Detailed, Plain
from workbench_corpus.counting.vocabulary import Vocabulary
from workbench_corpus.reading.records import Document

from workbench.api import Stop


class Calm:
    """An owner whom nobody tells anything."""

    def sync(self) -> None:
        """Goes on."""


class Letters:
    """A tokenizer: letters and signs, as they are."""

    numbering, counts_all = None, True

    def cut(self, text: str) -> list[str]:
        return list(text)

    tokens = raw = exact = cut

    def before(self, text: str) -> str:
        return text

    after = before

    def counts(self, _word: str) -> bool:
        return True

    def settle(self, counts: Counter[str]) -> Counter[str]:
        return counts


TEXTS = st.lists(st.text("abcd的是。\n", max_size=12), min_size=1, max_size=8)


def indexed(texts: Sequence[str], folder: Path, per_task: int = 2, limit: int = 3, cut: int = 100) -> TokenIndex:
    """The index of documents of two files, counted in tasks and pieces; `ranks` compared with plain counts."""
    documents = [
        Document(
            text[at : at + cut], f"d/{n % 2 if n else 0}.txt", n, {"year": str(n)}, piece=at + n if cut < 100 else None
        )
        for n, text in enumerate(texts)
        for at in range(0, max(len(text), 1), cut)
    ]
    with closing(Database(folder, 100, Calm())) as db:
        vocabulary, merged = Vocabulary(folder, db, limit), []
        for task, at in enumerate(range(0, len(documents), per_task)):
            tally = Detailed(Letters(), keep=True)
            for document in documents[at : at + per_task]:
                tally.add(document)
            tally.part().write(folder / f"{task:03d}")
            part = Part.read(folder / f"{task:03d}")
            merged.append(Merged(folder / f"{task:03d}", folder / f"{task:03d}.ids", vocabulary.generation))
            vocabulary.add(part).astype("<i4").tofile(merged[-1].numbers)
            vocabulary.make_room()
        ranking = Ranking(db, vocabulary.finish(), folder)
        ranked = Ranked(ranking, merged, Calm().sync)
        writer = Writer(folder / "index", db)
        for part, ranks in ranked:
            writer.add(part, ranks)
        writer.finish(ranking, {"cut": "letters"})
        among = Counter(word for text in texts for word in set(text))
        closed = ranking.column("documents") + open_documents(ranked, len(ranking.column("count")))
        found = load_tokens(folder / "index")
        assert dict(zip(found.words, closed.tolist(), strict=True)) == among
    return found


def test_the_second_look_at_the_parts_can_be_ended(tmp_path: Path) -> None:
    def told() -> None:
        raise Stop

    with closing(Database(tmp_path, 100, Calm())) as db:
        ranking = Ranking(db, Vocabulary(tmp_path, db, 10).finish(), tmp_path)
        with pytest.raises(Stop):
            open_documents(Ranked(ranking, [Merged(tmp_path / "0", tmp_path / "0.ids", 0)], told), 0)


@settings(max_examples=10, deadline=None)
@given(texts=TEXTS, per_task=st.integers(1, 4), cut=st.sampled_from([1, 3, 100]))
def test_the_index_holds_every_token_in_its_place(texts: list[str], per_task: int, cut: int) -> None:
    with TemporaryDirectory() as name:
        index = indexed(texts, Path(name), per_task, cut=cut)
        assert "".join(index.words[each] for each in index.ids) == "".join(texts)
        counts = Counter("".join(texts))
        assert list(zip(index.words, index.counts.tolist(), strict=True)) == sorted(
            counts.items(), key=lambda each: (-each[1], each[0])
        )
        starts = np.cumsum([0, *map(len, texts)])
        assert index.starts.tolist() == starts.tolist()
        assert index.numbers.tolist() == list(range(len(texts)))
        assert index.groups("year")[0] == sorted(map(str, range(len(texts))))
        assert set(index.groups("folder")[0]) == {"d"}
        assert index.about["cut"] == "letters"


@settings(max_examples=10, deadline=None)
@given(texts=TEXTS, n=st.integers(1, 6), together=st.sampled_from([1, 4, 1000]))
def test_dispersion_is_that_of_a_dense_table(texts: list[str], n: int, together: int) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        index = indexed(texts, Path(name))
        patch.setattr(spread, "_TOGETHER", together)
        patch.setattr(spread, "_WORDS", 2)
        borders = spread.slices(len(index.ids), n)
        found = spread.spread(index, borders, lambda: None)
        ids = np.asarray(index.ids)
        table = np.array([np.bincount(ids[a:b], minlength=len(index.words)) for a, b in pairwise(borders)])
        sizes = table.sum(1)
        table, sizes = table[sizes > 0], sizes[sizes > 0]
        if len(sizes) < 2:
            assert np.isnan(found["dp"]).all()
            return
        dp = np.abs(table / table.sum(0) - (sizes / sizes.sum())[:, None]).sum(0) / 2
        rates = table / sizes[:, None]
        juilland = 1 - rates.std(0) / rates.mean(0) / np.sqrt(len(sizes) - 1)
        np.testing.assert_allclose(found["dp"], dp, atol=1e-9)
        np.testing.assert_allclose(found["juilland_d"], juilland, atol=1e-9)


def test_files_are_parts_in_the_order_of_the_corpus(tmp_path: Path) -> None:
    index = indexed(["ab", "c", "d"], tmp_path)
    assert index.files == ["d/0.txt", "d/1.txt", "d/0.txt"]
    assert spread.by_file(index).tolist() == [0, 2, 3, 4]


@settings(max_examples=10, deadline=None)
@given(texts=TEXTS, n=st.integers(1, 3), together=st.sampled_from([1, 3, 1000]), least=st.integers(1, 2))
def test_ngrams_lie_inside_documents_and_between_signs(texts: list[str], n: int, together: int, least: int) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        index = indexed(texts, folder)
        patch.setattr(grams, "_TOGETHER", together)
        with closing(Database(folder, 100, Calm())) as db:
            size = Grams(db, index, folder / "index", n).write(folder / "grams.parquet", least)
        windows = [text[at : at + n] for text in texts for at in range(len(text) - n + 1)]
        expected = Counter(" ".join(each) for each in windows if not set(each) & set("。\n"))
        wanted = sorted(((w, c) for w, c in expected.items() if c >= least), key=lambda each: (-each[1], each[0]))
        assert queried(f"SELECT * FROM '{folder / 'grams.parquet'}'") == wanted
        assert size == len(wanted)


@settings(max_examples=10, deadline=None)
@given(texts=TEXTS)
def test_both_ways_of_counting_agree(texts: list[str]) -> None:
    plain, detailed = Plain(Letters()), Detailed(Letters(), keep=False)
    for number, text in enumerate(texts):
        for tally in (plain, detailed):
            tally.add(Document(text, "a", number))
    quick, whole = plain.part(), detailed.part()
    assert dict(zip(quick.words, quick.counts, strict=True)) == dict(zip(whole.words, whole.counts, strict=True))
    assert whole.groups == [("", "a", len(texts), sum(map(len, texts)))]

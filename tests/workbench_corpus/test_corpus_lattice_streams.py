"""Documents cut together are cut as each by itself, whether tokens have numbers or not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_corpus.tokens import numbered, streams
from workbench_corpus.tokens.cutting import Cutter, cutter
from workbench_corpus.tokens.lattice.alphabet import codes
from workbench_corpus.tokens.lattice.edges import text_of
from workbench_corpus.tokens.lattice.numbering import Numbering
from workbench_corpus.tokens.lattice.stock import names
from workbench_corpus.tokens.params import Words
from workbench_corpus.tokens.words import spec

DOCUMENTS = st.lists(st.text(st.sampled_from("的漢字中国北京大学aA1２.-%,， \r\n\0𠮷"), max_size=20), max_size=6)
WORDS: tuple[dict[str, Any], ...] = (
    {},
    {"case": True, "digits": True, "marks": False},
    {"width": True, "script": "simplified", "stops": ("的", "A")},
    {"dictionary": ("漢字", {"word": "北京", "freq": 0})},
)
KINDS = ({"kind": "rjieba", "hmm": True}, {"kind": "rjieba", "hmm": False}, {"kind": "regex", "pattern": r"\w+"})


@pytest.fixture(params=[1, 1 << 17], ids=["each by itself", "together"])
def together(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many characters are read at once."""
    monkeypatch.setattr(numbered, "_NUMBERED", request.param)
    monkeypatch.setattr(numbered, "_AT_ONCE", 3 * request.param)


@pytest.fixture(params=[True, False, None], ids=["by number", "by name", "both"])
def suits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which texts are read by number; usually it depends on them."""
    if request.param is not None:
        by_number = request.param
        monkeypatch.setattr(Numbering, "ready", lambda _, text: text_of(codes(text)) if by_number and text else None)


@pytest.mark.usefixtures("suits")
@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("kind", KINDS)
def test_documents_are_counted_and_kept_as_each_is_cut(kind: dict[str, Any], words: dict[str, Any]) -> None:
    made: Cutter = cutter(kind, spec(Words(**words)))

    @settings(max_examples=10, deadline=None, database=None)
    @given(DOCUMENTS)
    def hold(documents: list[str]) -> None:
        counts, stream = streams.counts(made), streams.stream(made)
        for text in documents:
            counts.add(text)
            stream.add(text)
        tokens = [made.tokens(text) for text in documents]
        words, ids, lengths = stream.settled()
        found = [*names().of(words.known), *words.others]
        assert [found[each] for each in ids] == [token for each in tokens for token in each]
        assert lengths.tolist() == [*map(len, tokens)]
        assert len({*found}) == len(found)
        wanted = Counter(token for each in tokens for token in each if made.counts(token))
        words, times = counts.settled()
        found = [*names().of(words.known), *words.others]
        assert Counter(dict(zip(found, times.tolist(), strict=True))) == wanted
        assert len(found) == len(wanted)

    hold()


def test_only_tokenizers_with_numbers_have_them() -> None:
    assert cutter({"kind": "rjieba", "hmm": True}, {}).numbering is not None
    assert cutter({"kind": "jieba", "hmm": True, "mode": "accurate"}, {}).numbering is None


def test_texts_without_many_ideographs_and_endless_runs_are_read_by_name() -> None:
    numbering = cutter({"kind": "rjieba", "hmm": True}, {}).numbering
    assert numbering is not None
    assert numbering.ready("我们来到了北京大学 (PKU)，")
    assert not numbering.ready("")
    assert not numbering.ready("He came to Beijing (北京).")
    assert not numbering.ready("来到北京，" * 100 + "哈" * 1000)

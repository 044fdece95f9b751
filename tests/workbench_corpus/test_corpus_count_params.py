"""What a person sets of a count, as the command line writes it; and the clock that knows what was counted before."""

from __future__ import annotations

import time
from typing import Any

import pytest
from workbench_corpus.counting.job import corpus
from workbench_corpus.counting.show import Clock

from workbench import fields
from workbench.jobs.start import Desk
from workbench.runs.arrays import Arrays
from workbench.testing.running import values_for
from workbench.ui.forms.state import State


def params(desk: Desk, **values: Any) -> Any:
    return values_for(desk.tool("corpus-count").tool.params, {"paths": ["a.txt"], **values})


def test_without_files_the_form_says_so_before_a_run(desk: Desk) -> None:
    state = State(desk.tool("corpus-count").tool.params)
    assert [(field, str(text)) for field, text in state.wrong] == [("paths", "a value is needed.")]
    assert state.member_at("tokenizer") == "rjieba"
    state.put("paths", ["a.txt"])
    state.check()
    assert state.wrong == []


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"hmm": False}, "rjieba"),
        ({"hmm": False, "tokenizer": "jieba"}, "jieba"),
        ({"hmm": False, "tokenizer": {"kind": "jieba", "mode": "search"}}, "jieba"),
    ],
)
def test_hmm_by_itself_is_the_tokenizers(desk: Desk, values: dict[str, Any], kind: str) -> None:
    found = params(desk, **values)
    assert (found.tokenizer.kind, found.tokenizer.hmm, found.hmm) == (kind, False, None)


def test_hmm_of_a_tokenizer_without_one_is_refused(desk: Desk) -> None:
    with pytest.raises(fields.ParameterError, match="hmm"):
        params(desk, hmm=True, tokenizer="characters")


def test_a_word_of_ones_own_may_be_written_as_a_bare_text(desk: Desk) -> None:
    model = desk.tool("corpus-count").tool.params
    values: dict[str, Any] = {"paths": ["a.txt"]}
    fields.assign(model, values, "words.dictionary", '["央视网消息", {"word": "新闻", "freq": 0}]')
    found: Any = fields.validate(model, values, Arrays())
    assert [(each.word, each.freq) for each in found.words.dictionary] == [("央视网消息", None), ("新闻", 0)]
    with pytest.raises(fields.ParameterError, match="dictionary"):
        params(desk, words={"dictionary": [""]})


def test_the_form_takes_words_of_ones_own_in_either_way(desk: Desk) -> None:
    state = State(desk.tool("corpus-count").tool.params)
    state.put("paths", ["a.txt"])
    for words in (["央视网消息"], [{"word": "央视网消息", "freq": 3}]):
        state.put("words.dictionary", words)
        state.check()
        assert state.wrong == []
        assert state.taken is not None
        assert state.taken.model_dump()["words"]["dictionary"][0]["word"] == "央视网消息"


@pytest.mark.parametrize(
    ("values", "portion"),
    [({}, 0.1), ({"tokenizer": "jieba"}, 0.03), ({"tokenizer": "jieba", "portion": 3}, 3.0)],
)
def test_portions_of_a_slow_tokenizer_are_small(desk: Desk, values: dict[str, Any], portion: float) -> None:
    assert corpus(params(desk, **values)).portion == portion


@pytest.mark.parametrize(
    ("values", "detailed", "keeps"),
    [
        ({}, True, False),
        ({"document_counts": False}, False, False),
        ({"document_counts": False, "meta": ["year"]}, True, False),
        ({"document_counts": False, "dispersion": "files"}, True, True),
        ({"ngrams": 2}, True, True),
        ({"ngrams": 1}, True, False),
        ({"index": True}, True, True),
    ],
)
def test_what_is_wanted_decides_how_it_is_counted(
    desk: Desk, values: dict[str, Any], detailed: bool, keeps: bool
) -> None:
    found = params(desk, **values)
    assert (found.detailed, found.keeps) == (detailed, keeps)


def test_what_was_counted_before_is_no_speed() -> None:
    clock = Clock()
    clock.add(50_000_000, kept=True)
    clock.add(1_000_000, kept=False)
    time.sleep(0.05)
    assert clock.done == 51_000_000
    assert 0 < clock.rate() <= 20
    for _ in range(1000):
        clock.mark()
    assert len(clock.points) <= 400
    seconds = [each[0] for each in clock.points]
    assert seconds == sorted(seconds)

"""jieba 0.42.1 itself, imported without its warnings, its cache file and its lines on standard error."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any


def _quiet(name: str) -> Any:
    """A module of jieba's. It looks for pkg_resources, which warns that it is deprecated, but does as well without."""
    there = sys.modules.get("pkg_resources")
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    finally:
        del sys.modules["pkg_resources"]
        if there is not None:
            sys.modules["pkg_resources"] = there


jieba = _quiet("jieba")
finalseg = _quiet("jieba.finalseg")
jieba.default_logger.removeHandler(jieba.log_console)  # what it says goes where all that is logged goes
jieba.default_logger.setLevel("INFO")


@cache
def stock() -> tuple[dict[str, int], int]:
    """jieba's dictionary with all beginnings of its words (frequency 0), and the sum of its frequencies."""
    frequencies: dict[str, int]
    frequencies, total = jieba.Tokenizer.gen_pfdict(jieba.Tokenizer().get_dict_file())
    return frequencies, total


def tokenizer(changes: bool = True) -> Any:
    """A `jieba.Tokenizer`, with a dictionary of its own if that changes. jieba's cache file is not touched."""
    made = jieba.Tokenizer()
    frequencies, made.total = stock()
    made.FREQ, made.initialized = dict(frequencies) if changes else frequencies, True
    return made


class Jieba:
    """jieba's modes. dictionary: see `words.spec`."""

    def __init__(self, spec: Mapping[str, Any], dictionary: Mapping[str, Any] | None) -> None:
        self._mode, self._hmm = spec["mode"], spec["hmm"]
        self._tokenizer = tokenizer(changes=dictionary is not None)
        self._forced: set[str] = set()
        if dictionary is not None:
            self._learn(dictionary)
        self.bare = _untagged if self._mode == "tagged" else None
        if self._mode == "tagged":
            self._tagger = _quiet("jieba.posseg").POSTokenizer(self._tokenizer)

    def cut(self, text: str) -> list[str]:
        """The tokens; in full mode without the empty ones that jieba gives."""
        finalseg.Force_Split_Words = self._forced  # one set for all tokenizers of a process, so far as jieba knows
        match self._mode:
            case "search":
                return self._tokenizer.lcut_for_search(text, HMM=self._hmm)  # type: ignore[no-any-return]
            case "full":
                return [token for token in self._tokenizer.cut(text, cut_all=True) if token]
            case "tagged":
                return [f"{word}/{tag}" for word, tag in self._tagger.cut(text, HMM=self._hmm)]
        return self._tokenizer.lcut(text, HMM=self._hmm)  # type: ignore[no-any-return]

    def _learn(self, dictionary: Mapping[str, Any]) -> None:
        """What `add_word` does with every entry, whose frequency is known by now."""
        frequencies = self._tokenizer.FREQ
        for word, frequency, tag in dictionary["words"]:
            frequencies[word] = frequency
            for end in range(1, len(word)):
                frequencies.setdefault(word[:end], 0)
            if tag:
                self._tokenizer.user_word_tag_tab[word] = tag
        self._tokenizer.total = dictionary["total"]
        self._forced = {word for word, frequency, _ in dictionary["words"] if not frequency}


def _untagged(token: str) -> str:
    return token.rpartition("/")[0]

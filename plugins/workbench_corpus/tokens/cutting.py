"""Cutting texts into tokens, in whatever process: made out of JSON, quick for counting, exact in the end."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import folding
from .offered import completed, digest

if TYPE_CHECKING:
    from .lattice.numbering import Numbering

_KNOWN = 200_000
"""Tokens of which it is remembered whether they are exact, before all are forgotten: memory stays bounded."""


def cutter(tokenizer: Mapping[str, Any], words: Mapping[str, Any], cache: str = "") -> Cutter:
    """The cutter of these specifications (see `offered` and `words.spec`), the same one again in the same process.

    cache: a folder for what is dear to make of a dictionary, "" for none.
    """
    return _made(json.dumps([completed(tokenizer), words, cache], sort_keys=True))


@lru_cache(maxsize=8)
def _made(specs: str) -> Cutter:
    return Cutter(*json.loads(specs))


class Cutter:
    """Cuts as it was told to.

    `cut` gives raw tokens, as quickly as can be; `settle` makes exact counts of a table of those. `tokens` is the
    exact stream: what `settle(Counter(cut(text)))` counts, in its order, but for what is left out of counts. A text
    may be cut in pieces, the pieces beginning after ends of lines, or several at once.
    """

    def __init__(self, tokenizer: Mapping[str, Any], words: Mapping[str, Any], cache: str = "") -> None:
        module, _, name = tokenizer["make"].partition(":")
        made = getattr(importlib.import_module(module), name)(tokenizer, words.get("dictionary"))
        if hasattr(made, "cache_folder"):
            made.cache_folder = cache
        self._made = made
        self._exact, self._sure, self._bare = (getattr(made, name, None) for name in ("exact", "sure", "bare"))
        self._doubtful = getattr(made, "doubtful", None)
        self._before, self._after = folding.before(words), folding.after(words)
        self._raw: Callable[[str], list[str]] = made.cut
        self._known: set[str] = set()
        self._changed: dict[str, tuple[str, ...]] = {}
        self._stops = frozenset(words.get("stops", ()))
        self._marks = words.get("marks", True)
        self.fingerprint = digest([tokenizer, words])

    @property
    def numbering(self) -> Numbering | None:
        """The exact tokens of texts that are folded already, as numbers, where the tokenizer has them."""
        return getattr(self._made, "numbering", None)

    @property
    def counts_all(self) -> bool:
        """Whether every exact token is counted, and as it is."""
        return self._marks and not self._stops and self._after is None

    def before(self, text: str) -> str:
        """A text, folded where folding goes before the cut."""
        return self._before(text) if self._before else text

    def after(self, word: str) -> str:
        """An exact token, folded where folding goes after the cut."""
        return self._after(word) if self._after else word

    def cut(self, text: str) -> list[str]:
        """Raw tokens of a text."""
        return self._raw(self.before(text))

    def raw(self, text: str) -> list[str]:
        """Raw tokens of a text that is folded already, as far as that is done before the cut."""
        return self._raw(text)

    def settle(self, counts: Mapping[str, int]) -> Counter[str]:
        """Exact counts out of counts of raw tokens: split, folded, without what is left out."""
        doubtful = self._doubtful(counts) if self._doubtful and self._after is None else counts
        self._learn(doubtful)
        settled = Counter(counts)
        changed = [(self._changed[token], settled.pop(token)) for token in doubtful if token in self._changed]
        for words, count in changed:
            for word in words:
                settled[word] += count
        if self._marks and not self._stops:
            return settled
        return Counter({word: count for word, count in settled.items() if self.counts(word)})

    def tokens(self, text: str) -> list[str]:
        """The exact tokens, in their order; those too that `counts` leaves out, so that neighbours stay neighbours."""
        return self.exact(self.before(text))

    def exact(self, text: str) -> list[str]:
        """The exact tokens of a text that is folded already, as far as that is done before the cut."""
        if self._final(text):
            return self._raw(text)
        tokens: list[str] = []
        for line in text.splitlines(keepends=True) if self._sure else [text]:
            raw = self._raw(line)
            tokens += raw if self._final(line) else self._replaced(raw)
        return tokens

    def counts(self, word: str) -> bool:
        """Whether an exact token is counted: no stop word, and no mark where marks are left out."""
        bare = self.bare(word)
        return bare not in self._stops and (self._marks or any(map(str.isalnum, bare)))

    def bare(self, word: str) -> str:
        """An exact token without what a tokenizer added to it, such as its part of speech."""
        return self._bare(word) if self._bare else word

    def _final(self, text: str) -> bool:
        """Whether the raw tokens of a text are exact."""
        return self._after is None and (self._exact is None or (self._sure is not None and self._sure(text)))

    def _replaced(self, raw: list[str]) -> list[str]:
        """Exact tokens for raw ones. Most stand for themselves, so stretches of them are taken over as they are."""
        self._learn(raw)
        if self._changed.keys().isdisjoint(raw):
            return raw
        tokens: list[str] = []
        start = 0
        for k in [k for k, token in enumerate(raw) if token in self._changed]:
            tokens += raw[start:k]
            tokens += self._changed[raw[k]]
            start = k + 1
        return tokens + raw[start:]

    def _learn(self, raw: Collection[str]) -> None:
        """Finds out which of these are to be replaced, as far as that is not known."""
        if self._known.issuperset(raw):
            return
        if len(self._known) > _KNOWN:
            self._known.clear()
            self._changed.clear()
        new = set(raw) - self._known
        pieces = ((token, self._piece(token)) for token in new)
        self._changed.update((token, piece) for token, piece in pieces if piece != (token,))
        self._known |= new

    def _piece(self, token: str) -> tuple[str, ...]:
        """The exact tokens that a raw one stands for."""
        exact = (token,) if self._exact is None else self._exact(token)
        return tuple(exact if self._after is None else map(self._after, exact))

"""Folding: what counts as the same. Script and width act on a text before the cut, case and digits on its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

Fold = Callable[[str], str]
_SIGNS = "0-9A-Za-z+#&._%-"
_WIDE = {code + 0xFEE0: code for code in range(0x21, 0x7F) if re.fullmatch(f"[{_SIGNS}]", chr(code))}
"""Full-width letters, digits and those signs that jieba's words may hold."""
_RUNS = re.compile(f"[{''.join(re.escape(chr(code)) for code in _WIDE)}]+")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
_HALVES = re.compile("([\ud800-\udfff]+)")
_OPENCC = {"simplified": "t2s", "traditional": "s2t"}


def before(words: Mapping[str, Any]) -> Fold | None:
    """What is done to a text before it is cut; None: nothing."""
    script = _OPENCC.get(words.get("script", ""))
    return _chain([*([_written(script)] if script else []), *([_narrow] if words.get("width") else [])])


def after(words: Mapping[str, Any]) -> Fold | None:
    """What is done to a word; None: nothing."""
    return _chain([*([str.lower] if words.get("case") else []), *([_zero] if words.get("digits") else [])])


def whole(words: Mapping[str, Any]) -> Fold:
    """What becomes of a word by both."""
    first, second = before(words) or str, after(words) or str
    return lambda word: second(first(word))


def _chain(steps: list[Fold]) -> Fold | None:
    if len(steps) < 2:
        return steps[0] if steps else None
    first, second = steps
    return lambda text: second(first(text))


def _written(script: str) -> Fold:
    convert: Fold = import_module("opencc").OpenCC(script).convert

    def written(text: str) -> str:
        try:
            return convert(text)
        except UnicodeEncodeError:  # halves of characters, which stay as they are
            return "".join(part if _HALVES.match(part) else convert(part) for part in _HALVES.split(text))

    return written


def _narrow(text: str) -> str:
    return _RUNS.sub(lambda run: run[0].translate(_WIDE), text)


def _zero(word: str) -> str:
    return _NUMBERS.sub("0", word)

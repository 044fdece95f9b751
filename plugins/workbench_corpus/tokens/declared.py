"""What the plugin declares of the cutting: tokenizers to choose from."""

from __future__ import annotations

from workbench.api import Offer

from .params import Characters, CharGrams, Jieba, Regex, Rjieba, Whitespace

_LOAD = ".tokens.offered:tokenizer"
TOKENIZERS = [
    Offer("rjieba", "tokenizer", "jieba's words, quickly", _LOAD, Rjieba, "Exactly as jieba, by rjieba."),
    Offer("jieba", "tokenizer", "jieba itself", _LOAD, Jieba, "The reference; search, full mode, parts of speech."),
    Offer("characters", "tokenizer", "Characters", _LOAD, Characters),
    Offer("chargrams", "tokenizer", "Runs of characters", _LOAD, CharGrams),
    Offer("whitespace", "tokenizer", "Between white space", _LOAD, Whitespace),
    Offer("regex", "tokenizer", "Regular expression", _LOAD, Regex),
]

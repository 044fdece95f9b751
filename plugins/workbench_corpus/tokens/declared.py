"""What the plugin declares of the cutting: tokenizers to choose from, and the tool that shows them at work."""

from __future__ import annotations

from workbench.api import Offer, Panel, Preset, Tool

from .params import Characters, CharGrams, Jieba, Preview, Regex, Rjieba, Whitespace

_FOLDED = {"script": "simplified", "width": True, "case": True, "digits": True}
_LOAD = ".tokens.offered:tokenizer"
TOKENIZERS = [
    Offer("rjieba", "tokenizer", "jieba's words, quickly", _LOAD, Rjieba, "Exactly as jieba, by rjieba."),
    Offer("jieba", "tokenizer", "jieba itself", _LOAD, Jieba, "The reference; search, full mode, parts of speech."),
    Offer("characters", "tokenizer", "Characters", _LOAD, Characters),
    Offer("chargrams", "tokenizer", "Runs of characters", _LOAD, CharGrams),
    Offer("whitespace", "tokenizer", "Between white space", _LOAD, Whitespace),
    Offer("regex", "tokenizer", "Regular expression", _LOAD, Regex),
]
PREVIEW = Tool(
    id="corpus-preview",
    title="How a text is cut",
    params=Preview,
    run=".tokens.preview:run",
    live=True,
    description="Shows a text of your own cut by several tokenizers, marks where they differ, and says what folding, "
    "stop words and a dictionary of your own change.",
    panels=(
        Panel("cut", "text", "cut", title="Cut", help="Marked is what not all tokenizers cut alike."),
        Panel(
            "differences",
            "table",
            "differences",
            title="Where they differ",
            help="Tokenizers whose tokens overlap or leave letters out are not compared.",
        ),
        Panel(
            "folded",
            "table",
            "folded",
            title="What counts as what",
            help="What is folded before the cut, then tokens of the first tokenizer; an empty one is not counted.",
        ),
    ),
    layout="cut / (differences | folded)",
    presets=(
        Preset(
            "folding",
            "New words and folding",
            {"words": _FOLDED},
            "With jieba's model of new words and without; scripts, widths, cases and numbers as one.",
        ),
        Preset(
            "modes",
            "jieba's modes",
            {
                "tokenizers": [{"kind": "jieba", "mode": mode} for mode in ("accurate", "search", "full", "tagged")],
                "words": _FOLDED,
            },
            "Search and full mode give words within words.",
        ),
        Preset(
            "simple",
            "Without a dictionary",
            {"tokenizers": ["rjieba", "characters", "whitespace", "regex"], "words": _FOLDED},
            "What simple tokenizers make of the same text.",
        ),
    ),
    warm=("rjieba",),
    threads=1,
)

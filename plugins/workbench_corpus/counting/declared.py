"""What the plugin declares of counting: the tool with its panels and presets, and a spreadsheet as a way out."""

from __future__ import annotations

from pathlib import Path

from workbench.api import Exporter, Layer, Lead, Panel, Preset, Tool, domain

from ..params import Count

SAMPLES = Path(__file__).parents[1] / "samples"

CONTEXTS = Lead(
    "corpus-contexts",
    "Show in its contexts",
    param="word",
    artifact="tokens",
    takes="index",
    missing="The run has kept no tokens: they are there at the end of a count with “Keep every token” switched on.",
)
PANELS = (
    Panel(
        "words",
        "table",
        "words",
        (CONTEXTS,),
        title="Words",
        help="The most frequent ones while the count runs, in the end all.",
    ),
    Panel("totals", "text", "totals", title="Totals"),
    Panel(
        "zipf",
        parts=(Layer("lines", "zipf"),),
        title="Frequency by rank",
        help="Zipf's law is a straight line; its slope is fitted to all tokens.",
        log="xy",
    ),
    Panel(
        "heaps",
        parts=(Layer("lines", "heaps"),),
        title="Different words by tokens",
        help="Heaps' law is a straight line: new words never cease to come.",
        log="xy",
    ),
    Panel("speed", parts=(Layer("lines", "speed"),), title="Speed", help="MB of text a second, by seconds."),
    Panel("groups", "table", "groups", title="By folder and column"),
    Panel("ngrams", "table", "ngrams", title="Runs of words"),
    Panel("files", "table", "files", title="Files"),
    Panel("troubles", "table", "troubles", title="Troubles", help="What was not read, or not as it should be."),
)

PRESETS = (
    Preset(
        "analects",
        "The Analects",
        {
            "paths": [str(SAMPLES / "analects.jsonl")],
            "meta": ["chapter"],
            "dispersion": "slices",
            "slices": 20,
            "ngrams": 2,
            "index": True,
            "portion": 0.004,
        },
        "500 sayings, counted before you look: 曰 and 子 lead, 君子 is spread evenly (DP is low), names are not. By "
        "folder and column: which chapter is the longest.",
    ),
    Preset("plain", "Words alone", {"document_counts": False}, "The quickest way. Choose files or folders first."),
    Preset(
        "whole",
        "Everything",
        {"dispersion": "slices", "ngrams": 2, "index": True},
        "Documents, dispersion, pairs of words and the index of tokens. Choose files or folders first.",
    ),
    Preset("jieba", "jieba itself", {"tokenizer": "jieba"}, "The reference: the same words, at its own speed."),
    Preset("characters", "Characters", {"tokenizer": "characters"}, "No dictionary at all."),
)

COUNT = Tool(
    id="corpus-count",
    title="Count the words of a corpus",
    params=Count,
    run=".counting.job:run",
    description="Counts the words of files and folders exactly as jieba cuts them, at many times its speed, and shows "
    "the table while it grows.",
    panels=PANELS,
    layout="words | (zipf, heaps, speed, totals / groups, ngrams, files, troubles)",
    presets=PRESETS,
    result="words",
    columns=("word", "count"),
    warm=("duckdb", "numpy", "safetensors.numpy"),
    threads=1,
)

XLSX = Exporter("xlsx", "Spreadsheet (XLSX)", ".counting.xlsx:write")

T = domain("workbench_corpus")
COLUMNS = (
    T("per_million"), T("documents"), T("juilland_d"), T("dp"), T("by"), T("value"), T("file"), T("format"),
    T("encoding"), T("bytes"), T("undecodable"), T("trouble"), T("tokens"),
    T("at"), T("text"), T("becomes"), T("times"), T("types"), T("megabytes"), T("failed_files"), T("mb_per_second"),
)  # fmt: skip
"""Names of columns, as tables show them in the reader's language."""
CHOICES = (
    T("line"), T("paragraph"), T("slices"), T("files"), T("kept"), T("simplified"), T("traditional"),
    T("accurate"), T("search"), T("full"), T("tagged"),
)  # fmt: skip
"""What the form offers to choose from, in the reader's language."""

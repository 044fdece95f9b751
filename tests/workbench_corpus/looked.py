"""A small corpus on the disk, and the index that a count of it leaves, written with nothing of the count's."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
from workbench_corpus.tokens.cutting import cutter

TEXTS = {
    "2022/a.txt": "今天的新闻联播网站开通了。新闻联播很好看。",
    "2022/b.txt": "他来到北京大学看新闻联播网站。",
    "2023/c.txt": "北京的大学很多，新闻也很多。",
}
WORDS = {"marks": True, "script": "kept", "width": False, "case": False, "digits": False, "stops": []}


def corpus(folder: Path) -> Path:
    """The texts as files."""
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def index(folder: Path, texts: Path) -> Path:
    """The folder of the index of `corpus(texts)`."""
    cut = [cutter({"kind": "rjieba", "hmm": True}, WORDS).tokens(text) for text in TEXTS.values()]
    counts = Counter(word for document in cut for word in document)
    words = sorted(counts, key=lambda word: (-counts[word], word))
    folder.mkdir()
    np.array([words.index(word) for document in cut for word in document], "<i4").tofile(folder / "ids.i32")
    starts = np.cumsum([0, *map(len, cut)])[:-1]
    with duckdb.connect(":memory:") as db:
        table = {"word": np.array(words, object), "count": np.array([counts[word] for word in words])}
        rows = {
            "start": starts, "file": np.array(list(TEXTS), object), "number": np.zeros(len(cut), np.int64),
            "columns": np.array([json.dumps({"year": name[:4]}) for name in TEXTS], object),
        }  # fmt: skip
        for name, given in (("words", table), ("documents", rows)):
            db.register(name, given)
            db.execute(f"COPY (FROM {name}) TO '{folder / name}.parquet' (FORMAT parquet)")
    about = {
        "tokenizer": {"kind": "rjieba", "hmm": True}, "words": WORDS, "fingerprint": "f" * 64,
        "input": {"paths": [str(texts)]}, "types": len(words), "tokens": sum(counts.values()),
    }  # fmt: skip
    (folder / "about.json").write_text(json.dumps(about), "utf-8")
    return folder

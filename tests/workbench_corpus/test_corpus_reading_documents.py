from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import duckdb
import pytest
from corpus_read import read
from hypothesis import given, settings
from hypothesis import strategies as st

CHINESE = "今天天气很好，我们去公园。\r\n明天下雨。\n\n后天晴。\n"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be")


# ------------------------------------------------------------------ plain text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_small_file_is_one_whole_document(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes((CHINESE * 9).encode(encoding))
    got = read(tmp_path)
    (piece,) = got.pieces
    assert (piece.text, piece.piece, piece.undecodable) == (CHINESE * 9, None, 0)
    assert piece.file == str(tmp_path / "a.txt")
    assert got.files[piece.file].encoding == encoding.removesuffix("-sig") + ("-le" if encoding == "utf-16" else "")


@pytest.mark.parametrize("encoding", [*ENCODINGS, "big5"])
@pytest.mark.parametrize("portion", [0.001, 0.02, 1.0])
def test_a_long_file_in_parts_is_the_same_text(tmp_path: Path, encoding: str, portion: float) -> None:
    text = "".join(f"第{i}行，明天下雨。\n" for i in range(2000))
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    got = read(tmp_path, portion=portion)
    assert got.texts == [text]
    assert (got.tasks > 1) == (portion < 1)
    assert len({each.piece for each in got.pieces}) == len(got.pieces)
    assert len({each.number for each in got.pieces}) == 1
    assert sum(each.bytes for each in got.files.values()) in range(len(text.encode(encoding)) - 4, 10**6)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_document_in_parts_begins_once(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(("一行文字，有逗号。\n" * 500).encode(encoding))
    got = read(tmp_path, portion=0.001)
    assert got.tasks > 1
    assert [each.begins for each in got.pieces] == [True] + [False] * (len(got.pieces) - 1)


def test_a_file_longer_than_a_block_comes_in_whole_lines(tmp_path: Path) -> None:
    text = "一行文字，有逗号。\n" * 60_000
    (tmp_path / "a.txt").write_text(text, "utf-8")
    got = read(tmp_path, portion=64)
    assert got.texts == [text]
    assert got.tasks == 1
    assert len(got.pieces) > 2
    assert all(each.text.endswith("\n") for each in got.pieces)


@given(
    st.lists(st.sampled_from([*"中国，。a ", "\n", "\r\n", "\n\n", "𠀀"]), max_size=400).map("".join),
    st.sampled_from(["utf-8", "gb18030", "utf-16-le"]),
    st.sampled_from(["file", "line", "paragraph"]),
)
@settings(max_examples=60)
def test_the_same_documents_whatever_the_portion(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str, documents: str
) -> None:
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes((text * 20).encode(encoding) or b" ")
    small, large = (read(path, portion=each, documents=documents, encoding=encoding) for each in (0.001, 1.0))
    assert small.texts == large.texts
    assert [each.number for each in large.pieces] == sorted({each.number for each in small.pieces})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("documents", ["line", "paragraph"])
def test_long_lines_and_paragraphs_are_whole_whatever_the_portion(
    tmp_path: Path, encoding: str, documents: str
) -> None:
    lines = ["短。", "山" * 150_000, "短。", "水水。" * 30_000]
    between = "\n\n" if documents == "paragraph" else "\n"
    (tmp_path / "a.txt").write_bytes(between.join(lines).encode(encoding))
    for portion in (0.001, 0.25, 1.0):
        got = read(tmp_path, portion=portion, documents=documents, encoding=encoding)
        assert got.texts == ["".join(each) for each in lines]


def test_lines_and_paragraphs_are_documents_where_they_begin(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("一\r\n二二\n \n\n三\n四".encode())
    lines = read(tmp_path, documents="line").pieces
    assert [(each.text, each.number) for each in lines] == [("一", 0), ("二二", 5), ("三", 15), ("四", 19)]
    paragraphs = read(tmp_path, documents="paragraph").pieces
    assert [(each.text, each.number) for each in paragraphs] == [("一\r\n二二", 0), ("三\n四", 15)]


def test_lines_of_utf_16_are_not_cut_where_a_character_has_the_byte_of_a_newline(tmp_path: Path) -> None:
    text = "上一ਅ一Ċ\n二上\n"  # U+4E0A; U+0A05 before U+4E00; U+010A
    (tmp_path / "a.txt").write_bytes(text.encode("utf-16-le"))
    got = read(tmp_path, documents="line", encoding="utf-16-le").pieces
    assert [(each.text, each.number) for each in got] == [("上一ਅ一Ċ", 0), ("二上", 12)]


@pytest.mark.parametrize("documents", ["file", "line", "paragraph"])
def test_undecodable_bytes_are_replaced_and_counted(tmp_path: Path, documents: str) -> None:
    (tmp_path / "a.txt").write_bytes("好天气。\n".encode() * 50 + b"\xff\xfe" + "好\n".encode() + b"\xe5\xa5")
    got = read(tmp_path, documents=documents)
    assert sum(each.undecodable for each in got.pieces) == 4
    assert "".join(each.text for each in got.pieces).count("\ufffd") == 4
    assert [each.undecodable for each in got.files.values()] == [4]


@pytest.mark.parametrize("old", ["*/old/*.txt", "old/*.txt", "{folder}/old/*.txt"])
def test_an_encoding_is_overridden_for_some_files(tmp_path: Path, old: str) -> None:
    text = "ÄÖÜ ßßß äöü " * 5
    for name in ("a.txt", "old/b.txt", "old/c.dat"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text.encode("cp437"))
    overrides = ({"files": old.format(folder=tmp_path), "encoding": "cp437"}, {"files": "a.*", "encoding": "cp850"})
    got = read(tmp_path, encodings=overrides, encoding="latin-1")
    assert [each.text for each in got.pieces] == [text, text, text.encode("cp437").decode("latin-1")]
    assert {each.encoding for each in got.files.values()} == {"cp850", "cp437", "iso8859-1"}


# ------------------------------------------------------------------ rows


@pytest.mark.parametrize("portion", [0.001, 1.0])
def test_each_line_of_json_is_a_document(tmp_path: Path, portion: float) -> None:
    rows = [{"id": i, "content": f"第{i}篇\n" + "字" * (i % 50), "author": "甲乙"[i % 2]} for i in range(200)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    got = read(tmp_path, meta=("author", "id", "year"), portion=portion)
    assert got.texts == [row["content"] for row in rows]
    assert [each.columns for each in got.pieces] == [{"author": row["author"], "id": str(row["id"])} for row in rows]
    assert (got.tasks > 1) == (portion < 1)


def test_lines_that_are_no_rows_and_rows_without_text_are_counted(tmp_path: Path) -> None:
    lines = ['{"text": "好"}', "{broken", "[" * 100_000, '{"text": 5}', "{}", "", '{"text": "天"}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines * 40), "utf-8")
    got = read(tmp_path, portion=0.001)
    assert got.tasks > 1
    assert got.texts == ["好", "天"] * 40
    assert got.said("a.jsonl") == "lines that are no JSON object: 80. rows without a text in text: 80."


def test_half_a_surrogate_in_json_is_replaced_and_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(r'{"text": "好\ud83d天\ud83d\ude00"}', "utf-8")
    (piece,) = read(tmp_path).pieces
    assert (piece.text, piece.undecodable) == ("好\ufffd天😀", 1)


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ('[{"text": "一", "x": "长长长长"}, {"text": "二"}]', ["一", "二"]),
        ('["一", "二"]', ["一", "二"]),
        ('{\n "body": "一"\n}', ["一"]),
        ('{"text": "一"}\n{"text": "二"}\n', ["一", "二"]),
    ],
)
def test_the_shapes_of_json(tmp_path: Path, content: str, texts: list[str]) -> None:
    (tmp_path / "a.json").write_text(content, "utf-8")
    assert read(tmp_path).texts == texts


def test_a_long_json_of_lines_is_cut(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"text": "一"}\n' * 1000, "utf-8")
    got = read(tmp_path, portion=0.001)
    assert got.tasks > 5
    assert len(got.texts) == 1000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("portion", [0.001, 1.0])
def test_each_row_of_csv_is_a_document(tmp_path: Path, encoding: str, delimiter: str, portion: float) -> None:
    rows = [[str(i), f'他说："第{i}个，\n好{delimiter}"' + "字" * (i % 30), "甲"] for i in range(300)]
    with (tmp_path / "a.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["编号", "内容", "作者"], *rows])
    got = read(tmp_path, meta=("作者",), portion=portion)
    assert got.texts == [row[1] for row in rows]
    assert all(each.columns == {"作者": "甲"} for each in got.pieces)
    assert (got.tasks > 1) == (portion < 1 and encoding != "utf-16")


def test_a_wished_column_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n一,二\n", "utf-8")
    assert read(tmp_path, column="y").texts == ["二"]
    assert read(tmp_path, column="z").said("a.csv") == "there is no column z; there are: x, y."
    (tmp_path / "b.csv").write_text("", "utf-8")
    (tmp_path / "c.csv").write_text("\n", "utf-8")
    assert read(tmp_path / "c.csv").said("c.csv") == "no column holds texts; there are: —."


def test_rows_of_parquet_are_read_by_ranges(tmp_path: Path) -> None:
    duckdb.execute(
        """COPY (SELECT 'x' || i AS short, '第' || i || '篇' || repeat('字', i % 90) AS "long ""one", i % 7 AS year
        FROM range(5000) t(i)) TO $1 (FORMAT parquet, ROW_GROUP_SIZE 2048)""",
        [str(tmp_path / "a.parquet")],
    )
    got = read(tmp_path, meta=("year",), portion=0.05)
    assert got.texts == [f"第{i}篇" + "字" * (i % 90) for i in range(5000)]
    assert [each.number for each in got.pieces] == list(range(5000))
    assert got.pieces[9].columns == {"year": "2"}
    assert got.tasks > 3


def test_a_long_row_comes_in_pieces(tmp_path: Path) -> None:
    text = "一句话，" * 100_000
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}), "utf-8")
    got = read(tmp_path)
    assert got.texts == [text]
    begins = [each.piece for each in got.pieces if each.piece is not None]
    assert begins == sorted(set(begins))
    assert len(begins) == len(got.pieces)
    assert all(each.text.endswith("，") for each in got.pieces)


def test_each_long_row_begins_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text((json.dumps({"text": "一句话，" * 100_000}) + "\n") * 3, "utf-8")
    got = read(tmp_path)
    assert len(got.pieces) > 3
    assert [each.number for each in got.pieces if each.begins] == sorted({each.number for each in got.pieces})


# ------------------------------------------------------------------ real texts


@pytest.mark.skipif(
    "WORKBENCH_TEST_DATA" not in os.environ, reason="set WORKBENCH_TEST_DATA to the folder of real data"
)
def test_real_jsonl_gives_each_of_its_texts() -> None:
    path = Path(os.environ["WORKBENCH_TEST_DATA"]) / "duie1" / "train.jsonl"
    got = read(path, portion=0.5)
    with path.open(encoding="utf-8") as file:
        assert got.texts == [json.loads(line)["text"] for line in file]
    assert got.tasks > 5
    assert got.said("train.jsonl") == ""


def test_real_news_in_small_parts_is_the_same_text(tmp_path: Path, news: str) -> None:
    (tmp_path / "a.txt").write_text(news, "utf-8", newline="")
    assert read(tmp_path, portion=0.01).texts == read(tmp_path).texts == [news]
    lines = [line.rstrip("\r") for line in news.split("\n") if line.strip()]
    assert read(tmp_path, portion=0.01, documents="line").texts == lines

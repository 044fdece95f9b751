from __future__ import annotations

import csv
from io import BytesIO, StringIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_corpus.reading import borders
from workbench_corpus.reading.borders import LINES, MARKS, SPACES, Borders, ending

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be", "utf-32-le")
WORDS = st.text(alphabet="中𠀀éa_3.-%e\u0301ทีि\u200d", min_size=1, max_size=40)
TEXTS = st.text(alphabet="中民，。 ab\r\n", max_size=300)


def cut(
    data: bytes, step: int, kind: str, encoding: str, packed: bool = False, whole: int = 0, cuts: int = MARKS
) -> list[bytes]:
    size = -1 if packed else len(data)
    places = list(Borders(BytesIO(data), size, 0, step, kind, encoding, lambda _: None, whole, cuts))
    assert places[0] == 0
    assert places[-1] == len(data)
    assert all(a < b for a, b in pairwise(places))
    return [data[a:b] for a, b in pairwise(places)]


@given(TEXTS, st.integers(8, 90), st.sampled_from(ENCODINGS), st.booleans())
def test_no_line_is_torn(text: str, step: int, encoding: str, packed: bool) -> None:
    parts = cut(text.encode(encoding), step, "line", encoding, packed)
    assert "".join(each.decode(encoding) for each in parts) == text
    assert all(each.decode(encoding).endswith("\n") for each in parts[:-1])


@given(
    st.text(alphabet="中𠀀é a", max_size=300), st.integers(8, 90), st.sampled_from(("utf-8", "gb18030", "utf-16-le"))
)
def test_a_text_without_lines_is_cut_between_characters_at_last(text: str, step: int, encoding: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(borders, "LONGEST", step)
        parts = cut(text.encode(encoding), step, "text", encoding)
    assert "".join(each.decode(encoding) for each in parts) == text
    assert all(len(each) <= step for each in parts[:-1])


@given(
    st.lists(st.text(alphabet="中𠀀éa_3.-%e\u0301ทีि\u200d", min_size=1, max_size=40), max_size=20),
    st.sampled_from(' ，《"…'),
)
def test_no_word_is_torn(words: list[str], between: str) -> None:
    parts = cut(between.join(words).encode(), 8, "text", "utf-8")
    assert "".join(each.decode() for each in parts) == between.join(words)
    assert all(each.decode().endswith(between) for each in parts[:-1])


def test_a_text_without_any_place_to_cut_it_is_whole_up_to_a_limit() -> None:
    assert len(cut("中".encode() * 300_000, 1000, "text", "utf-8")) == 1
    assert max(map(len, cut("中".encode() * 800_000, 1000, "text", "utf-8"))) <= borders.LONGEST


def test_a_long_line_is_cut_after_a_space_or_a_mark() -> None:
    text = "中国人民，" * 1000
    assert all(each.decode().endswith("，") for each in cut(text.encode(), 1000, "text", "utf-8"))
    assert all(each.decode().endswith(" ") for each in cut(("ab， " + text).encode(), 1000, "text", "utf-8")[:1])


@pytest.mark.parametrize(("cuts", "marks"), [(LINES, "\n"), (SPACES, "\n ")])
def test_a_long_line_is_cut_as_little_as_it_may(cuts: int, marks: str) -> None:
    text = ("中国人民，" * 100_000 + " ") * 2 + "\n中，" * 100_000 + "\n"
    parts = [each.decode() for each in cut(text.encode(), 1000, "text", "utf-8", whole=borders.LONGEST, cuts=cuts)]
    torn = [each for each in parts if each[-1] not in marks]
    assert "".join(parts) == text
    assert len(torn) in (1, 2)  # where there is no other place in so many bytes
    assert parts[: len(torn)] == torn
    assert all(each.endswith("，") and len(each.encode()) > 0.9 * borders.LONGEST for each in torn)
    assert len(parts) > 50


def test_damaged_bytes_do_not_stop_the_walk() -> None:
    data = b"\xff\x81\xfe" * 2000
    assert b"".join(cut(data, 100, "text", "utf-8")) == data
    assert b"".join(cut(data, 100, "text", "gb18030")) == data


@given(
    st.lists(st.lists(st.text(alphabet='中a",\n', max_size=9), min_size=2, max_size=2), max_size=40), st.integers(8, 90)
)
def test_no_record_of_csv_is_torn(rows: list[list[str]], step: int) -> None:
    out = StringIO(newline="")
    csv.writer(out).writerows(rows)
    parts = cut(out.getvalue().encode(), step, "record", "utf-8")
    assert [row for part in parts for row in csv.reader(StringIO(part.decode(), newline=""))] == rows


@given(st.lists(st.text(alphabet="中a", min_size=1, max_size=20), max_size=60), st.integers(8, 90))
def test_no_paragraph_is_torn(paragraphs: list[str], step: int) -> None:
    text = "\n \n\n".join(paragraphs)
    parts = cut(text.encode(), step, "paragraph", "utf-8", packed=True)
    assert [each for part in parts for each in part.decode().split("\n \n\n") if each] == paragraphs


def test_parts_are_about_as_long_as_wished() -> None:
    data = "一行文字。\n".encode() * 100_000
    sizes = list(map(len, cut(data, 100_000, "text", "utf-8")))
    assert max(sizes) < 200_000
    assert min(sizes[:-1]) >= 100_000


@pytest.mark.parametrize(
    ("text", "end"),
    [("a\nb c", 2), ("ab c，d", 3), ("ab，d", 3), ("ab“d", 3), ("abd", 0), ("a.b\r", 0), ("", 0), ("“e\u0301a", 1)],
)
def test_where_a_text_is_best_cut(text: str, end: int) -> None:
    assert ending(text) == end

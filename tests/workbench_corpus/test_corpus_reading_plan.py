from __future__ import annotations

import bz2
import gc
import gzip
import json
import lzma
import multiprocessing
import os
import shutil
import struct
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from corpus_read import read
from pydantic import ValidationError
from workbench_corpus.reading.documents import documents
from workbench_corpus.reading.params import Input
from workbench_corpus.reading.plan import plan

from workbench.api import UserError

NOBODY = 65534


# ------------------------------------------------------------------ finding files


def test_files_folders_and_patterns_each_once_in_one_order(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "a/x.txt", "a/deep/y.txt", "a.txt", "c/z.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, "utf-8")
    everything = ["a.txt", "a/x.txt", "a/deep/y.txt", "b/10.txt", "b/2.txt", "c/z.md"]
    assert read(tmp_path).texts == everything
    assert read(tmp_path / "b", tmp_path, tmp_path / "a.txt").texts == [
        *everything[3:5],
        *everything[:3],
        everything[5],
    ]
    assert read(tmp_path / "*" / "*.txt").texts == ["a/x.txt", "b/10.txt", "b/2.txt"]
    assert sorted(read(tmp_path / "**" / "*.txt").texts) == sorted(everything[:5])


def test_brackets_in_a_name_are_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("好", "utf-8")
    assert read(tmp_path / "a[1].txt").texts == ["好"]


@pytest.mark.parametrize("paths", [(), ("nothing.txt",), ("nothing*.txt",), ("~nobody-at-all/a.txt",)])
def test_a_path_that_leads_to_nothing_is_the_persons_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paths: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as raised:
        plan(Input(paths=tuple(map(Path, paths))))
    assert raised.value.field == "paths"


@pytest.mark.parametrize(
    "values",
    [
        {"paths": ("",)},
        {"encoding": "klingon"},
        {"encoding": "base64"},
        {"encoding": "utf_7"},
        {"encoding": "unicode_escape"},
        {"encodings": ({"files": "", "encoding": "utf-8"},)},
        {"portion": 0},
    ],
)
def test_values_that_cannot_be_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Input.model_validate(values)


def test_links_are_followed_once_and_never_in_circles(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "sub").mkdir(parents=True)
    (tmp_path / "corpus" / "sub" / "a.txt").write_text("好", "utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.txt").write_text("天", "utf-8")
    for name, target in (
        ("sub/up", ".."),
        ("self", "self"),
        ("gone.txt", "nowhere.txt"),
        ("away", "../elsewhere"),
        ("again", "../elsewhere"),
        ("file.txt", "../elsewhere/b.txt"),
    ):
        (tmp_path / "corpus" / name).symlink_to(target)
    got = read(tmp_path / "corpus")
    assert sorted(got.texts) == ["天", "天", "好"]
    assert got.said("up") == f"a link to {tmp_path}/corpus, which is read already."
    assert got.said("away") == f"a link to {tmp_path}/corpus/again, which is read already."
    assert got.said("self") == "a link that leads to itself."
    assert got.said("gone.txt") == "it is gone, or the link leads nowhere."


def test_what_cannot_be_read_is_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40))
    (tmp_path / "letter.rtf").write_text(r"{\rtf1 a}")
    with tarfile.open(tmp_path / "texts.tar.gz", "w:gz") as archive:
        archive.add(__file__)
    zipfile.ZipFile(tmp_path / "nothing.zip", "w").close()
    duckdb.execute("COPY (SELECT 'a' AS text LIMIT 0) TO $1 (FORMAT parquet)", [str(tmp_path / "none.parquet")])
    (tmp_path / "..gz").write_bytes(gzip.compress(b"."))
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "good.txt").write_text("好", "utf-8")
    for suffix in ("zip", "docx", "epub", "pdf", "parquet", "txt.gz", "txt.xz", "txt.bz2"):
        (tmp_path / f"broken.{suffix}").write_bytes(b"PK\x03\x04 no such thing")
    (tmp_path / "short.txt.gz").write_bytes(gzip.compress(os.urandom(90_000).hex().encode())[:50_000])
    got = read(tmp_path)
    assert got.texts[-1] == "好"
    assert got.said("empty.txt") == "empty."
    assert got.said("binary.txt") == got.said("picture.png") == "binary: it is no text."
    assert got.said("letter.rtf") == got.said("texts.tar.gz") == "files of this kind are not read."
    assert got.said("nothing.zip") == got.said("none.parquet") == "empty."
    assert got.said("pipe.txt") == "neither a file nor a folder."
    assert got.said("broken.parquet").startswith("no Parquet")
    broken = [name for name in got.files if "broken" in name or "short" in name]
    assert len(broken) == 9
    assert all("damaged" in got.said(name) for name in broken if not name.endswith("parquet"))


def test_names_that_are_no_utf_8_are_shown_and_read(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/\xd0\xc2\xce\xc5.txt"
    Path(os.fsdecode(raw)).write_text("好", "utf-8")
    (piece,) = read(tmp_path).pieces
    assert piece.text == "好"
    assert piece.file == f"{tmp_path}/\\xd0\\xc2\\xce\\xc5.txt"
    piece.file.encode()


@pytest.fixture
def open_path(tmp_path: Path) -> Path:
    """A folder that every user may enter; pytest closes those that hold it."""
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents:
        if parent.name.startswith(("pytest-", "popen-")):
            parent.chmod(0o711)
    return tmp_path


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="another user can be tried only by root")
def test_without_permission_it_is_said(open_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (open_path / "closed").mkdir()
    (open_path / "closed" / "a.txt").write_text("好", "utf-8")
    (open_path / "closed").chmod(0)
    (open_path / "names").mkdir()
    (open_path / "names" / "b.txt").write_text("好", "utf-8")
    (open_path / "names").chmod(0o744)
    for name in ("small.txt", "large.txt", "small.zip", "small.pdf", "small.parquet", "small.txt.gz"):
        (open_path / name).write_text("好" * (10**6 if name == "large.txt" else 9), "utf-8")
        (open_path / name).chmod(0o600)
    (open_path / "open.txt").write_text("天", "utf-8")
    mine = tmp_path_factory.mktemp("mine")
    shutil.copytree(open_path, mine, dirs_exist_ok=True)
    read(mine)  # imports what the other user may not be able to
    with multiprocessing.get_context("fork").Pool(1) as pool:
        texts, said = pool.apply(_as_nobody, (open_path,))
    (open_path / "closed").chmod(0o755)
    assert texts == ["天"]
    assert set(said.values()) == {"you may not read it."}
    assert set(said) == {
        *("closed", "names/b.txt", "small.txt", "large.txt", "small.zip", "small.pdf", "small.parquet", "small.txt.gz")
    }


def _as_nobody(folder: Path) -> tuple[list[str], dict[str, str]]:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    got = read(folder)
    return got.texts, {str(Path(name).relative_to(folder)): got.said(name) for name in got.files if got.said(name)}


# ------------------------------------------------------------------ bombs


def _gz(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(b"bomb " * 200_000) for _ in range(megabytes)), packer.flush()])


def test_a_packed_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(_gz(120))
    (tmp_path / "b.txt").write_text("好", "utf-8")
    started = time.process_time()
    got = read(tmp_path)
    assert got.texts == ["好"]
    assert got.said("a.txt.gz") == "it unpacks to more than 64 MB: see Limits."
    assert time.process_time() - started < 5


@pytest.mark.parametrize(("suffix", "pack"), [("bz2", bz2.compress), ("xz", lzma.compress)])
def test_a_tiny_packed_file_may_unpack_to_too_much(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / f"a.txt.{suffix}").write_bytes(pack(b"a" * 65_000_000))
    assert (tmp_path / f"a.txt.{suffix}").stat().st_size < 16_000
    assert read(tmp_path).said(f"a.txt.{suffix}") == "it unpacks to more than 64 MB: see Limits."


def test_what_is_packed_well_but_small_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(_gz(5))
    got = read(tmp_path)
    assert sum(len(each.text) for each in got.pieces) == 5_000_000


def test_a_zip_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"{number}.txt", bytes(5_000_000))
    assert (tmp_path / "bomb.zip").stat().st_size < 250_000
    assert read(tmp_path).said("bomb.zip") == "it unpacks to more than 64 MB: see Limits."
    with zipfile.ZipFile(tmp_path / "book.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(9_000_000))
    got = read(tmp_path, limits={"whole": 8})
    assert got.said("book.docx") == "it unpacks to more than 8 MB: see Limits."


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "bomb " * 10_000_000)
    data = (tmp_path / "a.zip").read_bytes().replace(struct.pack("<I", 50_000_000), struct.pack("<I", 5000))
    (tmp_path / "a.zip").write_bytes(data)
    got = read(tmp_path)
    assert sum(len(each.text) for each in got.pieces) <= 5000
    assert "damaged" in got.said("a.txt")


def test_a_locked_archive_is_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "好")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert read(tmp_path).said("a.txt") == "it is locked by a password."


def test_a_document_too_long_to_be_held_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("好" * 700_000, "utf-8")
    assert read(tmp_path, limits={"whole": 2}).said("a.html").startswith("longer than 2 MB")
    assert len(read(tmp_path, limits={"whole": 3}).texts) == 1


# ------------------------------------------------------------------ tasks


def test_tasks_are_json_the_same_each_time_and_hold_every_file_once(tmp_path: Path) -> None:
    for number in range(1200):
        (tmp_path / f"{number}.txt").write_text("好" * number, "utf-8")
    planned, again = plan(Input(paths=(tmp_path,))), plan(Input(paths=(tmp_path,)))
    assert list(planned.tasks) == list(again.tasks) == json.loads(json.dumps(list(planned.tasks)))
    assert planned.tasks[-1] == planned.tasks[len(planned.tasks) - 1] == planned.tasks[-1:][0]
    files = [part[0] for task in planned.tasks for part in task["parts"]]
    assert len(files) == len(set(files)) == 1199
    assert max(len(task["parts"]) for task in planned.tasks) <= 500
    assert planned.bytes == 3 * sum(range(1200)) == sum(each.bytes for each in planned.files)


def test_what_happens_to_a_file_after_planning_is_said(tmp_path: Path) -> None:
    for name in ("gone.txt", "shorter.txt"):
        (tmp_path / name).write_text("好\n" * 1000, "utf-8")
    (task,) = plan(Input(paths=(tmp_path,))).tasks
    (tmp_path / "gone.txt").unlink()
    (tmp_path / "shorter.txt").write_text("好\n", "utf-8")
    reading = documents(task)
    assert [each.text for each in reading] == ["好\n"]
    assert {Path(each.file).name: each.what for each in reading.troubles} == {
        "gone.txt": "it is gone, or the link leads nowhere.",
        "shorter.txt": "it has become shorter since it was found.",
    }


def test_planning_can_be_ended(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("好\n" * 10**6, "utf-8")
    asked = []

    def heed() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan(Input(paths=(tmp_path,)), heed)


@pytest.fixture
def light(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is one: making a hundred thousand files on a disk takes long."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.exists() else tmp_path) as folder:
        yield Path(folder)


def test_a_hundred_thousand_small_files_are_planned_at_once(light: Path) -> None:
    """THUCNews' layout: a folder for each of 14 subjects."""
    for subject in range(14):
        (light / str(subject)).mkdir()
        for number in range(7143):
            file = os.open(light / str(subject) / f"{number}.txt", os.O_CREAT | os.O_WRONLY)
            os.write(file, b"\xe5\xa5\xbd")
            os.close(file)
    started = time.process_time()
    planned = plan(Input(paths=(light,)))
    assert time.process_time() - started < 5
    assert len(planned.parts) == 100_002
    assert len(planned.tasks) == 201


def test_a_long_file_is_planned_at_once(tmp_path: Path) -> None:
    """Lines at its beginning, then a hole: nobody reads a long file through to plan it."""
    with (tmp_path / "a.txt").open("wb") as file:
        file.write("好天气。\n".encode() * 10_000)
        file.truncate(200_000_000)
    started = time.process_time()
    planned = plan(Input(paths=(tmp_path,)))
    assert time.process_time() - started < 5
    assert planned.bytes == 200_000_000
    assert 100 < len(planned.tasks) <= 200


def test_many_small_portions_take_little_memory(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("好\n" * 3_000_000, "utf-8")
    tracemalloc.start()
    planned = plan(Input(paths=(tmp_path / "a.txt",), portion=0.001))
    gc.collect()  # tuples too that Python has let go but keeps at hand
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(planned.tasks) > 5000
    assert held / len(planned.parts) < 80
    parts = [*planned.parts]
    assert [each.stop for each in parts[:-1]] == [each.start for each in parts[1:]]
    assert sum(each.bytes for each in parts) == planned.bytes == 12_000_000

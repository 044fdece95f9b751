"""A run as one file: it comes back as it was, and a file that means harm is refused and leaves nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import stat
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from workbench.errors import UserError
from workbench.events import Event, encode
from workbench.runs import arrival, labels
from workbench.runs.arrival import take_in
from workbench.runs.export import export
from workbench.runs.labels import Labels
from workbench.runs.reader import Reader
from workbench.runs.sharing import MANIFEST, share
from workbench.runs.workspace import Workspace

from .conftest import header, image, recording

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def full(workspace: Workspace) -> Path:
    """A run with scalars, frames, an artifact, a checkpoint that is a folder, labels."""
    folder = workspace.create(header(params={"seed": 3, "rate": 0.1}, group="g"))
    with recording(folder) as recorder:
        for step in range(1, 2001):
            recorder.scalars(step, time.time(), {"loss": 1 / step})
        recorder.record(image(7))
        artifact = folder / "artifacts" / "model-000000002"
        artifact.write_bytes(b"weights" * 1000)
        facts = {"name": "model", "kind": "k", "path": artifact.name, "bytes": 7000, "sha256": "x"}
        recorder.record(Event("artifact", "model", 2, data=facts))
        for step in (0, 5):
            place = folder / "checkpoints" / f"001-{step:09d}"
            place.mkdir()
            (place / "tensors.safetensors").write_bytes(bytes([step]) * 5000)
            recorder.add_checkpoint(step, place)
        recorder.set_state("done", seconds=2.5)
    labels.change(folder, lambda _: Labels("Best", True, ("good",), "note"))
    (folder / "log.txt").write_text("said here alone")
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Workspace:
    """Another workspace, not made yet."""
    return Workspace(tmp_path / "elsewhere")


def told(folder: Path) -> dict[str, Any]:
    """Everything that must come back."""
    with closing(Reader(folder)) as reader:
        frame = reader.frame("samples")
        assert frame is not None
        facts = {name: value for name, value in reader.facts.items() if name not in ("owner", "synced", "id")}
        return {
            "facts": facts, "scalars": reader.scalars("loss").tobytes(), "frame": frame.arrays["images"].tobytes(),
            "links": reader.links(), "artifacts": reader.artifacts(), "labels": labels.read(folder),
            "state": reader.state, "seconds": reader.seconds,
        }  # fmt: skip


def parquet(place: Path, word: str) -> None:
    """A table that is a Parquet file."""
    place.parent.mkdir(exist_ok=True)
    with duckdb.connect() as db:
        db.sql(f"SELECT '{word}' AS word").write_parquet(str(place))


def listed(run: Path, stream: str, target: Path) -> list[str]:
    """The lines of a table, as they are exported."""
    with closing(Reader(run)) as reader:
        export("csv", reader, target, [stream])
    return target.read_text("utf-8-sig").splitlines()


@pytest.mark.parametrize(("checkpoints", "steps"), [("none", []), ("last", [5]), ("all", [0, 5])])
def test_a_run_comes_back_as_it_was(
    full: Path, elsewhere: Workspace, tmp_path: Path, checkpoints: Any, steps: list[int]
) -> None:
    file = share(full, tmp_path, checkpoints)
    assert file == tmp_path / f"{full.name}.run.zip"
    arrived = take_in(elsewhere, file)
    assert (arrived.folder, arrived.renamed) == (elsewhere.runs / full.name, False)
    assert told(arrived.folder) == told(full)
    assert (arrived.folder / "artifacts" / "model-000000002").read_bytes() == b"weights" * 1000
    with closing(Reader(arrived.folder)) as reader:
        assert [each.step for each in reader.checkpoints()] == steps
        for each in reader.checkpoints():
            stored = (arrived.folder / each.path / "tensors.safetensors").read_bytes()
            assert stored == bytes([each.step]) * 5000
    with recording(arrived.folder) as recorder:  # it can be gone on with
        recorder.scalars(2001, time.time(), {"loss": 0.0})


def test_tables_that_are_files_travel(full: Path, elsewhere: Workspace, tmp_path: Path) -> None:
    parquet(full / "words.parquet", "here")
    parquet(full / "more" / "old.parquet", "hidden")
    parquet(full / "artifacts" / "kept.parquet", "artifact")
    with recording(full) as recorder, closing(sqlite3.connect(full / "grows.sqlite")) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE words (word TEXT)")
        db.execute("INSERT INTO words VALUES ('written now')")
        db.commit()
        files = {
            "words": "words.parquet", "old": "more/old.parquet", "kept": "artifacts/kept.parquet",
            "grows": "grows.sqlite", "model": "artifacts/model-000000002", "gone": "gone.parquet", "own": "run.sqlite",
        }  # fmt: skip
        for stream, path in files.items():
            recorder.record(Event("table", stream, 3, {"path": path}))
        recorder.record(Event("table", "old", 4, {"rows": [{"word": "now rows"}]}))
        recorder.flush()
        assert listed(full, "grows", tmp_path / "t.csv") == ["word", "written now"]
        file = share(full, tmp_path)
    run = take_in(elsewhere, file).folder
    for stream, word in {"words": "here", "kept": "artifact", "grows": "written now", "old": "now rows"}.items():
        assert listed(run, stream, tmp_path / "t.csv") == ["word", word]
    assert (run / "more" / "old.parquet").read_bytes() == (full / "more" / "old.parquet").read_bytes()
    with pytest.raises(UserError, match="The table gone is gone"):
        listed(run, "gone", tmp_path / "t.csv")
    assert sorted(each.name for each in run.iterdir() if "run.sqlite" not in each.name) == [
        "artifacts", "checkpoints", "grows.sqlite", "labels.json", "lock", "more", "words.parquet",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["LOCK", "run.sqlite-wal", "Run.sqlite-journal", "labels.json.lock", "Log.txt", "../x", "/x", "CON.parquet"]
)
def test_what_no_table_may_be_called(full: Path, elsewhere: Workspace, tmp_path: Path, name: str) -> None:
    with recording(full) as recorder:
        recorder.record(Event("table", "words", 3, {"path": "words.parquet"}))
    parquet(full / "words.parquet", "here")
    file = share(full, tmp_path)

    def change(members: dict[str, bytes]) -> None:
        members[name] = members.pop("words.parquet")
        frame = encode(Event("table", "words", 3, {"path": name}))
        in_record(tmp_path, f"UPDATE frames SET event = x'{frame.hex()}' WHERE stream = 'words'")(members)

    refused(elsewhere, altered(file, change), "no place in a run")


def test_a_table_that_is_another_file_is_damaged(full: Path, elsewhere: Workspace, tmp_path: Path) -> None:
    with recording(full) as recorder:
        recorder.record(Event("table", "words", 3, {"path": "words.parquet"}))
    parquet(full / "words.parquet", "here")
    file = share(full, tmp_path)
    changed = altered(file, lambda members: members.update({"words.parquet": members["words.parquet"][::-1]}), False)
    refused(elsewhere, changed, "its file words.parquet is damaged")
    broken = in_record(tmp_path, "UPDATE frames SET event = x'00ff' WHERE stream = 'words'")
    refused(elsewhere, altered(file, broken), "its record is damaged")


def test_nothing_of_this_machine_travels(full: Path, tmp_path: Path) -> None:
    file = share(full, tmp_path)
    with closing(Reader(full)) as reader:
        host = reader.facts["owner"]["host"].encode()
    with zipfile.ZipFile(file) as archive:
        assert not any("log" in name or "lock" in name for name in archive.namelist())
        assert b'"host"' not in archive.read("run.sqlite")
        assert b'"host":"' + host not in archive.read("run.sqlite")
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_taken_id_becomes_a_new_one(full: Path, workspace: Workspace, tmp_path: Path) -> None:
    file = share(full, tmp_path)
    arrived = take_in(workspace, file)
    assert arrived.renamed
    assert arrived.wanted == full.name != arrived.folder.name
    assert arrived.folder.name[:-4] == full.name[:-4]
    with closing(Reader(arrived.folder)) as reader:
        assert reader.fact("id") == arrived.folder.name
    assert told(arrived.folder) == told(full)


def test_a_run_is_shared_while_it_is_written(workspace: Workspace, elsewhere: Workspace, tmp_path: Path) -> None:
    folder = workspace.create(header())
    with recording(folder) as recorder:
        recorder.set_state("running")
        for step in range(1, 3001):
            recorder.scalars(step, time.time(), {"loss": float(step)})
        recorder.flush()
        file = share(folder, tmp_path / "it.zip")
    arrived = take_in(elsewhere, file).folder
    with closing(Reader(arrived)) as reader:
        assert reader.state == "interrupted"
        assert np.array_equal(reader.scalars("loss")["value"], np.arange(1, 3001))


def test_a_run_of_a_machine_whose_clock_stood_still_is_shared(
    full: Path, elsewhere: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in full.rglob("*"):
        os.utime(each, (0, 0))
    monkeypatch.setattr(time, "time", lambda: 0.0)
    file = share(full, tmp_path)
    monkeypatch.undo()
    assert told(take_in(elsewhere, file).folder) == told(full)


def test_a_run_that_has_not_begun_is_not_shared(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has not begun"):
        share(run, tmp_path)


def test_a_missing_artifact_and_a_full_place_are_said(full: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        share(full, tmp_path / "no" / "such" / "folder" / "x.zip")
    (full / "artifacts" / "model-000000002").unlink()
    with pytest.raises(UserError, match="is missing"):
        share(full, tmp_path)
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")
def test_a_link_is_written_through_and_a_pipe_stays(full: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there" / "it.zip")
    assert share(full, tmp_path / "link") == tmp_path / "link"
    assert (tmp_path / "link").is_symlink()
    assert zipfile.is_zipfile(tmp_path / "there" / "it.zip")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="neither a file nor a folder"):
        share(full, tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()


# ---------------------------------------------------------------------------------- what is refused


def altered(file: Path, change: Change, describe: bool = True) -> Path:
    """The shared run with other members; describe: its table of contents follows."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if describe and MANIFEST in members:
        manifest = json.loads(members[MANIFEST])
        manifest["files"] = {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in members.items() if name != MANIFEST
        }  # fmt: skip
        members[MANIFEST] = json.dumps(manifest).encode()
    bad = file.with_name("bad.run.zip")
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return bad


def without(name: str) -> Change:
    """Takes a member away."""

    def change(members: dict[str, bytes]) -> None:
        del members[name]

    return change


def in_manifest(**changes: Any) -> Change:
    """Changes the table of contents."""

    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps({**json.loads(members[MANIFEST]), **changes}).encode()

    return change


def in_record(tmp_path: Path, *statements: str) -> Change:
    """Changes the record."""

    def change(members: dict[str, bytes]) -> None:
        path = tmp_path / "altered.sqlite"
        path.write_bytes(members["run.sqlite"])
        with closing(sqlite3.connect(path)) as db:
            for each in statements:
                db.execute(each)
            db.commit()
        members["run.sqlite"] = path.read_bytes()

    return change


def refused(workspace: Workspace, file: Path, why: str) -> None:
    """The file is refused with these words, and leaves nothing."""
    before = {each: each.stat().st_mtime_ns for each in workspace.root.parent.rglob("*")}
    with pytest.raises(UserError, match=why):
        take_in(workspace, file)
    after = set(workspace.root.parent.rglob("*")) - before.keys() - {workspace.root, workspace.runs}
    assert after == set()


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "artifacts/../../evil", "/etc/evil", "artifacts//x", "artifacts/./x", "artifacts\\..\\evil",
        "C:/evil", "artifacts/C:evil", "evil", "lock", "log.txt", "checkpoints", "artifacts/x.", "artifacts/ ",
        "artifacts/a\x07b", "artifacts/" + "a/" * 30 + "b", "artifacts/" + "x" * 300, "labels.json/x",
    ],
)  # fmt: skip
def test_files_that_have_no_place_in_a_run(full: Path, elsewhere: Workspace, tmp_path: Path, name: str) -> None:
    refused(
        elsewhere, altered(share(full, tmp_path), lambda members: members.update({name: b"x"})), "no place in a run"
    )


@pytest.mark.parametrize("id", ["../../x", "", ".hidden", "x/y", "20261122-215045-", "a" * 300, 3, None, "..", "CON"])
def test_ids_that_are_none(full: Path, elsewhere: Workspace, tmp_path: Path, id: Any) -> None:
    refused(elsewhere, altered(share(full, tmp_path), in_manifest(id=id)), "its id is none")


def test_newer_and_senseless_tables_of_contents(full: Path, elsewhere: Workspace, tmp_path: Path) -> None:
    file = share(full, tmp_path)
    refused(elsewhere, altered(file, in_manifest(format=2)), "newer version")
    refused(elsewhere, altered(file, in_manifest(format="1")), "makes no sense")
    refused(elsewhere, altered(file, lambda members: members.update({MANIFEST: b"[" * 9999}), False), "damaged")
    refused(elsewhere, altered(file, without(MANIFEST)), "no shared run")
    refused(elsewhere, altered(file, in_manifest(files={}), False), "not those of its table")
    refused(elsewhere, altered(file, without("run.sqlite")), "not those of its table")


def test_a_link_out_of_the_run(full: Path, elsewhere: Workspace, tmp_path: Path) -> None:
    bad = altered(share(full, tmp_path), lambda members: members.update({"artifacts/link": b"/etc/passwd"}))
    with zipfile.ZipFile(bad) as archive:
        members = [(each, archive.read(each)) for each in archive.infolist()]
    with zipfile.ZipFile(bad, "w") as archive:
        for info, data in members:
            if info.filename == "artifacts/link":
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, data)
    refused(elsewhere, bad, "no place in a run")


def test_a_file_whose_names_are_no_text(full: Path, elsewhere: Workspace, tmp_path: Path) -> None:
    bad = altered(share(full, tmp_path), lambda members: members.update({"é": b""}), describe=False)
    bad.write_bytes(bad.read_bytes().replace("é".encode(), b"\xff\xff"))
    refused(elsewhere, bad, "is no shared run, or damaged")


def test_damaged_content(full: Path, elsewhere: Workspace, tmp_path: Path) -> None:
    file = share(full, tmp_path)
    name = "artifacts/model-000000002"
    refused(elsewhere, altered(file, lambda members: members.update({name: b"WEIGHTS" * 1000}), False), "is damaged")
    refused(
        elsewhere, altered(file, lambda members: members.update({"run.sqlite": b"nothing" * 999})), "is damaged|cannot"
    )
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 255
    (tmp_path / "flipped.zip").write_bytes(data)
    refused(elsewhere, tmp_path / "flipped.zip", "damaged")
    (tmp_path / "cut.zip").write_bytes(file.read_bytes()[:-500])
    refused(elsewhere, tmp_path / "cut.zip", "no shared run, or damaged")
    (tmp_path / "text.zip").write_text("hello")
    refused(elsewhere, tmp_path / "text.zip", "no shared run, or damaged")
    refused(elsewhere, tmp_path / "missing.zip", "cannot be read")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM meta; END", "record is damaged"),
        ("CREATE VIEW v AS SELECT 1", "record is damaged"),
        ("CREATE TABLE more (x)", "record is damaged"),
        ("UPDATE artifacts SET path = '../../../secret'", "names “artifacts/../../../secret”"),
        ("UPDATE artifacts SET path = '/etc/passwd'", "does not hold"),
        ("UPDATE checkpoints SET path = '/etc'", "does not hold"),
        ("UPDATE checkpoints SET path = 'checkpoints/gone'", "does not hold"),
        ("DELETE FROM meta WHERE key = 'params'", "record is damaged"),
        ("UPDATE meta SET value = '3' WHERE key = 'params'", "record is damaged"),
        ("UPDATE meta SET value = '\"queued\"' WHERE key = 'state'", "record is damaged"),
        ("UPDATE meta SET value = '{' WHERE key = 'seed'", "record is damaged"),
        ("PRAGMA user_version = 99", "newer version"),
        ("UPDATE segments SET parent = id", "record is damaged"),
        ("UPDATE segments SET parent = 77", "record is damaged"),
        ("UPDATE segments SET start = x'ff00'", "record is damaged"),
        ("UPDATE series SET name = x'ff00'", "record is damaged"),
        ("UPDATE last SET step = 'x'", "record is damaged"),
        ("UPDATE last SET value = 'x'", "record is damaged"),
        ("UPDATE last SET value = x'00'", "record is damaged"),
        ("UPDATE checkpoints SET step = 'x'", "record is damaged"),
        ("UPDATE artifacts SET step = 'x'", "record is damaged"),
        ("UPDATE artifacts SET step = NULL", "record is damaged"),
        ("UPDATE records SET kind = 'notice', event = x'00ff'", "record is damaged"),
        ("INSERT INTO meta VALUES ('error', '\"boo\"')", "record is damaged"),
        ("INSERT INTO meta VALUES ('error', '{\"text\": 5}')", "record is damaged"),
        *(
            (f"UPDATE meta SET value = '{each}' WHERE key = 'created'", "record is damaged")
            for each in ("NaN", "Infinity", "1e300", "-1e17", "9" * 400, "true")
        ),
    ],
)
def test_records_that_are_not_a_runs(
    full: Path, elsewhere: Workspace, tmp_path: Path, statement: str, why: str
) -> None:
    refused(elsewhere, altered(share(full, tmp_path), in_record(tmp_path, statement)), why)


def test_sizes(full: Path, elsewhere: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = share(full, tmp_path)
    bomb = altered(file, lambda members: members.update({"artifacts/zeros": bytes(60 << 20)}))
    with monkeypatch.context() as patch:
        patch.setattr(arrival, "_FREE", 1 << 20)
        refused(elsewhere, bomb, "too large")
    with monkeypatch.context() as patch:
        patch.setattr(arrival, "MOST_FILES", 3)
        refused(
            elsewhere,
            altered(file, lambda members: members.update({"artifacts/a": b"", "artifacts/b": b""})),
            "more than",
        )
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
        refused(elsewhere, file, "are free")


def test_a_member_that_is_longer_than_it_says(full: Path, elsewhere: Workspace, tmp_path: Path) -> None:
    """The size in the directory of the zip lies; so does the table of contents."""
    bad = altered(share(full, tmp_path), lambda members: members.update({"artifacts/zeros": bytes(1 << 20)}))
    raw = bytearray(bad.read_bytes())
    with zipfile.ZipFile(bad) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    said = (1 << 20).to_bytes(4, "little")
    place = raw.rfind(said, 0, raw.rfind(b"artifacts/zeros"))
    raw[place : place + 4] = (10).to_bytes(4, "little")
    manifest["files"]["artifacts/zeros"]["bytes"] = 10
    (tmp_path / "lies.zip").write_bytes(raw)
    refused(elsewhere, tmp_path / "lies.zip", "makes no sense|damaged")


def test_labels_that_are_none(full: Path, elsewhere: Workspace, tmp_path: Path) -> None:
    bad = altered(share(full, tmp_path), lambda members: members.update({"labels.json": b"[3]"}))
    refused(elsewhere, bad, "its file labels.json is damaged")
    half = json.dumps({"title": "\ud800"}).encode()
    bad = altered(share(full, tmp_path), lambda members: members.update({"labels.json": half}))
    refused(elsewhere, bad, "its file labels.json is damaged")

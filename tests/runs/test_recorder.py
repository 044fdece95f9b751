"""The recorder: everything that is reported can be read back; errors of the disk reach the job."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from workbench.errors import UserError
from workbench.events import Event, encode
from workbench.runs import commits, schema
from workbench.runs.bundles import Bundle
from workbench.runs.lock import writer
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder, mark
from workbench.runs.records import Link
from workbench.runs.workspace import Workspace
from workbench.texts import T

from .conftest import header, image, recording

Read = Callable[[Path], Reader]


def test_scalars_are_readable_within_half_a_second(run: Path, read: Read) -> None:
    reader = read(run)
    with recording(run) as recorder:
        recorder.scalars(1, 0.0, {"a": 1.0})
        time.sleep(0.1)
        recorder.scalars(2, 0.0, {"a": 2.0})
        time.sleep(0.5)
        assert reader.scalars("a")["value"].tolist() == [1.0, 2.0]


def test_a_flush_is_an_acknowledgement(run: Path, read: Read) -> None:
    reader = read(run)
    with recording(run) as recorder:
        for step in range(1, 50):
            recorder.scalars(step, 0.0, {"a": step})
            recorder.flush(durable=step % 7 == 0)
            assert reader.last() == {"a": step}


def test_many_series_and_frames_of_one_moment_are_all_kept(run: Path, read: Read) -> None:
    names, reader = [f"s{number}" for number in range(400)], read(run)
    with recording(run) as recorder:
        for step in range(1, 251):
            recorder.scalars(step, 0.0, dict.fromkeys(names, step / 2) if step < 3 else {"s0": 1.0})
            recorder.record(Event("text", "text", step, {"text": str(step)}))
        recorder.flush()
    assert all(reader.scalars(name)["value"].tolist()[:2] == [0.5, 1.0] for name in names)
    assert len(reader.scalars("s0")) == 250
    assert reader.frames("text") == [*range(1, 251)]
    for step in (1, 137, 250):
        frame = reader.frame("text", step)
        assert frame is not None
        assert (frame.step, frame.data["text"]) == (step, str(step))


def test_series_that_are_reported_apart_keep_their_order(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        for step in range(1, 3000):
            recorder.scalars(step, 0.0, {"a": step})
            if step % 3 == 0:
                recorder.scalars(step, 0.0, {"b": -step, "a": step + 0.5})
    steps = [step for step in range(1, 3000) for _ in range(1 + (step % 3 == 0))]
    assert read(run).scalars("a")["step"].tolist() == steps
    assert read(run).scalars("b")["value"].tolist() == [-step for step in range(3, 3000, 3)]
    assert read(run).series() == ["a", "b"]


def test_a_frame_lies_in_the_store_as_it_travels(run: Path, read: Read) -> None:
    event = image(5)
    with recording(run) as recorder:
        recorder.record(event)
    with closing(schema.open_to_read(run)) as db:
        ((stored,),) = db.execute("SELECT event FROM frames").fetchall()
    assert stored == encode(event)
    found = read(run).frame("samples")
    assert found is not None
    assert np.array_equal(found.arrays["images"], event.arrays["images"])
    assert read(run).streams() == {"samples": "images"}
    assert read(run).frame("samples", 4) is None
    assert read(run).frame("unknown") is None


def test_what_is_kept_in_full(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        recorder.record(Event("notice", "", 1, {"text": T("Only {n} images.", n=3), "remedy": "Add some."}))
        recorder.record(Event("change", "", 2, {"values": {"rate": 0.1}, "updates": 2}))
        recorder.record(Event("action", "shake", 3, {"values": {}, "updates": 3}))
        facts = {"name": "net", "kind": "model/toy", "path": "net-4", "bytes": 10, "sha256": "ab"}
        recorder.record(Event("artifact", "net", 4, facts))
        recorder.add_link("other", None, "input")
        recorder.add_link("other", None, "input")
        recorder.set_facts(fingerprint="f00d", title=T("A title"))
    reader = read(run)
    (notice,) = reader.notices()
    assert (notice["text"].source, notice["text"].values, notice["step"]) == ("Only {n} images.", {"n": 3}, 1)
    change, action = reader.changes()
    assert (change["kind"], change["values"], change["step"]) == ("change", {"rate": 0.1}, 2)
    assert (action["kind"], action["stream"], action["visible"]) == ("action", "shake", True)
    (artifact,) = reader.artifacts()
    assert artifact.items() >= {**facts, "step": 4, "segment": 0}.items()
    assert reader.links() == [Link("other", None, "input")]
    assert reader.facts["fingerprint"] == "f00d"
    assert reader.facts["title"] == {"source": "A title", "values": {}, "domain": "workbench"}


def test_hidden_artifacts_are_not_offered_but_changes_are_told(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        for step in (5, 9):
            recorder.record(Event("artifact", "net", step, {"name": "net", "kind": "k", "path": f"net-{step}"}))
            recorder.record(Event("change", "", step, {"values": {"rate": step}}))
    with recording(run, start=6, parent=0):
        pass
    assert [each["step"] for each in read(run).artifacts()] == [5]
    assert [each["visible"] for each in read(run).changes()] == [True, False]


def test_rows_are_all_kept_and_idempotent_by_key(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        recorder.record(Event("rows", "plain", 0, {"rows": [{"key": 1}] * 1500}))
        for score in (1, 2):
            rows = [{"id": n, "score": score, "text": "句子"} for n in range(3)]
            recorder.record(Event("rows", "keyed", score, {"rows": rows, "key": "id"}))
    with recording(run, start=2, parent=0) as recorder:
        recorder.record(Event("rows", "keyed", 3, {"rows": [{"id": 1, "score": 3}], "key": "id"}))
    assert len(list(read(run).rows("plain"))) == 1500
    assert sorted((row["id"], row["score"]) for row in read(run).rows("keyed")) == [(0, 2), (1, 3), (2, 2)]
    assert read(run).streams() == {"plain": "rows", "keyed": "rows"}
    assert list(read(run).rows("unknown")) == []


def test_a_row_without_its_key_is_refused(run: Path) -> None:
    with recording(run) as recorder, pytest.raises(ValueError, match="needs its key 'id'"):
        recorder.record(Event("rows", "r", 0, {"rows": [{"id": 1}, {}], "key": "id"}))


def test_checkpoints_are_recorded_and_forgotten(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        for step in (0, 10, 20):
            recorder.add_checkpoint(step, run / "checkpoints" / f"000-{step}", "first" if step == 0 else "")
        recorder.remove_checkpoint(run / "checkpoints" / "000-10")
    with recording(run, start=10, parent=0):
        pass
    found = [(each.step, each.path, each.kept, each.visible) for each in read(run).checkpoints()]
    assert found == [(0, "checkpoints/000-0", "first", True), (20, "checkpoints/000-20", "", False)]


# ------------------------------------------------------------------------------------------- states


def test_a_run_that_says_running_is_interrupted_once_nobody_writes_it(run: Path, read: Read) -> None:
    reader = read(run)
    with recording(run) as recorder:
        recorder.set_state("running", threads=2)
        assert (reader.state, reader.header.threads) == ("running", 2)
    assert reader.state == "interrupted"
    with recording(run) as recorder:
        recorder.set_state("failed", error=UserError(T("No."), field="data").to_json(), seconds=3.5)
    assert (reader.state, reader.seconds) == ("failed", 3.5)
    assert reader.error is not None
    assert (reader.error["text"]["source"], reader.error["field"]) == ("No.", "data")


def test_a_run_that_nobody_writes_can_be_marked(run: Path, read: Read) -> None:
    mark(run, "cancelled", seconds=0)
    assert read(run).state == "cancelled"
    assert read(run).segments() == []
    with writer(run), pytest.raises(UserError, match="being written by another program"):
        mark(run, "failed")


def test_seconds_of_a_run_that_was_cut_off(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        recorder.set_state("running")
        recorder.scalars(1, time.time() + 60, {"a": 1})
    assert 59 < read(run).seconds < 61


# ------------------------------------------------------------------------------------- what is broken


def test_a_missing_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no run"):
        Reader(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_corrupt_run_is_named(run: Path, content: bytes) -> None:
    (run / "run.sqlite").write_bytes(content)
    for opens in (Reader, Recorder):
        with pytest.raises(UserError, match=run.name) as error:
            opens(run)
        assert "copy" in error.value.remedy


def test_a_run_damaged_inside_is_named(run: Path) -> None:
    with recording(run) as recorder:
        for step in range(5000):
            recorder.scalars(step, 0.0, {"a": step})
    with (run / "run.sqlite").open("r+b") as file:
        file.seek(4096)
        file.write(bytes(range(256)) * 400)
    with pytest.raises(UserError, match=run.name):
        Reader(run).scalars("a")


def test_damage_that_sqlite_quotes_need_not_be_text(run: Path, workspace: Workspace) -> None:
    file = run / "run.sqlite"
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE meta", b"CREATE TABL\xff meta"))
    for opens in (Reader, schema.open_to_write):
        with pytest.raises(UserError, match=run.name):
            opens(run)
    assert workspace.find("@last") == run


def test_a_newer_programs_run_is_refused(run: Path) -> None:
    with closing(sqlite3.connect(run / "run.sqlite")) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    for opens in (Reader, Recorder):
        with pytest.raises(UserError, match="newer version") as error:
            opens(run)
        assert error.value.remedy == "Update the program."


def test_a_full_disk_is_told_to_the_job_and_nothing_that_waits_is_lost(small_disk: Path, read: Read) -> None:
    run = Workspace(small_disk / "space").create(header())
    ballast = small_disk / "ballast"
    with recording(run) as recorder:
        recorder.scalars(1, 0.0, {"a": 1.0})
        recorder.flush()
        ballast.write_bytes(bytes(60 << 10))
        step, told = 1, None
        while told is None and step < 100_000:
            step += 1
            try:
                recorder.scalars(step, 0.0, {"a": step})
                if step % 100 == 0:
                    recorder.flush()
            except UserError as error:
                told = error
        assert told is not None
        assert run.name in told.text
        assert "Free some space" in told.remedy
        assert len(read(run).scalars("a")) >= 1
        ballast.unlink()
        recorder.set_state("failed", error=told.to_json())
    kept = read(run).scalars("a")["step"].tolist()
    assert kept == list(range(1, kept[-1] + 1))
    assert kept[-1] >= step - 1
    assert read(run).state == "failed"


def test_a_slow_disk_holds_the_job_back_instead_of_filling_memory(
    run: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "HEAVY", 1000)
    with recording(run) as recorder:
        for step in range(200):
            recorder.record(Event("rows", "r", step, {"rows": [{"n": step}]}))
            recorder.scalars(step, 0.0, {"a": step})
    assert len(list(read(run).rows("r"))) == len(read(run).scalars("a")) == 200


def test_packed_scalars_too_wait_for_a_slow_disk(run: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "HEAVY", 1000)
    reached = [0]

    def report(recorder: Recorder) -> None:
        for step in range(1, 2001):
            recorder.scalars(step, 0.0, {"a": step})
            recorder.gather()
            reached[0] = step

    with recording(run) as recorder, closing(sqlite3.connect(run / "run.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # nobody else can write
        reporting = threading.Thread(target=report, args=(recorder,))
        reporting.start()
        time.sleep(1.0)
        held = reached[0]
        other.execute("ROLLBACK")
        reporting.join()
    assert held < 500
    assert len(read(run).scalars("a")) == reached[0] == 2000


def test_damaged_text_is_kept_exactly(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        recorder.record(Event("rows", "r", 0, {"rows": [{"text": "好\ud800😀"}]}))
    assert list(read(run).rows("r")) == [{"text": "好\ud800😀"}]


def test_who_hears_gets_what_is_stored_whoever_packs_it(run: Path, read: Read) -> None:
    heard: list[tuple[int, float]] = []

    def hear(bundle: Bundle) -> None:
        points = bundle.series()["a"]
        heard.extend(zip(points["step"].tolist(), points["value"].tolist(), strict=True))

    with recording(run) as recorder:
        recorder.hear(hear)
        for step in range(1, 401):
            recorder.reports.append((step, 0.0, {"a": step / 2}))
            if step % 3 == 0:
                recorder.gather()
            if step % 50 == 0:
                recorder.flush()
        while len(heard) < 400:  # what nobody packs is packed when it is committed
            time.sleep(0.01)
    found = read(run).scalars("a")
    assert heard == [(step, step / 2) for step in range(1, 401)]
    assert list(zip(found["step"].tolist(), found["value"].tolist(), strict=True)) == heard


def test_what_can_never_be_stored_is_told_and_stands_in_nobodys_way(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        recorder.scalars(1, 0.0, {"a": 1})
        recorder.flush()
        recorder.scalars(2**70, 0.0, {"a": 1})
        with pytest.raises(OverflowError):
            recorder.flush()
        recorder.scalars(2, 0.0, {"a": 2})
        recorder.set_state("failed")
    assert read(run).scalars("a")["step"].tolist() == [1, 2]
    assert read(run).state == "failed"


def test_what_is_not_json_fails_where_it_is_reported(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        with pytest.raises(ValueError, match="not JSON serializable"):
            recorder.set_facts(thing=object())
        with pytest.raises(ValueError, match="not JSON serializable"):
            recorder.record(Event("notice", data={"text": object()}))
        recorder.scalars(1, 0.0, {"a": 1})
    assert read(run).last() == {"a": 1}


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a file that is open cannot be removed")
@pytest.mark.parametrize("replaced", [False, True])
def test_who_writes_hears_that_the_record_is_gone(run: Path, replaced: bool) -> None:
    recorder = Recorder(run)
    recorder.scalars(1, 0.0, {"loss": 1.0})
    recorder.flush(durable=True)
    file = run / schema.FILE
    copy = file.read_bytes()
    file.unlink()
    if replaced:
        file.write_bytes(copy)
    recorder.scalars(2, 0.0, {"loss": 1.0})
    with pytest.raises(UserError, match="cannot be written"):
        recorder.flush(durable=True)
    with pytest.raises(UserError, match="cannot be written"):
        recorder.close()

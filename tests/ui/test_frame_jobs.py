"""Jobs started, steered and ended by real clicks in the real window."""

from __future__ import annotations

import os
import signal
import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workbench.runs.reader import Reader
from workbench.ui import stored

from .forms_sample import leaf, write
from .frame import Person, look


def test_a_click_on_start_brings_pictures(person: Person) -> None:
    before = look(person.page.docks.docks["picture"].content)
    person.start()
    person.wait(lambda: person.page.stage and {"tiles", "drops"} <= set(person.page.stage.sources[0].streams()))
    person.wait(lambda: look(person.page.docks.docks["picture"].content) != before)
    assert [each.state for each in person.runs()] == ["running"]
    person.wait(lambda: "scalars:water" in person.page.docks.docks)  # nobody declared it
    person.wait(lambda: "stream:extra" in person.page.docks.docks)
    person.wait(lambda: " of 4,000" in person.page.progress.said.text())


def test_pause_step_slow_motion_resume(person: Person) -> None:
    person.start()
    person.wait(lambda: person.steps() > 3)
    person.click("pause")
    person.until("paused")
    person.wait(lambda: "Resume" in person.page.controls.buttons["pause"].text())
    person.qtbot.wait(300)
    paused = person.steps()
    person.click("step")
    person.wait(lambda: person.steps() == paused + 1)
    person.click("slow")
    person.click("pause")
    person.until("running")
    slow = person.steps()
    person.qtbot.wait(1100)
    assert slow + 1 <= person.steps() <= slow + 4
    person.click("slow")
    person.wait(lambda: person.steps() > slow + 20)


def test_a_job_that_has_ended_is_in_slow_motion_no_more(person: Person) -> None:
    person.start()
    person.wait(lambda: person.steps() > 3)
    person.click("slow")
    slow = person.page.controls.buttons["slow"]
    assert slow.isChecked()
    person.click("stop")
    person.until("stopped")
    person.wait(lambda: not slow.isChecked() and not slow.isEnabled())


def test_frames_keep_their_rate_and_one_that_follows_a_quiet_moment_does_not_wait(person: Person) -> None:
    work = person.start()
    person.wait(lambda: person.steps() > 3)
    person.click("pause")
    person.until("paused")
    person.jobs.set_rate(5)
    person.qtbot.wait(600)
    beats: list[float] = []
    person.jobs.beat.connect(lambda: beats.append(time.monotonic()))
    begun = time.monotonic()
    while time.monotonic() < begun + 2:
        work.stirred.emit()
        person.qtbot.wait(10)
    assert beats[1] - begun < 0.15  # a frame lasts 0.2 s
    assert all(beats[k] - beats[0] > 0.2 * (k - 1) - 0.05 for k in range(len(beats)))
    assert len(beats) >= 10


def test_a_live_parameter_changes_while_it_runs(person: Person) -> None:
    person.start()
    person.wait(lambda: person.steps() > 3)
    person.page.form.put("pause", 0.002)
    person.wait(lambda: person.page.stage and person.page.stage.sources[0].curve("water/pause")["value"][-1] == 0.002)
    assert person.page.stage is not None
    assert list(person.page.stage.sources[0].curve("water/level")["step"][:3]) == [1, 2, 3]


def test_what_is_set_for_the_next_run_does_not_reach_one_that_waits(person: Person) -> None:
    first, _, waiting = [person.start() for _ in range(3)]
    person.wait(lambda: person.jobs.place(waiting) == 0)
    person.wait(lambda: not person.page.form.hub.running)
    QTest.keyClick(write(person.page.form, "pause", "0.002"), Qt.Key.Key_Return)
    person.wait(lambda: person.page.form.shown("pause") == 0.002)
    person.jobs.stop([first])
    person.wait(lambda: waiting.job.state == "running" and person.steps() > 3)
    assert person.page.stage is not None
    assert set(person.page.stage.sources[0].curve("water/pause")["value"]) == {0.01}


def test_the_form_of_the_next_run_stays_open_when_one_that_waited_begins(person: Person) -> None:
    first, second, waiting = [person.start() for _ in range(3)]
    form = person.page.form
    person.wait(lambda: person.jobs.place(waiting) == 0 and not form.hub.running)
    form.put("steps", 77)
    person.jobs.stop([first])
    person.wait(lambda: waiting.job.state == "running" and person.steps() > 3)
    assert not form.hub.running
    form.put("pause", 0.002)
    form.put("steps", 78)
    person.qtbot.wait(300)
    assert person.page.stage is not None
    assert set(person.page.stage.sources[0].curve("water/pause")["value"]) == {0.01}
    person.window.show_work(second)
    person.window.show_work(waiting)  # its own parameters, of which the live ones may change
    person.wait(lambda: form.hub.running and form.shown("steps") == 4000)
    form.put("pause", 0.002)
    person.wait(lambda: person.page.stage and person.page.stage.sources[0].curve("water/pause")["value"][-1] == 0.002)


def test_stop_saves_and_the_run_goes_on(person: Person) -> None:
    person.open("drip", "short", steps=300, pause=0.01)
    run = person.start().job.run_id
    person.wait(lambda: person.steps() > 5)
    person.click("stop")
    person.until("stopped")
    seen = person.steps()
    person.wait(person.page.controls.buttons["again"].isVisible)
    person.page.form.put("pause", 0.0)
    person.click("again")
    person.wait(lambda: person.work.job.state != "stopped")
    assert person.work.job.run_id == run
    assert person.steps() >= seen  # what was shown before is shown again
    person.until("done")
    person.wait(lambda: person.steps() == 300)
    assert person.page.stage is not None
    assert person.page.stage.sources[0].curve("water/pause")["value"][-1] == 0.0  # as the form says


def test_a_run_goes_on_with_what_was_put_back(person: Person) -> None:
    person.open("drip", "slow", pause=0.02)
    run = person.start().job.run_id
    person.wait(lambda: person.steps() > 5)
    person.click("stop")
    person.until("stopped")
    person.page.form.reset("pause")
    person.page.form.put("steps", person.steps() + 5)
    person.click("again")
    person.wait(lambda: person.work.job.state == "done")
    (kept,) = [each for each in person.runs() if each.id == run]
    reader = Reader(kept.folder)
    assert (reader.now["pause"], reader.now["steps"]) == (0.0, person.steps())


def test_the_button_that_comes_when_a_job_ends_moves_no_other(person: Person) -> None:
    person.start()
    person.wait(lambda: person.steps() > 3)
    stop = person.page.controls.buttons["stop"]
    before = stop.mapTo(person.window, stop.rect().center())
    person.click("stop")
    person.wait(person.page.controls.buttons["again"].isVisible)
    person.qtbot.wait(50)
    assert stop.mapTo(person.window, stop.rect().center()) == before


def test_the_focus_stays_with_the_buttons(person: Person) -> None:
    person.page.controls.buttons["start"].setFocus()
    person.start()
    person.until("running")
    person.wait(person.page.controls.buttons["start"].hasFocus)
    person.page.controls.buttons["stop"].setFocus()
    person.click("stop")
    person.until("stopped")
    person.wait(person.page.controls.buttons["again"].isVisible)
    person.wait(person.page.controls.hasFocus)


def test_what_goes_wrong_is_one_click_away(person: Person) -> None:
    person.open("drip", "short", fault="raise")
    person.start()
    person.until("failed")
    person.wait(lambda: person.page.bar.isVisible() and person.page.bar.bad)
    assert "a leak" in person.page.bar.text
    said: list[str] = []
    assert person.page.bar._details is not None
    person.page.bar._details(said.append)
    person.wait(lambda: said)
    assert "Traceback" in said[0]


def test_a_notice_is_shown(person: Person) -> None:
    person.open("drip", "short", fault="notice")
    person.start()
    person.wait(lambda: person.page.bar.text == "Five drops. Nothing to do.")
    assert not person.page.bar.bad


def test_a_killed_worker_is_a_sentence(person: Person) -> None:
    person.start()
    person.wait(lambda: person.steps() > 3)
    os.kill(getattr(person.work.job._runner, "pid"), signal.SIGKILL)  # noqa: B009 - of the process runner alone
    person.until("failed")
    person.wait(lambda: "killed from outside" in person.page.bar.text)
    assert person.window.isVisible()


def test_wrong_parameters_do_not_start(person: Person) -> None:
    person.page.form.put("steps", -1)
    person.click("start")
    person.wait(lambda: person.page.bar.bad)
    assert "Steps" in person.page.bar.text
    assert not person.jobs.works


def test_a_varied_field_makes_a_run_of_each_value(person: Person) -> None:
    person.open("drip", "short")
    person.page.form.hub.vary["seed"] = "0:3"
    person.start()
    person.wait(lambda: person.page.stage and len(person.page.stage.sources) == 3)
    person.wait(lambda: not person.jobs.active)
    assert sorted(each.params["seed"] for each in person.runs()) == [0, 1, 2]
    assert person.page.stage is not None
    assert [(each.index, each.label) for each in person.page.stage.sources] == [
        (0, "seed=0"), (1, "seed=1"), (2, "seed=2"),
    ]  # fmt: skip


def test_a_sweep_is_steered_until_its_last_run_has_ended(person: Person) -> None:
    person.open("drip", "slow")
    person.page.form.hub.vary["steps"] = "5,4000,4001"
    person.start()
    works = person.page.stage.works if person.page.stage else []
    person.wait(lambda: [each.job.state for each in works] == ["done", "running", "running"])
    person.wait(lambda: " of 8,006" in person.page.progress.said.text())
    person.click("pause")
    person.wait(lambda: [each.job.state for each in works] == ["done", "paused", "paused"])
    person.click("pause")
    person.wait(lambda: [each.job.state for each in works] == ["done", "running", "running"])
    person.click("stop")
    person.wait(lambda: [each.job.state for each in works] == ["done", "stopped", "stopped"])
    person.wait(lambda: not person.page.controls.buttons["stop"].isEnabled())


def test_jobs_wait_move_and_are_cancelled(person: Person) -> None:
    person.window.toggle_jobs()
    works = [person.start() for _ in range(4)]
    person.wait(lambda: [person.jobs.place(each) for each in works] == [None, None, 0, 1])
    listed = person.window.job_list
    person.wait(lambda: [listed.tree.topLevelItem(row).text(2) for row in (2, 3)] == ["waits, 1", "waits, 2"])
    listed.tree.setCurrentItem(listed.tree.topLevelItem(3))
    person.click(listed.buttons["up"])
    person.wait(lambda: [person.jobs.place(each) for each in works[2:]] == [1, 0])
    listed.tree.setCurrentItem(listed.tree.topLevelItem(3))
    person.click(listed.buttons["close"])
    person.wait(lambda: works[2].job.state == "cancelled")
    person.page.controls.beside.setChecked(True)
    beside = person.start()
    person.wait(lambda: beside.job.state == "running")
    assert works[3].job.state == "queued"


def test_a_job_from_the_list_brings_its_parameters(person: Person) -> None:
    person.open("drip", "slow", steps=3999)
    first = person.start()
    person.wait(lambda: first.job.state == "running")
    first.job.set(pause=0.002)
    person.wait(lambda: stored.parameters(first.job.spec.folder)["pause"] == 0.002)
    person.page.controls.beside.setChecked(True)
    person.page.form.put("steps", 4001)
    second = person.start()
    person.wait(lambda: second.job.state == "running")
    person.page.form.put("steps", 17)
    person.window.show_work(second)
    assert person.page.form.shown("steps") == 17
    person.window.show_work(first)
    person.wait(lambda: person.page.form.shown("steps") == 3999)
    assert person.page.form.shown("pause") == 0.002


def test_a_live_tool_offers_no_sweep(person: Person) -> None:
    assert not leaf(person.page.form, "seed").row.vary.isHidden()
    person.open("lens")
    assert leaf(person.page.form, "seed").row.vary.isHidden()


def test_a_live_tool_answers_and_is_kept(person: Person) -> None:
    person.open("lens")
    person.wait(lambda: person.page.stage and person.page.stage.sources and person.page.stage.sources[0].frame("bump"))
    assert person.page.stage is not None
    source = person.page.stage.sources[0]
    for x in (0.1, 0.2, 0.3):
        person.page.docks.edited.emit("centre", [x, 0.0])
    person.wait(lambda: (frame := source.frame("bump")) and frame.data["centre"][0] == 0.3)
    assert person.page.form.values()["centre"] == [0.3, 0.0]
    person.page.form.apply_preset("left")
    person.wait(lambda: (frame := source.frame("bump")) and frame.data["centre"][0] == -0.5)
    assert person.runs() == []
    person.click("keep")
    person.wait(lambda: [each.state for each in person.runs()] == ["done"])
    (row,) = person.runs()
    reader = Reader(row.folder)
    frame = reader.frame("bump")
    reader.close()
    assert frame is not None
    assert frame.data["centre"] == [-0.5, 0.0]

"""The lateness fixture notices what makes a window late, and only that."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from workbench.testing.fixtures import Lateness
from workbench.testing.lateness import BUSY, INTERVAL, WAITED, Late, Watch, punctuality

LOOKED_AT = 0.2
"""Seconds of computation in which the observer comes to look on any machine: it needs a processor, and then Python's
lock, and where other programs had both processors it once got neither within 20 ms."""


class Held:
    """A widget, for instance."""


def during(qtbot: QtBot, what: Callable[[], object]) -> Watch:
    """What is seen while the event loop runs and does this once."""
    with punctuality() as watch:
        qtbot.wait(30)
        what()
        qtbot.wait(30)
    return watch


def spin(seconds: float) -> None:
    """Uses the processor for so long."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_an_event_loop_that_only_waits_is_in_time(qtbot: QtBot) -> None:
    watch = during(qtbot, lambda: spin(0.004))
    assert not watch.lates
    assert len(watch.delays) > 5


def test_a_planted_computation_is_noticed(qtbot: QtBot) -> None:
    watch = during(qtbot, lambda: spin(BUSY + 2 * INTERVAL))
    (late,) = watch.faults
    assert late.busy > BUSY


def test_a_computation_that_the_observer_could_look_at_is_named(qtbot: QtBot) -> None:
    watch = during(qtbot, lambda: spin(LOOKED_AT))
    (late,) = watch.faults
    assert "spin (test_lateness.py" in str(late)


def test_a_planted_wait_is_noticed_and_named(qtbot: QtBot) -> None:
    lock = threading.Event()
    watch = during(qtbot, lambda: lock.wait(WAITED + 0.05))
    (late,) = watch.faults
    assert late.waited > WAITED
    assert "wait (threading.py" in str(late)


def test_what_a_frame_was_the_last_to_hold_goes_in_its_own_thread(qtbot: QtBot) -> None:
    gone: list[threading.Thread] = []

    def hold() -> None:
        thing = Held()
        weakref.finalize(thing, lambda: gone.append(threading.current_thread()))
        spin(0.012)  # looked at meanwhile, and perhaps when it returns

    count = 40
    with punctuality():
        for _ in range(count):
            hold()
            qtbot.wait(1)
    assert gone == [threading.main_thread()] * count


def test_the_fixture_fails_the_test(qtbot: QtBot, lateness: Lateness) -> None:
    def late() -> None:
        with lateness():
            qtbot.wait(10)
            spin(LOOKED_AT)

    with pytest.raises(pytest.fail.Exception, match="spin"):
        late()


def test_only_an_import_elsewhere_excuses_and_only_so_long() -> None:
    assert Late(0, 0.2, "torch", "").allowed
    assert not Late(0, 0.2, "", "").allowed
    assert not Late(0, 0.3, "torch", "").allowed
    watch = Watch(lates=[Late(0, 0.2, "torch", ""), Late(0.03, 0, "torch", "")])
    assert [each.busy for each in watch.faults] == [0.03]
    assert [each.busy for each in watch.excused] == [0]


def test_an_import_elsewhere_is_named(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "slow_module.py").write_text("import time; time.sleep(0.3)", "utf-8")
    importing = threading.Thread(target=__import__, args=("slow_module",))
    with punctuality() as watch:
        importing.start()
        qtbot.wait(10)
        threading.Event().wait(WAITED + 0.03)
        qtbot.wait(30)
    importing.join()
    (late,) = watch.excused
    assert late.importing == "slow_module"
    assert not watch.faults

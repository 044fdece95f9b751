"""What is said while a job runs: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from workbench.cli import progress
from workbench.events import Event

from .conftest import Write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

DECLARES = """
from workbench.api import Params, Tool, hookimpl

@hookimpl
def workbench_declare():
    return [Tool("reads", "Reads", Params, run=".job:run")]
"""
JOB = """
import time

def run(params, context):
    for number, name in enumerate(("[/b].txt", "[draft] 1.txt", chr(27) + "[2J.txt") * 3):
        context.progress(number, 9, name)
        time.sleep(0.15)
"""


def on_a_terminal(*arguments: str) -> tuple[int, str]:
    """Exit status of a call of the program, and what its standard error shows on a terminal of 100 columns."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "workbench", *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment)
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 65_536):
            said += part
    except OSError:  # Linux's way to say that nobody holds the other end any more
        pass
    os.close(ours)
    return program.wait(), said.decode()


def test_names_in_the_bar_are_shown_as_they_are(write: Write) -> None:
    write("reads", DECLARES, JOB)
    status, said = on_a_terminal("run", "reads")
    assert status == 0, said
    assert "Traceback" not in said
    assert "[/b].txt" in said
    assert "[draft] 1.txt" in said
    assert "\\u001b[2J.txt" in said
    assert "\x1b[2J" not in said


def test_a_large_number_of_steps_has_all_its_digits() -> None:
    event = Event("progress", data={"done": 1_234_567, "total": 2_000_000, "text": ""})
    assert progress._share(event.data) == "1234567 / 2000000"

import atexit
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workbench.api import Context

from . import Left

POOL = ThreadPoolExecutor(1)


def run(params: Left, context: Context) -> None:
    atexit.register(_write, context.dir / "at the end")
    POOL.submit(_write, context.dir / "in a thread", params.seconds)
    sys.stdout.write("not flushed")


def _write(path: Path, seconds: float = 0.0) -> None:
    time.sleep(seconds)
    path.write_text("done", "utf-8")

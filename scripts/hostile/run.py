"""One conversion of one input, with limits, and what came of it."""

import csv
import os
import re
import resource
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import Callable

csv.field_size_limit(1 << 31)

# Address space that threads and libraries take without using it, and a buffer that is doubled.
RESERVED = 3072


@dataclass
class Case:
    """An input, and what has to come of it."""

    name: str
    # Pieces of the payload, which are fed to standard input; or a function that makes the input
    # within a directory and gives its path and, perhaps, what to do while it is read.
    pieces: Callable = None
    place: Callable = None
    options: tuple = ()
    exit: int = 0
    # What has to stand in the messages, as a regular expression.
    says: str = ""
    # Number of rows that tables have to have.
    rows: dict = field(default_factory=dict)
    # Gives what is wrong with the output directory, or nothing.
    check: Callable = None
    mebibytes: int = 256
    seconds: int = 60


@dataclass
class Ran:
    exit: int
    seconds: float
    mebibytes: float
    wrong: list


def run(program, case, work):
    """Converts the input of a case within a directory of its own."""
    out = work / "out"
    source, meanwhile = case.place(work) if case.place else ("-", None)
    command = [program, "convert", source, "--out", out, "--format", "csv", "--quiet"]
    started = time.monotonic()
    process = subprocess.Popen(
        [*command, *case.options],
        stdin=subprocess.PIPE,
        stderr=(work / "stderr").open("wb"),
        cwd=work,
        preexec_fn=lambda: limit(case.mebibytes + RESERVED),
    )
    feeder = threading.Thread(target=feed, args=(process.stdin, case.pieces), daemon=True)
    feeder.start()
    if meanwhile:
        threading.Thread(target=meanwhile, args=(process.pid,), daemon=True).start()
    timer = threading.Timer(case.seconds, process.kill)
    timer.start()
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    ran = Ran(process.returncode, seconds, usage.ru_maxrss / 1024, [])
    ran.wrong = list(wrong(case, ran, out, (work / "stderr").read_text(errors="replace")))
    return ran


def limit(mebibytes):
    resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def feed(stdin, pieces):
    """Feeds the payload, for as long as it is read."""
    try:
        with stdin:
            for piece in pieces() if pieces else ():
                stdin.write(piece)
    except BrokenPipeError:
        pass


def wrong(case, ran, out, messages):
    """What is not as it has to be."""
    if ran.exit == -signal.SIGKILL:
        yield f"not done in {case.seconds} s"
    elif ran.exit != case.exit:
        yield f"expected exit {case.exit}: {messages[:300]!r}"
    if ran.mebibytes > case.mebibytes:
        yield f"more than {case.mebibytes} MiB"
    if messages.count("\n") > 1 or "panicked" in messages:
        yield f"more than a line: {messages[:300]!r}"
    if not re.search(case.says, messages):
        yield f"{messages[:300]!r} does not say {case.says!r}"
    if case.exit and os.path.lexists(out):
        yield "there is an output"
    debris = [name for name in os.listdir(out.parent) if name.startswith(".")]
    if debris:
        yield f"left behind: {debris}"
    if case.exit or ran.exit:
        return
    for table, rows in case.rows.items():
        found = sum(1 for _ in read(out, table))
        if found != rows:
            yield f"{table} has {found} rows, not {rows}"
    yield from case.check(out) if case.check else ()


def read(out, table):
    """The rows of a table."""
    with (out / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)

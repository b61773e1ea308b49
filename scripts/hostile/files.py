"""Inputs that are no plain files, or do not stay what they are."""

import json
import os
import signal
import time
from pathlib import Path

from run import Case

CHARGERS = 2_000_000


def large():
    """A payload of some 100 MB, in pieces."""
    yield b'{"operatorGroups":[{"id":1,"chargers":['
    for start in range(0, CHARGERS, 10_000):
        chargers = (json.dumps({"chargerId": f"C{index}", "iccid": "8" * 20}) for index in range(start, start + 10_000))
        yield (("," if start else "") + ",".join(chargers)).encode()
    yield b"]}]}"


def wait_for(what, seconds=20):
    """Waits until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.001)


def position(pid, path):
    """How far a process has read a file."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if os.readlink(link) == str(path):
                info = Path(f"/proc/{pid}/fdinfo/{link.name}").read_text()
                return int(info.split()[1])
        except OSError:
            pass
    return 0


def shrinking(work):
    path = work / "payload.json"
    with path.open("wb") as file:
        for piece in large():
            file.write(piece)

    def cut(pid):
        wait_for(lambda: position(pid, path) > 4 << 20)
        os.truncate(path, 1 << 20)

    return path, cut


def growing(work):
    path = work / "payload.json"
    path.write_bytes(b"".join(large())[:-4])

    def grow(pid):
        wait_for(lambda: position(pid, path) > 1 << 20)
        with path.open("ab") as file:
            file.write(b"]}]}")

    return path, grow


def fifo(pieces):
    """A FIFO that somebody writes these pieces into."""

    def place(work):
        path = work / "payload.json"
        os.mkfifo(path)

        def write(_):
            try:
                with path.open("wb") as file:
                    for piece in pieces():
                        file.write(piece)
            except BrokenPipeError:
                pass

        return path, write

    return place


def silent(opened):
    """A FIFO that nobody writes into, or even opens, until the reader is interrupted."""

    def place(work):
        path = work / "payload.json"
        os.mkfifo(path)

        def interrupt(pid):
            keep = path.open("wb") if opened else None
            time.sleep(0.5)
            os.kill(pid, signal.SIGINT)
            time.sleep(5)
            del keep

        return path, interrupt

    return place


def half():
    for index, piece in enumerate(large()):
        if index < 100:
            yield piece


def odd_name(work):
    path = work / "a\nb\x1b[31m';$(id).json"
    path.write_bytes(b'{"operatorGroups":[{"id":1,}]}')
    return path, None


CUT = r"cut off: it ends at byte \d+ inside \$\.operatorGroups\[0\]"

CASES = [
    Case("a file that shrinks while it is read", place=shrinking, exit=3, says=CUT, mebibytes=2048),
    Case("a file that grows while it is read", place=growing, rows={"chargers": CHARGERS}, mebibytes=2048),
    Case("a FIFO", place=fifo(large), rows={"chargers": CHARGERS}, mebibytes=2048),
    Case("a FIFO whose writer dies", place=fifo(half), exit=3, says=CUT, mebibytes=2048),
    Case("a FIFO that nobody writes into", place=silent(True), exit=130),
    Case("a FIFO that nobody opens", place=silent(False), exit=130),
    Case("a file with an odd name", place=odd_name, exit=3, says=r"a\\nb.*: expected a key in quotes"),
    Case("/dev/zero", place=lambda _: ("/dev/zero", None), options=("--max-input-bytes", "1MB"), exit=3, says="found a NUL byte"),
    Case("/dev/null", place=lambda _: ("/dev/null", None), exit=3, says="empty"),
]

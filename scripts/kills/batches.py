"""Conversions of many payloads into a dataset, killed at random moments and with calls that fail."""

import errno
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

from output import contents

SNAPSHOTS = 12


class Batches:
    """Twelve inputs, the last one with three payloads, that go into a dataset where one was before."""

    def __init__(self, jobs):
        self.program, work = jobs.program, jobs.work / "batches"
        self.inputs, self.out = work / "inputs", work / "here" / "out"
        self.inputs.mkdir(parents=True)
        self.out.parent.mkdir()
        for number in range(1, SNAPSHOTS + 1):
            self.generate(self.inputs / f"night-{number:02}.json", number)
        last = self.inputs / f"night-{SNAPSHOTS}.json"
        last.write_bytes(last.read_bytes() * 3)
        self.generate(work / "before.json", 99)
        self.before, self.whole = work / "before", work / "whole"
        subprocess.run(self.command(work / "before.json", self.before), check=True)
        shutil.copytree(self.before, self.whole)
        subprocess.run([*self.command(self.inputs, self.whole), "--append"], check=True)
        self.old, self.new = contents(self.before), contents(self.whole)

    def generate(self, path, seed):
        sizes = ["--chargers", "20", "--admins", "1", "--regional", "1", "--local", "2"]
        subprocess.run([self.program, "generate", "--out", path, "--seed", str(seed), *sizes], check=True)

    def command(self, inputs=None, out=None):
        places = [inputs or self.inputs, "--out", out or self.out]
        return [self.program, "convert", *places, "--layout", "hive", "--resume", "--quiet"]

    def prepare(self):
        shutil.rmtree(self.out.parent)
        shutil.copytree(self.before, self.out)

    def complete(self):
        """The snapshots that have a manifest."""
        return sorted(path.stem for path in (self.out / "_snapshots").glob("*.json"))

    def flaws(self):
        """What is not as a run that stopped anywhere has to leave it."""
        found = contents(self.out)
        for name, found_hash in self.old.items():
            if name != "dataset.json" and found.get(name) != found_hash:
                yield f"{name} was there before, and is touched"
        for snapshot in self.complete():
            files = [name for name in self.new if f"snapshot={snapshot}/" in name or name == f"_snapshots/{snapshot}.json"]
            yield from (f"{name} is not as it has to be" for name in files if found.get(name) != self.new[name])

    def resume(self):
        """The next run: gives what is wrong with it."""
        done = subprocess.run(self.command(), capture_output=True, text=True)
        if done.returncode or contents(self.out) != self.new:
            yield f"resumed: exit {done.returncode}, {done.stderr!r}, {differing(contents(self.out), self.new)}"
        if beside := sorted(path.name for path in self.out.parent.iterdir() if path != self.out):
            yield f"resumed: leaves {beside}"


def differing(found, wanted):
    return sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))[:3]


def run(jobs, kills, step, seed):
    """Kills batches and fails their calls, prints what was left, and gives what is wrong."""
    batches = Batches(jobs)
    rng = random.Random(seed)
    lasting = seconds(batches)
    print(f"{'batches':8} {'runs':>5} {'none':>5} {'some':>5} {'all':>5}  of the snapshots complete")
    for number, count in ((signal.SIGKILL, kills), (signal.SIGTERM, kills // 4), (signal.SIGINT, kills // 4)):
        seen = []
        for _ in range(count):
            batches.prepare()
            moment = rng.uniform(0, 1.1 * lasting)
            process = subprocess.Popen(batches.command(), stderr=subprocess.PIPE, text=True)
            time.sleep(moment)
            process.send_signal(number)
            _, messages = process.communicate()
            wrong = [*batches.flaws()]
            seen.append(len(batches.complete()) - 1)
            if process.returncode not in (0, -number, 130) or messages:
                wrong.append(f"exit {process.returncode}, says {messages!r}")
            wrong.extend(batches.resume())
            yield from (f"batch, {number.name} after {moment:.3f} s: {line}" for line in wrong)
        tell(number.name, seen)
    for code, mode in ((errno.ENOSPC, "on"), (errno.EIO, "once")):
        yield from failing(batches, jobs, code, mode, step)


def failing(batches, jobs, code, mode, step):
    report, at, reached, seen = jobs.work / "report", 1, True, []
    while reached:
        report.unlink(missing_ok=True)
        batches.prepare()
        begun = [jobs.inject(), str(code), str(at), mode, report]
        done = subprocess.run([*begun, *batches.command()], capture_output=True, text=True)
        reached = report.exists()
        wrong = [*batches.flaws()]
        if reached:
            seen.append(len(batches.complete()) - 1)
            if done.returncode != 5 or done.stderr.count("\n") != 1:
                wrong.append(f"exit {done.returncode}, says {done.stderr!r}")
        wrong.extend(batches.resume())
        yield from (f"batch, {errno.errorcode[code]} at call {at}: {line}" for line in wrong)
        at += step
    tell(errno.errorcode[code], seen)


def tell(what, seen):
    whole = SNAPSHOTS + 2
    some = sum(0 < count < whole for count in seen)
    print(f"{what:8} {len(seen):5} {seen.count(0):5} {some:5} {seen.count(whole):5}", flush=True)


def seconds(batches):
    """How long a batch takes: the middle one of three."""
    taken = []
    for _ in range(3):
        batches.prepare()
        started = time.monotonic()
        subprocess.run(batches.command(), check=True)
        taken.append(time.monotonic() - started)
    return sorted(taken)[1]

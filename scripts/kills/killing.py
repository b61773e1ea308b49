"""Signals at random moments."""

import collections
import random
import signal
import subprocess
import time


def run(jobs, kills, seed):
    """Kills conversions, prints what was left, and gives what is wrong."""
    rng = random.Random(seed)
    lasting = {job: seconds(jobs, *job) for job in jobs.each()}
    print(f"{'signal':8} {'kills':>5} {'old':>5} {'new':>5} {'died':>5}  left beside the output, until the next run")
    for number, count in ((signal.SIGKILL, kills), (signal.SIGTERM, kills // 4), (signal.SIGINT, kills // 4)):
        seen = collections.Counter()
        for index in range(count):
            form, over = job = jobs.each()[index % 4]
            moment = rng.uniform(0, 1.1 * lasting[job])
            what = f"{number.name} {moment:.3f} s into {form}{' over an old output' if over else ''}"
            for wrong in kill(jobs, form, over, number, moment, seen):
                yield f"{what}: {wrong}"
        left, died = seen["left"], seen["died"]
        print(f"{number.name:8} {count:5} {seen['old']:5} {seen['new']:5} {died:5}  {left}", flush=True)


def seconds(jobs, form, over):
    """How long a conversion takes: the middle one of five."""
    taken = []
    for _ in range(5):
        jobs.prepare(form, over)
        started = time.monotonic()
        subprocess.run(jobs.command(form), check=True)
        taken.append(time.monotonic() - started)
    return sorted(taken)[2]


def kill(jobs, form, over, number, moment, seen):
    jobs.prepare(form, over)
    process = subprocess.Popen(jobs.command(form), stderr=subprocess.PIPE)
    time.sleep(moment)
    process.send_signal(number)
    _, messages = process.communicate()
    state = jobs.state(form, over)
    seen[state] += 1
    seen["died"] += process.returncode != 0
    seen["left"] += bool(jobs.debris())
    if state not in ("old", "new"):
        yield state
    # A signal may arrive before it is handled, or when all is done.
    if process.returncode not in (0, -number, 130):
        yield f"exit {process.returncode}"
    if process.returncode == 0 and state != "new":
        yield "done, and nothing new"
    if number != signal.SIGKILL and jobs.debris():
        yield f"left behind: {jobs.debris()}"
    if messages:
        yield f"says {messages!r}"
    yield from jobs.run_again(form)

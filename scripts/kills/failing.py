"""System calls that fail."""

import collections
import errno
import subprocess


def run(jobs, step):
    """Lets calls of conversions fail one after the other, prints which, and gives what is wrong."""
    print(f"{'error':8} {'runs':>5} {'old':>5} {'new':>5}  the calls that failed")
    # A full disk stays full, and a bad sector is met once.
    for code, mode in ((errno.ENOSPC, "on"), (errno.EIO, "once")):
        seen, calls = collections.Counter(), collections.Counter()
        name = errno.errorcode[code]
        for form, over in jobs.each():
            at, reached = 1, True
            while reached:
                report = jobs.work / "report"
                report.unlink(missing_ok=True)
                jobs.prepare(form, over)
                begun = [jobs.inject(), str(code), str(at), mode, report]
                done = subprocess.run([*begun, *jobs.command(form)], capture_output=True, text=True)
                reached = report.exists()
                if reached:
                    calls[report.read_text()] += 1
                    seen["runs"] += 1
                what = f"{name} at call {at} of {form}{' over an old output' if over else ''}"
                for wrong in judge(jobs, form, over, done, reached, seen):
                    yield f"{what}: {wrong}"
                at += step
        named = ", ".join(f"{call} {count}" for call, count in sorted(calls.items()))
        print(f"{name:8} {seen['runs']:5} {seen['old']:5} {seen['new']:5}  {named}", flush=True)


def judge(jobs, form, over, done, reached, seen):
    state = jobs.state(form, over)
    if jobs.debris():
        yield f"left behind: {jobs.debris()}"
    if not reached:
        if done.returncode or state != "new":
            yield f"without a failure: exit {done.returncode}, {state}"
        return
    seen[state] += 1
    if state not in ("old", "new"):
        yield state
    if done.returncode != 5:
        yield f"exit {done.returncode}, not 5"
    if done.stderr.count("\n") != 1 or "error: " not in done.stderr:
        yield f"not one line: {done.stderr!r}"
    # The new output is in place when the last sync fails, which makes its name durable.
    if state == "new" and "cannot make durable" not in done.stderr:
        yield f"failed, and the output is new: {done.stderr!r}"
    yield from jobs.run_again(form)

"""The table."""

import platform
import statistics
from pathlib import Path


def head():
    print("| | time | spread | × voltree | peak memory | what it gives |")
    print("|---|--:|--:|--:|--:|---|")


def row(peer, runs, base):
    """One line; `base` is what voltree took."""
    failure = runs[-1].failure
    if failure:
        print(f"| {peer.name} | – | | | | {failure.replace('|', '/')} |", flush=True)
        return
    times = [run.seconds for run in runs]
    spread = f"{seconds(min(times))}–{seconds(max(times))}" if len(times) > 1 else "one run"
    ratio = f"{median(runs) / base:.2f}" if base else ""
    peak = max(run.peak_bytes for run in runs) / 2**20
    print(
        f"| {peer.name} | {seconds(median(runs))} s | {spread} | {ratio} | {peak:,.0f} MiB | {gives(peer, runs[-1])} |",
        flush=True,
    )


def gives(peer, run):
    if not run.files:
        return peer.gives
    count = "1 file" if run.files == 1 else f"{run.files} files"
    return f"{count}, {run.bytes / 1e6:,.1f} MB: {peer.gives}"


def median(runs):
    """Seconds; none where voltree itself failed."""
    return None if runs[-1].failure else statistics.median(run.seconds for run in runs)


def seconds(value):
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def processor():
    """The processor's name, where the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()

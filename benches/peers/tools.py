"""What is run: voltree, its peers and bare parsers; and the command that measures them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CARGO = os.environ.get("CARGO", "cargo")
TARGET = Path(
    json.loads(subprocess.check_output([CARGO, "metadata", "--format-version", "1", "--no-deps"], cwd=ROOT))[
        "target_directory"
    ]
)
WORK = TARGET / "benches"
VENV = WORK / "venv"
BENCHES = TARGET / "release" / "voltree-benches"


@dataclass
class Run:
    """What one run of a peer gave."""

    seconds: float = 0.0
    peak_bytes: int = 0
    files: int = 0
    bytes: int = 0
    failure: str = ""


@dataclass
class Peer:
    """A process that makes something of a payload."""

    name: str
    gives: str
    command: list
    is_voltree: bool = False

    def run(self, payload, limit):
        """One run, into a fresh folder."""
        out_dir = WORK / "out"
        out_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out_dir) as out:
            command = [*self.command, str(payload), out]
            measure = [BENCHES, "measure", "--limit", str(limit), "--", *command]
            done = subprocess.run(measure, capture_output=True, text=True)
            if done.returncode != 0:
                return Run(failure=last_line(done.stderr))
            measured = json.loads(done.stdout)
            run = Run(measured["seconds"], measured["peak_bytes"])
            if measured["exit"] is None:
                run.failure = f"stopped after {limit} s" if run.seconds >= limit else "killed"
            elif measured["exit"] != 0:
                run.failure = last_line(done.stderr) or f"exit code {measured['exit']}"
            files = [file.stat().st_size for file in Path(out).rglob("*.parquet")]
            run.files, run.bytes = len(files), sum(files)
            return run


@dataclass
class Bare(Peer):
    """A bare pass over a payload: only the passing counts, but the peak is that of the process."""

    def run(self, payload, limit):
        with tempfile.NamedTemporaryFile(dir=WORK, mode="r") as seconds:
            command = ["sh", "-c", 'exec "$0" bare "$1" "$2" > "$3"', BENCHES, *self.command, payload, seconds.name]
            measure = [BENCHES, "measure", "--limit", str(limit), "--", *map(str, command)]
            done = subprocess.run(measure, capture_output=True, text=True)
            measured = json.loads(done.stdout or '{"exit": 1}')
            if measured["exit"] != 0:
                return Run(failure=last_line(done.stderr) or f"stopped after {limit} s")
            return Run(float(seconds.read()), measured["peak_bytes"])


def peers():
    """All that can be had here, voltree first."""
    python = str(VENV / "bin" / "python")
    os.environ["JQ"] = jq = find_jq()
    os.environ["VOLTREE"] = str(TARGET / "release" / "voltree")
    nested, paths, parses = "nested columns, every repeat again", "a table a path, every repeat again", "nothing"
    return [
        Peer("voltree", "normalised tables", [str(HERE / "with_voltree")], is_voltree=True),
        Peer(version("polars"), nested, [python, str(HERE / "with_polars.py")]),
        Peer(version("duckdb"), nested, [python, str(HERE / "with_duckdb.py")]),
        Peer(version("flatterer"), paths, [python, str(HERE / "with_flatterer.py")]),
        Peer(version("dlt"), paths, [python, str(HERE / "with_dlt.py")]),
        Peer(f"{version_of(jq)} `length`", parses, [str(HERE / "with_jq")]),
        Bare("simd-json `to_tape`, bytes in memory", parses, ["to-tape"]),
        Bare("the same in warm buffers", parses, ["to-tape-reused"]),
        Bare("sonic-rs `Value`, bytes in memory", parses, ["sonic-value"]),
        Bare("serde_json `IgnoredAny`, bytes in memory", parses, ["serde-ignored"]),
        Bare("reading the file, 1 MiB at a time", parses, ["read"]),
    ]


def build():
    """Builds voltree and the measuring command, and installs the peers."""
    for package in ["voltree", "voltree-benches"]:
        call(CARGO, "build", "--release", "--quiet", "--package", package, "--bins")
    call(sys.executable, "-m", "venv", VENV)
    call(VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "--requirement", HERE / "requirements.txt")


def payload(shape):
    """The path of a payload, which is made where it is not there yet."""
    path = subprocess.check_output([BENCHES, "payload", shape], text=True)
    return Path(path.strip())


def find_jq():
    """jq or jaq from the PATH; else jaq is installed into the target directory."""
    found = shutil.which("jq") or shutil.which("jaq")
    if found:
        return found
    call(CARGO, "install", "--quiet", "--locked", "--root", WORK, "--target-dir", WORK / "jaq", "jaq")
    return str(WORK / "bin" / "jaq")


def version(package):
    """`polars 2.1.0`, as requirements.txt has it."""
    for line in (HERE / "requirements.txt").read_text().splitlines():
        name, _, number = line.partition("==")
        if name.partition("[")[0] == package:
            return f"{package} {number}"
    raise LookupError(package)


def version_of(binary):
    """`jq 1.6`, as the binary has it."""
    text = subprocess.check_output([binary, "--version"], text=True).strip()
    return text.replace("-", " ", 1)


def call(*command):
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True, stdout=sys.stderr)


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1][:120] if lines else ""

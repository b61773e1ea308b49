"""Runs the blocks of a page, in its order, in a directory of payloads.

    python scripts/recipes [PAGE] [--voltree FILE] [--require WHAT,…]

Blocks of sh run in bash, those of sql in DuckDB, those of python here. A block that names what it needs
behind its language (a command, or a module of Python) is left out where that is missing, unless --require
names it. Ends with exit code 1 where a block fails.
"""

import argparse
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
    cli.add_argument("--require", default="", metavar="WHAT,…")
    args = cli.parse_args()
    required = set(filter(None, args.require.split(",")))
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        payloads(directory / "responses")
        for language, needs, code in BLOCK.findall(args.page.read_text()):
            outcome = "skipped"
            if not needs or needs in required or available(needs):
                done = subprocess.run(command(language, code), cwd=directory, env=environment(args.voltree))
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


def available(needs):
    return shutil.which(needs) is not None or importlib.util.find_spec(needs) is not None


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
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOLTREE_")}
    return kept | {"PATH": f"{voltree.resolve().parent}{os.pathsep}{os.environ['PATH']}"}


if __name__ == "__main__":
    sys.exit(main())

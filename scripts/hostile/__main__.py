"""Gives voltree inputs that nobody sends by accident, and says how it took them.

    python scripts/hostile [--voltree PROGRAM] [--only WORD] [--work DIR]

Every input is made on the fly and converted by the real program, which has so much memory and time
and no more. What has to come of it is known. Prints exit code, seconds and peak memory of each, and
exits with 1 where anything else came. Needs Linux, about 3 GB of disk and 8 GB of memory.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import files
import inputs
from run import run


def main():
    cli = argparse.ArgumentParser(prog="hostile", description=__doc__.splitlines()[0])
    cli.add_argument("--voltree", metavar="PROGRAM", type=Path, default="target/release/voltree")
    cli.add_argument("--only", metavar="WORD", default="", help="those with this word in the name")
    cli.add_argument("--work", metavar="DIR", help="where to write")
    args = cli.parse_args()

    failed = 0
    print(f"{'exit':>4} {'seconds':>8} {'MiB':>6}  input")
    for case in inputs.CASES + files.CASES:
        if args.only not in case.name:
            continue
        work = Path(tempfile.mkdtemp(prefix="hostile-", dir=args.work))
        try:
            ran = run(args.voltree.absolute(), case, work)
        finally:
            shutil.rmtree(work)
        print(f"{ran.exit!s:>4} {ran.seconds:8.2f} {ran.mebibytes:6.0f}  {case.name}", flush=True)
        for wrong in ran.wrong:
            print(f"{'':21} {wrong}", flush=True)
        failed += bool(ran.wrong)
    print(f"{failed} failed" if failed else "all as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

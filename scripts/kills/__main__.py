"""Kills voltree, and makes its system calls fail, at every moment; says what was left of its output.

    python scripts/kills [--voltree PROGRAM] [--payload FILE] [--kills N] [--step K] [--seed N] [--work DIR]

Conversions to Parquet and CSV, into a new directory and over an old one, are killed at random moments
by SIGKILL, SIGTERM and SIGINT; and run once for each K-th system call that creates, writes, syncs or
renames, which fails with ENOSPC or EIO. Afterwards the output has to be all of the old or all of the
new one, byte for byte, and the next run has to succeed and to leave nothing else. The same is done to
conversions of many payloads into a dataset: what was there before and each snapshot that has a manifest
have to be whole, and --resume has to give what an undisturbed run gives. Needs Linux and a C compiler. Exits with 1 where anything is not as it has to be.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import batches
import failing
import killing
from output import Jobs


def main():
    cli = argparse.ArgumentParser(prog="kills", description=__doc__.splitlines()[0])
    cli.add_argument("--voltree", metavar="PROGRAM", type=Path, default="target/release/voltree")
    cli.add_argument("--payload", metavar="FILE", type=Path, help="what is converted [default: a generated one]")
    cli.add_argument("--kills", metavar="N", type=int, default=200, help="SIGKILLs [default: 200], and half as many of the others")
    cli.add_argument("--step", metavar="K", type=int, default=1, help="every K-th system call fails [default: 1]")
    cli.add_argument("--batch-step", metavar="K", type=int, default=10, help="the same for batches, which make more of them [default: 10]")
    cli.add_argument("--seed", metavar="N", type=int, default=1)
    cli.add_argument("--work", metavar="DIR", help="where to write")
    args = cli.parse_args()

    with tempfile.TemporaryDirectory(prefix="kills-", dir=args.work) as work:
        jobs = Jobs(args.voltree.absolute(), args.payload and args.payload.absolute(), Path(work))
        wrong = [*killing.run(jobs, args.kills, args.seed), *failing.run(jobs, args.step)]
        wrong += batches.run(jobs, args.kills, args.batch_step, args.seed)
    for line in wrong:
        print(line)
    print(f"{len(wrong)} wrong" if wrong else "all as it has to be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

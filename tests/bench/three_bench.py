"""Fetches three sources at once from one sandbox, then again with nothing changed, and prints what
each cost and how much faster the second time was.

    three_bench.py BUILD_DIRECTORY [--items N] [--rounds N] [--directory DIR]

N items in each source. DIR is where the stores go for the time being; it should lie on a disk, not
in memory.
"""

import argparse
import os
import shutil
import tempfile

from measure import NO_LIMITS, Sandbox, Workplace

FIRST = "first sync"
AGAIN = "sync, nothing new"
FULL = "sync --full, all the same"


def measure(bench, directory):
    shutil.rmtree(f"{directory}/data", ignore_errors=True)
    bench.verb(FIRST, "sync")
    bench.verb(AGAIN, "sync")
    bench.verb(FULL, "sync", "--full")


def print_ratios(bench):
    print(f"\n{'':42}{'measured':>9}  goal")
    for name, goal in ((AGAIN, ">= 1.50"), (FULL, "")):
        print(f"{'time, ' + FIRST + ' : ' + name:42}{bench.ratio('wall', FIRST, name):9.2f}  {goal}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--directory", default=None)
    arguments = parser.parse_args()
    build = os.path.abspath(arguments.build)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.directory or build) as directory, \
         Sandbox(f"{build}/bin/earshot-sandbox", arguments.items) as sandbox:
        bench = Workplace(build, directory, sandbox, NO_LIMITS, {})
        for _ in range(arguments.rounds):
            measure(bench, directory)
    records = len(NO_LIMITS) * arguments.items
    bench.print_costs({FIRST: records, FULL: records})
    print_ratios(bench)


main()

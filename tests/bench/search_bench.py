"""Stores many records, then searches and exports them, and prints what that takes.

    search_bench.py BUILD_DIRECTORY [--items N] [--rounds N] [--directory DIR]

Each query is asked N times by a program of its own, its start included. DIR is where the store
goes for the time being; it should lie on a disk, not in memory.
"""

import argparse
import os
import statistics
import tempfile

from measure import Sandbox, Workplace

QUERIES = {
    "a word in many": ["--search", "export"],
    "three words": ["--search", "yearly renewal tab"],
    "a phrase": ["--search", '"login by SSO"'],
    "a prefix": ["--search", "currenc*"],
    "a word in none": ["--search", "zeppelin"],
    "a word, and filters": ["--search", "dashboard", "--status", "open", "--severity", "high"],
}
EXPORT = "export as ndjson"


def fill(bench):
    bench.verb("first sync", "sync")
    bench.verb("first search, indexing", "records", "--search", "zeppelin", "--limit", "1")


def ask(bench, rounds):
    for _ in range(rounds):
        for words in QUERIES.values():
            yield bench.run([*bench.earshot, "records", "--limit", "20", *words]).wall * 1e3


def print_latencies(latencies):
    print(f"\n{'search, ms':26}{'p50':>9}{'p99':>9}{'most':>9}")
    times = {name: latencies[at::len(QUERIES)] for at, name in enumerate(QUERIES)}
    for name, some in {**times, "all": latencies}.items():
        p99 = statistics.quantiles(some, n=100, method="inclusive")[98]
        print(f"{name:26}{statistics.median(some):9.1f}{p99:9.1f}{max(some):9.1f}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--directory", default=None)
    arguments = parser.parse_args()
    build = os.path.abspath(arguments.build)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.directory or build) as directory, \
         Sandbox(f"{build}/bin/earshot-sandbox", arguments.items, warm=False) as sandbox:
        bench = Workplace(build, directory, sandbox, ["zendesk"], {"page_size": 1000})
        fill(bench)
        latencies = list(ask(bench, arguments.rounds))
        for _ in range(3):
            bench.verb(EXPORT, "export")
        size = sum(entry.stat().st_size for entry in os.scandir(f"{directory}/data"))
    bench.print_costs({name: arguments.items for name in bench.costs})
    print_latencies(latencies)
    print(f"\nstore and index: {size / 1e6:,.0f} MB")


main()

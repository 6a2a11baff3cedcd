"""Pulls the same tickets with Earshot and with two programs written for that one purpose, in turns,
and prints what each cost and how the costs compare.

    pull_bench.py BUILD_DIRECTORY [--items N] [--rounds N] [--directory DIR]

DIR is where the databases go for the time being; it should lie on a disk, not in memory.
"""

import argparse
import base64
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

CONFIG = """
plugin_dirs: [{plugins}]
data_dir: {data}
integrations:
  acme:
    plugin: zendesk
    base_url: {base_url}
    config: {{subdomain: {subdomain}, email: {email}, page_size: 100}}
    credentials: {{api_token: "file:{token}"}}
    limits: {{account: "off", incremental: "off"}}
"""
HERE = os.path.dirname(os.path.abspath(__file__))
CORES = os.cpu_count()
TICKS = os.sysconf("SC_CLK_TCK")


class Cost:
    """Of one run, or of two that belong together."""

    def __init__(self, wall, cpu, peak, elsewhere):
        self.wall, self.cpu, self.peak, self.elsewhere = wall, cpu, peak, elsewhere

    def __add__(self, other):
        wall = self.wall + other.wall
        busy = (self.elsewhere * self.wall + other.elsewhere * other.wall) / wall
        return Cost(wall, self.cpu + other.cpu, max(self.peak, other.peak), busy)


def machine_seconds():
    """How long the machine's cores have worked since it started, all together."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


class Sandbox:
    """The product that is pulled from, every answer prepared before the first question."""

    def __init__(self, program, items):
        command = [program, "--items", str(items), "--warm", "--limits", "off", "--with-parent"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        product = json.loads(self.process.stdout.readline())["products"]["zendesk"]
        self.base_url = product["base_url"]
        self.config = product["config"]
        self.token = product["credentials"]["api_token"]
        user = f"{self.config['email']}/token:{self.token}"
        self.authorization = "Basic " + base64.b64encode(user.encode()).decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


class Bench:
    def __init__(self, build, items, directory, sandbox):
        self.items, self.directory, self.sandbox = items, directory, sandbox
        self.earshot = [f"{build}/bin/earshot", "--config", f"{directory}/earshot.yaml"]
        self.native = f"{build}/bin/reference_pull"
        self.write_config(f"{build}/plugins")
        self.costs = {}

    def write_config(self, plugins):
        token = f"{self.directory}/token"
        with open(token, "w", encoding="ascii", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write(self.sandbox.token)
        text = CONFIG.format(plugins=plugins, data=f"{self.directory}/data", token=token,
                             base_url=self.sandbox.base_url, **self.sandbox.config)
        with open(f"{self.directory}/earshot.yaml", "w", encoding="ascii") as file:
            file.write(text)

    def run(self, command):
        busy, served = machine_seconds(), self.sandbox.seconds()
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"pull_bench: exit code {child.returncode}: {' '.join(command[:3])}")
        cpu = usage.ru_utime + usage.ru_stime
        others = machine_seconds() - busy - cpu - (self.sandbox.seconds() - served)
        return Cost(wall, cpu, usage.ru_maxrss / 1024, max(0.0, others / wall / CORES))

    def note(self, name, cost):
        self.costs.setdefault(name, []).append(cost)
        return cost

    def reference(self, program, mode):
        database = f"{self.directory}/reference.db"
        return self.run([*program, mode, self.sandbox.base_url, self.sandbox.authorization, database])

    def clear(self):
        shutil.rmtree(f"{self.directory}/data", ignore_errors=True)
        for name in os.listdir(self.directory):
            if name.startswith("reference.db"):
                os.remove(f"{self.directory}/{name}")

    def round(self):
        self.clear()
        pulled = self.note("earshot", self.run([*self.earshot, "sync"]))
        # The first search brings the index up to date.
        search = [*self.earshot, "records", "--search", "export", "--limit", "1"]
        self.note("earshot +index", pulled + self.run(search))
        self.note("earshot, nothing new", self.run([*self.earshot, "sync"]))
        for name, program in (("native", [self.native]),
                              ("script", ["/usr/bin/python3", f"{HERE}/reference_pull.py"])):
            self.clear()
            pulled = self.note(name, self.reference(program, "pull"))
            self.note(f"{name} +index", pulled + self.reference(program, "index"))
        self.note("transfer", self.reference([self.native], "transfer"))

    def startup(self):
        for words in (["--version"], ["plugins"]):
            for _ in range(11):
                self.note(f"earshot {words[0]}", self.run([*self.earshot, *words]))

    def median(self, name, member):
        return statistics.median(getattr(cost, member) for cost in self.costs[name])

    def print_costs(self):
        print(f"{'':22}{'ms':>8}{'records/s':>11}{'CPU us/record':>15}{'peak MB':>9}{'busy elsewhere':>16}")
        for name in self.costs:
            wall, cpu, peak, busy = (self.median(name, member)
                                     for member in ("wall", "cpu", "peak", "elsewhere"))
            pulls = not name.startswith(("earshot --", "earshot plugins", "earshot, "))
            rate = f"{self.items / wall:11,.0f}{cpu / self.items * 1e6:15.1f}" if pulls else " " * 26
            print(f"{name:22}{wall * 1e3:8.0f}{rate}{peak:9.0f}{busy:16.0%}")

    def ratio(self, member, name, other):
        return self.median(name, member) / self.median(other, member)

    def print_ratios(self):
        transfer = self.median("transfer", "cpu")
        core = (self.median("earshot", "cpu") - transfer) / (self.median("native", "cpu") - transfer)
        rows = [("CPU without transfer, earshot : native", core, "<= 1.50")]
        for more in ("", " +index"):
            ours, native, script = "earshot" + more, "native" + more, "script" + more
            rows += [(f"records/s, {ours} : {native}", self.ratio("wall", native, ours), ">= 0.60"),
                     (f"CPU, {native} : {ours}", self.ratio("cpu", native, ours), ""),
                     (f"records/s, {ours} : {script}", self.ratio("wall", script, ours), ">= 2.50"),
                     (f"CPU, {ours} : {script}", self.ratio("cpu", ours, script), "<= 0.40"),
                     (f"peak MB, {ours}", self.median(ours, "peak"), "<= 40")]
        print(f"\n{'':42}{'measured':>9}  goal")
        for name, value, goal in rows:
            print(f"{name:42}{value:9.2f}  {goal}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--directory", default=None)
    arguments = parser.parse_args()
    build = os.path.abspath(arguments.build)
    directory = tempfile.mkdtemp(prefix="bench-", dir=arguments.directory or build)
    try:
        with Sandbox(f"{build}/bin/earshot-sandbox", arguments.items) as sandbox:
            bench = Bench(build, arguments.items, directory, sandbox)
            for _ in range(arguments.rounds):
                bench.round()
            bench.startup()
    finally:
        shutil.rmtree(directory)
    bench.print_costs()
    bench.print_ratios()


main()

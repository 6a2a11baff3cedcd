"""What the benches share: a sandbox to fetch from, a folder for a configuration, and what a program
costs while nothing else should run."""

import json
import os
import statistics
import subprocess
import sys
import time

CORES = os.cpu_count()
TICKS = os.sysconf("SC_CLK_TCK")
NO_LIMITS = {"zendesk": '{account: "off", incremental: "off"}', "intercom": '{app: "off"}',
             "surveymonkey": '{minute: "off", day: "off"}'}


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
    """The simulated products; with `warm` every answer is prepared before the first question."""

    def __init__(self, program, items, warm=True):
        command = [program, "--items", str(items), "--limits", "off", "--with-parent"]
        self.process = subprocess.Popen([*command, *(["--warm"] if warm else [])],
                                        stdout=subprocess.PIPE, text=True)
        self.products = json.loads(self.process.stdout.readline())["products"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


class Workplace:
    """The program with a configuration in `directory`, one integration for each product named."""

    def __init__(self, build, directory, sandbox, products, config):
        self.sandbox = sandbox
        self.earshot = [f"{build}/bin/earshot", "--config", f"{directory}/earshot.yaml"]
        self.costs = {}
        entries = [self.entry(directory, name, config) for name in products]
        with open(f"{directory}/earshot.yaml", "w", encoding="utf-8") as file:
            file.write(f"plugin_dirs: [{build}/plugins]\ndata_dir: {directory}/data\n"
                       "integrations:\n" + "".join(entries))

    def entry(self, directory, name, config):
        product = self.sandbox.products[name]
        credentials = {}
        for member, secret in product["credentials"].items():
            path = f"{directory}/{name}-{member}"
            with open(path, "w", encoding="ascii", opener=lambda p, f: os.open(p, f, 0o600)) as file:
                file.write(secret)
            credentials[member] = f"file:{path}"
        return (f"  {name}:\n    plugin: {name}\n    base_url: {product['base_url']}\n"
                f"    config: {json.dumps(product['config'] | config)}\n"
                f"    credentials: {json.dumps(credentials)}\n    limits: {NO_LIMITS[name]}\n")

    def run(self, command):
        busy, served = machine_seconds(), self.sandbox.seconds()
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"bench: exit code {child.returncode}: {' '.join(command[:4])}")
        cpu = usage.ru_utime + usage.ru_stime
        others = machine_seconds() - busy - cpu - (self.sandbox.seconds() - served)
        return Cost(wall, cpu, usage.ru_maxrss / 1024, max(0.0, others / wall / CORES))

    def note(self, name, cost):
        self.costs.setdefault(name, []).append(cost)
        return cost

    def verb(self, name, *words):
        """Runs the program with these words, and notes what it cost under `name`."""
        return self.note(name, self.run([*self.earshot, *words]))

    def median(self, name, member):
        return statistics.median(getattr(cost, member) for cost in self.costs[name])

    def ratio(self, member, name, other):
        return self.median(name, member) / self.median(other, member)

    def print_costs(self, records):
        """`records` says how many each run was about; those that are about none are not in it."""
        print(f"{'':26}{'ms':>9}{'records/s':>11}{'CPU us/record':>15}{'peak MB':>9}{'busy elsewhere':>16}")
        for name in self.costs:
            wall, cpu, peak, busy = (self.median(name, member)
                                     for member in ("wall", "cpu", "peak", "elsewhere"))
            count = records.get(name)
            rate = f"{count / wall:11,.0f}{cpu / count * 1e6:15.1f}" if count else " " * 26
            print(f"{name:26}{wall * 1e3:9.0f}{rate}{peak:9.0f}{busy:16.0%}")

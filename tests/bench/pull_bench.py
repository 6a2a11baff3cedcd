"""Pulls the same tickets with Earshot and with two programs written for that one purpose, in turns,
and prints what each cost and how the costs compare.

    pull_bench.py BUILD_DIRECTORY [--items N] [--rounds N] [--directory DIR]

DIR is where the databases go for the time being; it should lie on a disk, not in memory.
"""

import argparse
import base64
import os
import shutil
import tempfile

from measure import Sandbox, Workplace

HERE = os.path.dirname(os.path.abspath(__file__))


class Bench(Workplace):
    def __init__(self, build, items, directory, sandbox):
        super().__init__(build, directory, sandbox, ["zendesk"], {"page_size": 100})
        self.items, self.directory = items, directory
        self.native = f"{build}/bin/reference_pull"
        product = sandbox.products["zendesk"]
        self.base_url = product["base_url"]
        user = f"{product['config']['email']}/token:{product['credentials']['api_token']}"
        self.authorization = "Basic " + base64.b64encode(user.encode()).decode()

    def reference(self, program, mode):
        database = f"{self.directory}/reference.db"
        return self.run([*program, mode, self.base_url, self.authorization, database])

    def clear(self):
        shutil.rmtree(f"{self.directory}/data", ignore_errors=True)
        for name in os.listdir(self.directory):
            if name.startswith("reference.db"):
                os.remove(f"{self.directory}/{name}")

    def round(self):
        self.clear()
        pulled = self.verb("earshot", "sync")
        # The first search brings the index up to date.
        search = [*self.earshot, "records", "--search", "export", "--limit", "1"]
        self.note("earshot +index", pulled + self.run(search))
        self.verb("earshot, nothing new", "sync")
        for name, program in (("native", [self.native]),
                              ("script", ["/usr/bin/python3", f"{HERE}/reference_pull.py"])):
            self.clear()
            pulled = self.note(name, self.reference(program, "pull"))
            self.note(f"{name} +index", pulled + self.reference(program, "index"))
        self.note("transfer", self.reference([self.native], "transfer"))

    def startup(self):
        for words in (["--version"], ["plugins"]):
            for _ in range(11):
                self.verb(f"earshot {words[0]}", *words)

    def pulls(self):
        others = ("earshot --", "earshot plugins", "earshot, ")
        return {name: self.items for name in self.costs if not name.startswith(others)}

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
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.directory or build) as directory, \
         Sandbox(f"{build}/bin/earshot-sandbox", arguments.items) as sandbox:
        bench = Bench(build, arguments.items, directory, sandbox)
        for _ in range(arguments.rounds):
            bench.round()
        bench.startup()
    bench.print_costs(bench.pulls())
    bench.print_ratios()


main()

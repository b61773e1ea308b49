"""The conversions, and what an output directory has to be."""

import functools
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

FORMATS = ("parquet", "csv")


class Jobs:
    """Conversions of one payload, each to where nothing is and to where an older output is."""

    def __init__(self, program, payload, work):
        self.program, self.work = program, work
        self.payload = payload or self.generate("payload.json")
        self.other = self.generate("other.json", "--chargers", "100", "--seed", "7")
        self.out = work / "here" / "out"
        self.out.parent.mkdir()
        # By format: the bytes that have to come of the payload, and those of the older output.
        self.new, self.old = {}, {}
        for form in FORMATS:
            self.old[form] = self.reference(self.other, form, "--lineage")
            self.new[form] = self.reference(self.payload, form)

    def generate(self, name, *options):
        path = self.work / name
        subprocess.run([self.program, "generate", "--out", path, *options], check=True)
        return path

    @functools.cache
    def inject(self):
        """The program that makes system calls of another one fail."""
        inject = self.work / "inject"
        source = Path(__file__).with_name("inject.c")
        subprocess.run(["cc", "-O1", "-o", inject, source], check=True)
        return inject

    def reference(self, payload, form, *options):
        out = self.work / f"{payload.stem}-{form}"
        subprocess.run([*self.command(form, payload, out), *options], check=True)
        wrong = list(flaws(out))
        assert not wrong, wrong
        return out

    def command(self, form, payload=None, out=None):
        """The command line of a conversion; by default of the payload to where kills are tried."""
        places = [payload or self.payload, "--out", out or self.out]
        return [self.program, "convert", *places, "--format", form, "--overwrite", "--quiet"]

    def each(self):
        """Every conversion: its format, and whether there is an older output."""
        return [(form, over) for form in FORMATS for over in (False, True)]

    def prepare(self, form, over):
        """Makes the place ready, as nothing or as an older output."""
        shutil.rmtree(self.out.parent)
        self.out.parent.mkdir()
        if over:
            shutil.copytree(self.old[form], self.out)

    def state(self, form, over):
        """What is there now: `old`, `new`, or what is wrong with it."""
        found = contents(self.out)
        if found == contents(self.new[form]):
            return "new"
        if found == (contents(self.old[form]) if over else {}) and self.out.exists() == over:
            return "old"
        return f"neither the old nor the new output: {sorted(flaws(self.out))[:3]}"

    def debris(self):
        """Everything beside the output."""
        return sorted(path.name for path in self.out.parent.iterdir() if path != self.out)

    def run_again(self, form):
        """The next run: gives what is wrong with it."""
        done = subprocess.run(self.command(form), capture_output=True, text=True)
        if done.returncode or self.state(form, True) != "new":
            yield f"the next run: exit {done.returncode}, {self.state(form, True)}, {done.stderr!r}"
        if self.debris():
            yield f"the next run leaves {self.debris()}"


def contents(out):
    """The hash of every file of a directory, by its name; empty if there is none."""
    files = (path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): sha256(path) for path in files}


def sha256(path):
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def flaws(out):
    """What is not as the manifest of an output says."""
    found = contents(out)
    try:
        package = json.loads((out / "datapackage.json").read_text())
    except (OSError, ValueError) as error:
        yield f"no manifest: {error}"
        return
    listed = {resource["path"]: resource["hash"] for resource in package["resources"]}
    del found["datapackage.json"]
    for name in listed.keys() | found.keys():
        if listed.get(name) != found.get(name):
            yield f"{name} is {found.get(name)}, and the manifest says {listed.get(name)}"

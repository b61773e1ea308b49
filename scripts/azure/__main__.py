"""Converts batches from and into Azurite, Microsoft's stand-in for Azure Blob Storage.

    python scripts/azure [--voltree PROGRAM] [--work DIR]

Each step is done once on this machine's disk and once in the store, and both datasets have to be
the same, byte for byte. Needs npm, which installs Azurite into the work directory, and the packages
in requirements.txt. Ends with exit code 1 at the first step that comes out otherwise.
"""

import argparse
import contextlib
import gzip
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from azure.storage.blob import BlobServiceClient

ROOT = Path(__file__).resolve().parents[2]
AZURITE = "azurite@3.35.0"
# What every Azurite has.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
CONTAINER = "lake"


def main():
    cli = argparse.ArgumentParser(prog="scripts/azure", description=__doc__.splitlines()[0])
    cli.add_argument("--voltree", metavar="PROGRAM", type=Path, default=ROOT / "target/release/voltree")
    cli.add_argument("--work", metavar="DIR", type=Path, default=ROOT / "target/azure")
    args = cli.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    with azurite(args.work) as (address, container):
        steps(Both(args.voltree.resolve(), args.work.resolve(), address, container))
    print("all the same")


@contextlib.contextmanager
def azurite(work):
    """An empty container of a server that ends with this, and the server's address."""
    subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", work, AZURITE], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--inMemoryPersistence"]
    options += ["--skipApiVersionCheck", "--disableTelemetry", "--silent"]
    server = subprocess.Popen([work / "node_modules/.bin/azurite-blob", *options])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        address = f"http://127.0.0.1:{port}/{ACCOUNT}"
        yield address, BlobServiceClient(address, KEY).create_container(CONTAINER)
    finally:
        server.terminate()
        server.wait()


class Both:
    """A directory and a container in which the same is done."""

    def __init__(self, program, work, address, container):
        self.program, self.container = program, container
        self.disk = work / "disk"
        shutil.rmtree(self.disk, ignore_errors=True)
        self.disk.mkdir()
        other = ("VOLTREE_", "AZURE_")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(other)}
        self.environment |= {
            "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": KEY,
            "AZURE_ENDPOINT": address,
            "AZURE_ALLOW_HTTP": "true",
        }

    def upload(self):
        """What is on the disk goes into the container, too."""
        for path in self.disk.rglob("*"):
            if path.is_file():
                self.container.upload_blob(path.relative_to(self.disk).as_posix(), path.read_bytes())

    def start(self, store, *command):
        """Begins a command, whose `@` are places on the disk or in the container."""
        place = f"az://{CONTAINER}" if store else self.disk.as_posix()
        command = [word.replace("@", place) for word in command]
        return subprocess.Popen(
            [self.program, *command], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *commands, code=0):
        """Runs commands on the disk one by one, and in the container all at a time."""
        for command in commands:
            ends(self.start(False, *command), code)
        for running in [self.start(True, *command) for command in commands]:
            ends(running, code)
        print(f"-- {' & '.join(' '.join(command) for command in commands)}", flush=True)
        found = {blob.name: self.container.download_blob(blob.name).readall() for blob in self.container.list_blobs()}
        files = (path for path in self.disk.rglob("*") if path.is_file())
        wanted = {path.relative_to(self.disk).as_posix(): path.read_bytes() for path in files}
        others = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
        if others:
            sys.exit(f"other than on the disk: {', '.join(others[:5])}")


def ends(running, code):
    _, said = running.communicate()
    if running.returncode != code:
        sys.exit(f"{running.args}: exit code {running.returncode} instead of {code}\n{said}")


def steps(both):
    payload = ROOT / "fixtures/generated.json"
    (both.disk / "in/deep").mkdir(parents=True)
    for path in sorted((ROOT / "fixtures").glob("*.json")):
        shutil.copy(path, both.disk / "in")
    (both.disk / "in/deep/ö %41 x.json.gz").write_bytes(gzip.compress(payload.read_bytes(), mtime=0))
    # Its tables are longer than what goes in one request.
    large = both.disk / "in/deep/large.json"
    sizes = ["--no-repeats", "--chargers", "20000"]
    subprocess.run([both.program, "generate", *sizes, "--out", large], check=True)
    both.upload()

    both.run(["convert", "@/in/", "--out", "@/all"])
    both.run(["convert", "@/in/", "--out", "@/all", "--resume"])
    both.run(["convert", "@/in/generated.json", "--out", "@/all", "--append"], code=2)
    both.run(["convert", "@/in/generated.json", "--out", "@/all", "--layout", "hive", "--overwrite", "--lineage"])
    both.run(["convert", "@/in/**/*.gz", "@/in/deep/large.json", "--out", "@/csv", "--format", "csv"])
    name = ["convert", "@/in/generated.json", "--out", "@/many", "--append", "--layout", "hive", "--snapshot-name"]
    both.run(*([*name, f"night-{number}"] for number in range(6)))
    both.run(["merge", "@/merged", "@/many", "@/csv"], code=2)
    both.run(["merge", "@/merged", "@/many", "@/all"])
    both.run(["check", "@/merged/_snapshots/large.json"])
    both.run(["diff", "@/merged/_snapshots/night-1.json", "@/in/generated.json", "--fail-on-change"])
    both.run(["convert", "@/in/none.json", "--out", "@/none"], code=5)


if __name__ == "__main__":
    sys.exit(main())

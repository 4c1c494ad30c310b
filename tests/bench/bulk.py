"""Prints how fast many mails are read, beside what else reads them: bulk.py NDR MBOX.

Every command reads the same file in the same run, so that only what one needs against another counts."""
import email
import os
import subprocess
import sys
import time

ndr, mbox = sys.argv[1:3]
size = os.path.getsize(mbox)
mails = int(subprocess.run(["grep", "-c", "^From ", mbox], capture_output=True, check=True).stdout)
RUNS = 5


def show(name, seconds, count=mails, peak=None):
    scale = size * count / mails
    memory = f"{peak / 1024:8.1f} MiB" if peak else ""
    print(f"{name:<44}{seconds:8.3f} s {count / seconds:12,.0f} mails/s {scale / seconds / 1e6:9,.1f} MB/s {memory}")


def peak_of(pid):
    """The most memory in KiB that the process or one of its children has had so far."""
    try:
        with open(f"/proc/{pid}/status") as status:
            peak = max((int(line.split()[1]) for line in status if line.startswith("VmHWM")), default=0)
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return max([peak] + [peak_of(child) for child in children.read().split()])
    except OSError:
        return 0


def run(name, command, out):
    """The fastest of a few runs; then, in one that nobody times, the most memory that one of its processes had."""
    best = peak = None
    for _ in range(RUNS):
        with open(out, "wb") as sink:
            start = time.perf_counter()
            subprocess.run(command, stdout=sink, stderr=subprocess.DEVNULL)
            took = time.perf_counter() - start
        best = took if best is None else min(best, took)
    with open(out, "wb") as sink:
        child = subprocess.Popen(command, stdout=sink, stderr=subprocess.DEVNULL)
        while child.poll() is None:
            peak = max(peak or 0, peak_of(child.pid))
            time.sleep(0.005)
    show(name, best, peak=peak)


def pieces(count):
    """The first mails of the mbox."""
    with open(mbox, "rb") as source:
        return source.read(int(size * count / mails) + (1 << 20)).split(b"\nFrom ")[:count]


def python_parser(count=2000):
    some = pieces(count)
    start = time.perf_counter()
    for mail in some:
        email.message_from_bytes(mail)
    show(f"Python's email parser, {len(some)} mails", time.perf_counter() - start, len(some))


def sisimai(work, count=1000):
    if subprocess.run(["perl", "-MSisimai", "-e", "1"], capture_output=True).returncode:
        print("Sisimai is not installed")
        return
    slice_path = os.path.join(work, "slice")
    with open(slice_path, "wb") as out:
        out.write(b"\nFrom ".join(pieces(count)))
    start = time.perf_counter()
    subprocess.run(["perl", "-MSisimai", "-e", "Sisimai->make(shift)", slice_path], capture_output=True)
    show(f"Sisimai, {count} mails", time.perf_counter() - start, count)


work = os.path.dirname(mbox)
out = os.path.join(work, "out")
print(f"{mails:,} mails, {size / 1e6:,.1f} MB")
run("floor: wc -l", ["wc", "-l", mbox], out)
run("floor: grep -c '^Final-Recipient'", ["grep", "-c", "^Final-Recipient", mbox], out)
for jobs in "1", "2":
    run(f"ndr analyze --jobs {jobs}", [ndr, "analyze", "--jobs", jobs, "--format", "ndjson", mbox], out)
python_parser()
sisimai(work)

"""Lets every call of a kind fail once, one after another, in whole runs of the program.

    faults.py PROGRAM SHIM WORK [SCENARIO...]

Each run has to end by itself with status 0, 1 or 2; what it prints is empty or whole (of many mails: the
first of them, each whole); status 0 gives everything; what it complains about is lines of its own; and the
saved walks can be read afterwards and are the old or the new ones.  Prints TAP, a line for each scenario and
kind.  NDR_FAULT_STEP=n tries only every n-th call (of memory and close, behind the first hundred).
"""
import itertools
import os
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import termios
import time

PROGRAM, SHIM, WORK = sys.argv[1:4]
STEP = int(os.environ.get("NDR_FAULT_STEP", "1"))
KINDS = ["malloc", "open", "read", "write", "short", "sync", "close", "rename", "fork", "pipe"]
LIBRARIES = re.compile(rb": Out of memory$|^x(m|re)alloc: ")
TOLD = os.path.join(WORK, "told")
STATE = os.path.join(WORK, "state")
TALK = b"open tests/samples/dane.eml\nwalk\n1\n1\nn said by phone\nq\nmessage ticket\nquit\n"


def mbox():
    path = os.path.join(WORK, "mbox")
    with open("tests/reports/postfix-failure.eml", "rb") as file:
        mail = b"From x Tue Nov 24 09:12:52 2026\n" + file.read().replace(b"\r", b"") + b"\n\n"
    with open(path, "wb") as file:
        file.write((mail + b"filler\n" * 100000) * 2 + mail * 4)
    return path


def folder():
    path = os.path.join(WORK, "folder")
    os.makedirs(path, exist_ok=True)
    for name in ("postfix-failure.eml", "exchange-2010-german.eml", "two-recipients.eml"):
        shutil.copy("tests/reports/" + name, path)
    return path


# Name: arguments, standard input, whether a part of the lines is whole, too (None: what is said of the
# fault is the output).
SCENARIOS = {
    "report": (["analyze", "--format", "json", "tests/reports/charset-utf-16-base64.eml"], b"", False),
    "mbox": (["analyze", "--jobs", "2", "--format", "ndjson", mbox()], b"", True),
    "explain": (["explain", "5.7.323"], b"", False),
    "search": (["search", "dane", "fingerprint"], b"", False),
    "walk": (["walk", "dane", "--answers", "1,1"], b"", False),
    "trees": (["trees", "dane", "--format", "svg"], b"", False),
    "lint": (["lint", "tests/fuzz/seeds/tree/small.xml"], b"", None),
    "triage": (["triage", "--format", "json", folder()], b"", False),
    "shell": (["shell"], TALK, True),
    "screen": (["tests/samples/dane.eml"], b"", None),
    "plain": (["--plain", "tests/samples/dane.eml"], b"", None),
    "config": (["config"], b"", False),
    "pasted": (["analyze", "-"], b"550 5.1.1 <kim@example.com>: User unknown\n", False),
}


# On a terminal: what is typed, then what leaves, and the terminal.  A walk is begun and two questions are
# answered, each saved at once.
ON_TERMINAL = {
    "screen": ([b"\r", b"1", b"1"], [b"\x1b", b"q", b"y"], "xterm-256color"),
    "plain": ([b"1\r", b"1\r", b"1\r"], [b"q\r", b"y\r"], "dumb"),
}


def on_terminal(scenario, arguments, environment):
    keys, leave, term = ON_TERMINAL[scenario]
    keys, leave = list(keys), itertools.cycle(leave)
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    child = subprocess.Popen([PROGRAM] + arguments, stdin=slave, stdout=slave, stderr=subprocess.PIPE,
                             env=dict(environment, TERM=term), start_new_session=True)
    os.set_blocking(master, False)
    end = time.time() + 30
    while child.poll() is None and time.time() < end:
        ready, _, _ = select.select([master], [], [], 0.08)
        if ready:
            os.read(master, 65536)
        else:
            os.write(master, keys.pop(0) if keys else next(leave))
    if child.poll() is None:
        child.kill()
    err = child.stderr.read()
    child.wait()
    restored = termios.tcgetattr(slave) == before
    os.close(master)
    os.close(slave)
    return (child.returncode if child.returncode != -9 else None), b"" if restored else b"modes", err


def run(scenario, kind, n):
    arguments, given, _ = SCENARIOS[scenario]
    environment = dict(PATH=os.defpath, HOME=WORK, LC_ALL="C.UTF-8", TZ="UTC", TERM="dumb", XDG_STATE_HOME=STATE,
                       XDG_DATA_HOME=WORK, XDG_CONFIG_HOME=WORK)
    if kind:
        environment.update(LD_PRELOAD=SHIM, NDR_FAULT="%s %d" % (kind, n), NDR_FAULT_TOLD=TOLD)
    if scenario in ON_TERMINAL:
        return on_terminal(scenario, arguments, environment)
    try:
        done = subprocess.run([PROGRAM] + arguments, input=given, capture_output=True, env=environment, timeout=60)
    except subprocess.TimeoutExpired:
        return None, b"", b""
    return done.returncode, done.stdout, done.stderr


def is_part(out, whole):
    """Whether `out` is the first lines of `whole`."""
    return whole.startswith(out) and (not out or out.endswith(b"\n"))


def state_fault(before):
    """What is wrong with the saved walks, empty when nothing is."""
    path = os.path.join(STATE, "ndr")
    names = os.listdir(path) if os.path.isdir(path) else []
    if any("damaged" in name for name in names):
        return "a sound file was set aside"
    if "ndr.db" not in names:
        return ""
    store = sqlite3.connect(os.path.join(path, "ndr.db"))
    try:
        if store.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            return "the saved walks are damaged"
        if store.execute("PRAGMA user_version").fetchone()[0] == 0:
            return ""
        walks = {row[0] for row in store.execute("SELECT id FROM walk")}
        if not before <= walks:
            return "a saved walk is gone"
        if {row[0] for row in store.execute("SELECT walk FROM answer")} - walks:
            return "answers of no walk"
    except sqlite3.Error as error:
        return "the saved walks: %s" % error
    finally:
        store.close()
    return ""


def walks_saved():
    path = os.path.join(STATE, "ndr", "ndr.db")
    if not os.path.exists(path):
        return set()
    store = sqlite3.connect(path)
    walks = {row[0] for row in store.execute("SELECT id FROM walk")}
    store.close()
    return walks


def prepare(scenario):
    """The state before each run: one saved walk on a terminal, nothing else."""
    shutil.rmtree(STATE, ignore_errors=True)
    if scenario in ON_TERMINAL:
        shutil.copytree(STATE + ".kept", STATE)
    with open(TOLD, "wb") as file:
        file.write(b"\0")


def judge(scenario, kind, status, out, err, whole):
    parts = SCENARIOS[scenario][2]
    if status is None:
        return "does not end"
    if scenario == "screen" and kind == "malloc" and status == -11:
        return "curses"
    if status not in (0, 1, 2):
        return "ended with %d" % status
    if kind == "short" and (status, out) != whole[:2]:
        return "half of a write is taken as all of it"
    if kind == "read" and status == 2 and is_part(out, whole[1]):
        return ""
    if scenario in ON_TERMINAL and out:
        return "the terminal is left in other modes"
    told = err or parts is None
    if status == whole[0] and out != whole[1] and not told:
        return "other output, and not a word about it"
    if out and out != whole[1] and not (parts and is_part(out, whole[1])) and not told:
        return "a part of the output"
    # Curses and readline end with words of their own.
    lines = [line for line in err.splitlines() if not (scenario in ON_TERMINAL and LIBRARIES.search(line))]
    if any(not line.startswith(b"ndr: ") for line in lines):
        return "said on standard error: %r" % err[:100]
    return state_fault(before)


def numbers(scenario, kind):
    """Which calls fail.  A screen takes a second, so not each of its allocations has a turn."""
    step = STEP * (19 if scenario in ON_TERMINAL else 1)
    n = 1
    while True:
        yield n
        n += step if kind in ("malloc", "close") and n > 100 else 1


tests = failures = tried = 0
prepare("config")
run("screen", None, 0)
shutil.rmtree(STATE + ".kept", ignore_errors=True)
if os.path.isdir(STATE):
    shutil.copytree(STATE, STATE + ".kept")
for scenario in sys.argv[4:] or SCENARIOS:
    prepare(scenario)
    before = walks_saved()
    whole = run(scenario, None, 0)
    for kind in KINDS:
        bad = []
        in_curses = 0
        count = 0
        for n in numbers(scenario, kind):
            prepare(scenario)
            status, out, err = run(scenario, kind, n)
            fault = judge(scenario, kind, status, out, err, whole)
            if fault == "curses":
                in_curses += 1
            elif fault:
                bad.append("call %d: %s" % (n, fault))
            with open(TOLD, "rb") as file:
                if file.read() == b"\0":
                    break
            count += 1
        # newterm() of ncurses 6.4 reads through the one description of the terminal that it could not get.
        if in_curses > 1:
            bad.append("%d crashes" % in_curses)
        tests += 1
        failures += bool(bad)
        tried += count
        print("%sok %d - %s: %d calls of %s fail in turn" % ("not " if bad else "", tests, scenario, count, kind))
        for line in bad[:8]:
            print("# " + line)
        sys.stdout.flush()
print("# %d runs with a fault" % tried)
print("1..%d" % tests)
sys.exit(1 if failures else 0)

"""Kills the program in the middle of a walk, again and again: each time the walk has to be offered at the next start,
complete to the last answer that the screen had shown.  Usage: kill.py ROUNDS SEED; speaks TAP."""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from terminal import PROGRAM, SOURCE, Terminal

REPORT = os.path.join(SOURCE, "tests", "samples", "dane.eml")


def stored(state):
    """Node and option of each answer in the store, and which of them a person gave."""
    path = os.path.join(state, "ndr", "ndr.db")
    if not os.path.exists(path):
        return []
    base = sqlite3.connect(path)
    try:
        return base.execute("SELECT node, option, reported FROM answer ORDER BY nr").fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []  # killed while the file was made
        raise
    finally:
        base.close()


def meant(answers):
    """The same for a list of answers, by the walk that needs no terminal."""
    if not answers:
        return []
    done = subprocess.run([PROGRAM, "walk", REPORT, "--format", "json", "--answers", ",".join(answers)],
                          capture_output=True, check=True)
    walk = json.loads(done.stdout)
    return [(step["node"], step["answer"], int(step["source"] == "report")) for step in walk["steps"]]


def options_left(answers):
    """How many answers the next question has; 0 at an outcome."""
    done = subprocess.run([PROGRAM, "walk", REPORT, "--format", "json", *(["--answers", ",".join(answers)] if answers else [])],
                          capture_output=True, check=True)
    walk = json.loads(done.stdout)
    if walk["outcome"]:
        return 0
    tree = walk["steps"][-1]["tree"] if walk["steps"] else walk["tree"]
    return len(OPTIONS.get((tree, walk["asked"]), "12"))


def read_options():
    import xml.etree.ElementTree as xml
    options = {}
    folder = os.path.join(SOURCE, "data", "trees")
    for name in os.listdir(folder):
        root = xml.parse(os.path.join(folder, name)).getroot()
        for node in root:
            options[root.get("id"), node.get("id")] = node.findall("option")
    return options


OPTIONS = read_options()


def one_round(rng, state):
    """Gives what went wrong, or None; and what was killed how."""
    term = Terminal([REPORT], state)
    if not term.wait("Certainty"):
        return "no diagnosis", False, 0
    term.settle()
    term.send(b"\r")
    term.wait("step ")
    term.settle()
    answers = []   # those that were given
    shown = []     # those that the screen has acted on
    for _ in range(rng.randint(1, 6)):
        count = options_left(answers)
        if answers and (count == 0 or rng.random() < 0.15):
            answers = answers[:-1]
            key = b"u"
        else:
            # An outcome at once is no walk to go on with.
            choice = rng.randint(1, count)
            answers = answers + [str(choice)]
            key = str(choice).encode()
        before = term.output
        term.send(key)
        shown_before = shown
        delay = rng.uniform(0, 0.03)
        last = rng.random() < 0.3
        if last:
            end = time.monotonic() + delay
            while time.monotonic() < end:
                term.take(0.0005)
        else:
            term.take(5)
            term.settle(0.02)
        if term.output > before:
            shown = answers
        if last:
            break
    term.kill(signal.SIGKILL)
    term.end()
    term.close()
    kept = stored(state)
    wanted = [meant(shown)] if shown == answers else [meant(shown_before), meant(answers)]
    if kept not in wanted:
        return "stored %s, shown %s, given %s" % (kept, shown, answers), False, len(answers)
    given = [row for row in kept if not row[2]]
    person = answers if kept == meant(answers) else shown
    is_open = bool(given) and options_left(person) > 0
    again = Terminal([], state)
    offered = again.wait("Go on with the walk", 3.0 if is_open else 0.3)
    problem = None
    if offered != is_open:
        # A walk whose answers were all taken back is kept and offered, too.
        problem = None if offered and not given and options_left(person) else "offered %s, open %s" % (offered, is_open)
    elif is_open:
        again.send(b"y")
        if not again.wait("step %d of" % (len(kept) + 1)):
            problem = "taken up at another step:\n" + again.screen.text()
    again.kill(signal.SIGKILL)
    again.close()
    return problem, is_open, len(answers)


def main():
    rounds, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    failures = open_rounds = answered = 0
    for number in range(rounds):
        state = tempfile.mkdtemp(prefix="ndr-kill.")
        try:
            problem, was_open, count = one_round(rng, state)
        finally:
            shutil.rmtree(state)
        answered += count
        open_rounds += was_open
        if problem:
            failures += 1
            print("# round %d of seed %d: %s" % (number, seed, problem))
    print("# %d kills, %d of them in a walk that was offered again, %d answers given, %d failures" % (rounds, open_rounds, answered, failures))
    print("%sok 1 - killed %d times, the walk is whole each time\n1..1" % ("not " if failures else "", rounds))
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())

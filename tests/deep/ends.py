"""Ends, odd windows, odd terminals and places where nothing can be written.  Speaks TAP."""
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from terminal import PROGRAM, SOURCE, Terminal

REPORT = os.path.join(SOURCE, "tests", "samples", "dane.eml")
GONE_SECONDS = 0.1
tests = failures = 0


def ok(good, sentence, more=""):
    global tests, failures
    tests += 1
    failures += not good
    print("%sok %d - %s" % ("" if good else "not ", tests, sentence))
    if not good and more:
        print("".join("# %s\n" % line for line in str(more).split("\n")), end="")


def leaves(term, sentence, keys=b"q"):
    """The program answers keys, and gives the terminal back."""
    term.send(keys)
    took = term.end(5)
    ok(took is not None and term.status == 0 and term.is_whole(), sentence,
       "status %s, took %s, whole %s\n%s" % (term.status, took, term.is_whole(), term.screen.text()))
    term.close()


def hang_up(sentence, keys, args=(), text=None, ignored=(signal.SIGHUP,)):
    state = tempfile.mkdtemp(prefix="ndr-ends.")
    term = Terminal(list(args), state, ignored=ignored)
    term.wait("Home" if not args else text or "Certainty")
    for part in keys:
        term.settle()
        term.send(part)
    term.settle()
    os.close(term.master)
    term.master = -1
    start = time.monotonic()
    while term.alive and time.monotonic() - start < 3:
        time.sleep(0.002)
    took = time.monotonic() - start
    ok(not term.alive and took < GONE_SECONDS, "%s: gone within 100 ms of the hang-up" % sentence, "%.3f s" % took)
    term.close()
    shutil.rmtree(state)


def test_hang_up():
    ignored = "with SIGHUP ignored"
    hang_up("at home " + ignored, [])
    hang_up("in a walk " + ignored, [b"\r", b"1"], [REPORT])
    hang_up("in a search " + ignored, [b"/", b"dane"])
    hang_up("in a prompt " + ignored, [b":", b"wal"])
    hang_up("in a paste that never ends " + ignored, [b"\033[200~ half a paste"])
    hang_up("line mode " + ignored, [], ["--plain"], "Number:")
    hang_up("line mode in a paste " + ignored, [b"1\r", b"half"], ["--plain"], "Number:")
    hang_up("by the signal as usual", [], ignored=())
    for name, key in (("lines", b"e"), ("hops", b"H"), ("authentication", b"A"), ("texts", b"m"), ("other causes", b"o"),
                      ("entry", b"i"), ("full text", b"\t"), ("help", b"?"), ("walk", b"\r")):
        hang_up("at the %s of a report" % name, [key], [REPORT], ignored=())
    for name, keys in (("trees", [b"t"]), ("options", [b":", b"options\r"]), ("saved walks", [b":", b"saved\r"]),
                       ("a category", [b"\r"]), ("the prompt's completion", [b":", b"\t"])):
        hang_up("at %s" % name, keys, ignored=())
    hang_up("at the counts of many reports", [], [os.path.join(SOURCE, "tests", "reports")], "Cause", ignored=())


def test_end_of_input():
    for args in ([], ["shell"], ["--plain"], ["walk", "dane"]):
        done = subprocess.run([PROGRAM, *args], stdin=subprocess.DEVNULL, capture_output=True, timeout=10)
        ok(done.returncode in (0, 1) and len(done.stdout) < 20000, "no input at all: %s" % (args or "ndr"),
           (done.returncode, len(done.stdout)))
    term = Terminal(["--plain"])
    term.wait("Number:")
    leaves(term, "Ctrl-D ends line mode", b"\x04")
    term = Terminal(["shell"])
    term.wait("ndr>")
    leaves(term, "Ctrl-D ends the command prompt", b"\x04")


def test_windows():
    for cols, rows in ((0, 0), (1, 1), (39, 7), (2, 65535), (65535, 2), (65535, 65535)):
        term = Terminal([], cols=cols, rows=rows)
        term.settle(0.2)
        leaves(term, "started in %dx%d" % (cols, rows))
    for cols, rows in ((0, 0), (65535, 65535), (65535, 1), (1, 65535), (0, 24), (80, 0)):
        term = Terminal([])
        term.wait("Home")
        term.size(cols, rows)
        term.settle(0.3, 20)
        ok(term.alive, "lives in a window of %dx%d" % (cols, rows))
        term.size(80, 24)
        term.settle(0.2, 20)
        term.wait("Journaling")
        ok("Journaling" in term.screen.text(), "and is there again behind it", term.screen.text())
        leaves(term, "and leaves as always")


def test_large_pastes():
    """A paste below 4 MiB is kept whole; of a larger one the rest is read, dropped and told."""
    refusal = b"550 5.1.1 <kim@example.com>: User unknown\n"
    line = b"words of a long report that somebody has pasted\n"
    for size, cut in ((4 << 20) - 64, False), ((4 << 20) + 1, True), (5 << 20, True):  # the end mark counts, too
        text = refusal + line * (size // len(line) + 1)
        term = Terminal([])
        term.wait("Home")
        term.send(b"\033[200~" + text[:size - 1] + b"\n" + b"\033[201~")
        ok(term.wait("5.1.1", 30), "a paste of %d bytes is read" % size, term.screen.text())
        told = term.wait("Only the first 4 MB", 1)
        ok(told == cut, "and %s" % ("what was dropped is told" if cut else "nothing was dropped"), term.screen.text())
        term.kill(signal.SIGTERM)
        term.end(10)
        term.close()


def test_storm():
    rng = random.Random(7)
    fresh = Terminal([])
    fresh.wait("Home")
    fresh.settle(0.2)
    wanted = fresh.screen.text()
    fresh.close()
    term = Terminal([])
    term.wait("Home")
    for _ in range(1000):
        term.size(rng.randint(1, 200), rng.randint(1, 60))
        term.kill(signal.SIGWINCH)
        term.take(0)
    term.size(80, 24)
    term.settle(0.3)
    ok(term.alive and term.screen.text() == wanted, "a storm of 1000 resizes ends in the same screen", term.screen.text())
    leaves(term, "and leaves as always")


def test_terminals():
    for name, text in (("nonsense", "Home"), ("xterm-new-thing", "Home"), ("putty-256color", "Home"), ("dumb", "Number:"),
                       ("", "Number:"), (None, "Number:"), ("unknown", "Home")):
        term = Terminal([], env={"TERM": name})
        ok(term.wait(text, 5), "TERM=%s shows %s" % (name, text), term.screen.text())
        leaves(term, "TERM=%s: leaves" % name, b"q" if text == "Home" else b"q\r")
    folder = tempfile.mkdtemp(prefix="ndr-terminfo.")
    source = os.path.join(folder, "nocup.ti")
    with open(source, "w", encoding="ascii") as file:
        file.write("nocup|no cursor addressing,\n\tam, cols#80, lines#24, cr=\\r, ind=\\n, bel=^G,\n")
    if subprocess.run(["tic", "-o", folder, source], capture_output=True, check=False).returncode == 0:
        term = Terminal([], env={"TERM": "nocup", "TERMINFO": folder})
        ok(term.wait("Number:", 5), "a terminal that cannot place the cursor gets line mode", term.screen.text())
        leaves(term, "and leaves", b"q\r")
    shutil.rmtree(folder)


def begin_walk(state, env=None, before=None):
    """At a question that one answer led to."""
    term = Terminal([REPORT], state, env=env, before=before)
    term.wait("Certainty")
    term.settle()
    term.send(b"\r")
    term.wait("step 1")
    term.settle()
    term.send(b"1")
    return term


def walk_without_saving(sentence, says, env, before=None, state=None):
    term = begin_walk(state, env, before)
    ok(term.wait("step 3 of"), "%s: the walk goes on" % sentence, term.screen.text())
    ok(term.wait(says, 3), "%s: it says so" % sentence, term.screen.text())
    for place in ("Certainty", "Home  "):
        term.settle(0.1)
        term.send(b"q")
        term.wait(place)
    term.settle(0.1)
    term.send(b"q")
    ok(term.wait("lose the walk"), "%s: it asks before the walk is lost" % sentence, term.screen.text())
    leaves(term, "%s: leaves with status 0" % sentence, b"y")


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_nowhere_to_write():
    nothing = {"HOME": None, "XDG_STATE_HOME": None, "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None}
    walk_without_saving("no HOME", "step 3", nothing)
    walk_without_saving("a HOME that is no folder", "walks are not saved", dict(nothing, HOME="/dev/null"))
    walk_without_saving("a HOME that cannot be written", "walks are not saved", dict(nothing, HOME="/proc"))
    state = tempfile.mkdtemp(prefix="ndr-ends.")
    walk_without_saving("a full disk", "walks are not saved", {}, limit_files, state)
    shutil.rmtree(state)
    # It fills up while a walk is saved: what was saved before stays.
    state = tempfile.mkdtemp(prefix="ndr-ends.")
    term = begin_walk(state)
    term.wait("step 3 of")
    term.settle()
    resource.prlimit(term.pid, resource.RLIMIT_FSIZE, (0, 0))
    term.send(b"1")
    ok(term.wait("step 4 of"), "a disk that fills up: the walk goes on", term.screen.text())
    ok(term.wait("not saved", 2), "and says that it is not saved", term.screen.text())
    term.kill(signal.SIGKILL)
    term.close()
    again = Terminal([], state)
    again.wait("Go on with the walk")
    again.send(b"y")
    ok(again.wait("step 3 of"), "what was saved before is there", again.screen.text())
    again.close()
    shutil.rmtree(state)


def main():
    for test in (test_hang_up, test_end_of_input, test_windows, test_large_pastes, test_storm, test_terminals,
                 test_nowhere_to_write):
        test()
    print("1..%d" % tests)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())

"""Line mode on a terminal, where the time of things matters.  Speaks TAP.  Needs NDR_PROGRAM and NDR_SRCDIR."""
import os
import re
import shutil
import signal
import sys
import tempfile
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "deep"))
from terminal import SOURCE, Terminal  # noqa: E402

REPORT = os.path.join(SOURCE, "tests", "samples", "dane.eml")
KNOWLEDGE = os.path.join(SOURCE, "tests", "screen", "knowledge")
REFUSAL = b"550 5.7.323 tlsa-invalid: The domain failed DANE validation"
LONG_PRINT = b"list --format json\r"  # more than a terminal takes that nobody reads
tests = failures = 0
folder = tempfile.mkdtemp(prefix="ndr-line.")


def ok(good, sentence, more=""):
    global tests, failures
    tests += 1
    failures += not good
    print("%sok %d - %s" % ("" if good else "not ", tests, sentence))
    if not good and more:
        print("".join("# %s\n" % line for line in str(more)[-3000:].split("\n")), end="")


def begin(args, wait, env=None, **more):
    term = Terminal(args, env={"NDR_DATA": None, "TMPDIR": folder, **(env or {})}, before=lambda: os.chdir(folder), **more)
    term.wait(wait)
    term.settle(0.1)
    term.keep = bytearray()
    return term


def shell(env=None, **more):
    return begin(["shell"], "ndr>", env, **more)


def say(term, keys, wait=None):
    """Types, and gives what came then."""
    term.keep.clear()
    term.send(keys)
    if wait:
        end = time.monotonic() + 10
        while wait.encode() not in term.keep and time.monotonic() < end and (term.take(0.05) or term.alive):
            pass
    term.settle(0.15)
    return bytes(term.keep).decode("utf-8", "replace")


def hold(term, command=LONG_PRINT):
    """The program prints more than fits: it stands in the middle of that."""
    term.keep.clear()
    term.send(command)
    time.sleep(0.3)


def ends_whole(term, sentence):
    took = term.end(5)
    ok(took is not None and term.is_whole(), sentence, (term.status, term.is_whole(), term.screen.text()))
    term.close()


def test_long_lines():
    text = b"To: " + b"x" * 20001 + b" " + REFUSAL + b"\r\r"
    term = shell({"TERM": "dumb"})
    out = say(term, text, "DANE")
    ok("Owner" in out and "tlsa-invalid" in out, "a line of 20 kB at the prompt loses nothing", out)
    hold(term)
    out = say(term, text, "Owner")
    ok("Owner" in out and "tlsa-invalid" in out, "nor between two prompts", out[-2000:])
    say(term, b"quit\r")
    ends_whole(term, "the terminal is whole afterwards")


def test_interrupt():
    term = shell()
    hold(term)
    out = say(term, b"\003", "Stopped.")
    whole = len(out)
    ok("Stopped." in out and out.rstrip().endswith("ndr>"), "Ctrl-C while something is printed goes back to the prompt", out[-300:])
    term.keep.clear()
    out = say(term, LONG_PRINT, "ndr>")
    ok(len(out) > whole, "the rest was not printed", (whole, len(out)))
    out = say(term, b"5.7.23\r", "Sender Policy")
    ok("Sender Policy" in out, "the next command is done", out)
    hold(term)
    out = say(term, b"\003trees\r", "Mail loop")
    ok("Mail loop" in out, "what is typed behind it counts", out)
    term.kill(signal.SIGINT)
    out = say(term, b"", "Ctrl-C again leaves")
    ok("Ctrl-C again leaves" in out, "SIGINT at the prompt is Ctrl-C", out)
    say(term, b"\003")
    ends_whole(term, "twice in a row is the end")
    term = begin(["--plain"], "Number:")
    out = say(term, b"3\r1\r\003", "Ctrl-C again")
    ok("Ctrl-C again leaves" in out, "in the menus it drops the line", out)
    out = say(term, b"h\r", "Home")
    ok("Home" in out, "and the talk goes on", out)
    say(term, b"q\r")
    ends_whole(term, "the terminal is whole afterwards")


def test_long_work():
    """Enough mails for a second; a machine that is done before Ctrl-C has nothing to stop."""
    path = os.path.join(folder, "mbox")
    with open(REPORT, "rb") as file:
        mail = b"From MAILER-DAEMON Thu Nov 26 09:12:00 2026\n" + file.read().replace(b"\nFrom ", b"\n>From ") + b"\n"
    with open(path, "wb") as file:
        for _ in range(16):
            file.write(mail * (4000000 // len(mail)))
    for command in (b"triage ", b"analyze --format ndjson --jobs 2 "):
        term = shell()
        term.keep.clear()
        term.send(command + path.encode() + b"\r")
        time.sleep(0.05)
        out = say(term, b"\003", "ndr>")
        done = b"Mails read" in out.encode() and "Stopped." not in out
        ok(done or ("Stopped." in out and out.rstrip().endswith("ndr>")), "Ctrl-C stops %s" % command.decode().split()[0], out[-500:])
        out = say(term, b"\0255.7.23\r", "Sender Policy")
        ok("Sender Policy" in out, "and the prompt is there", out)
        say(term, b"quit\r")
        ends_whole(term, "the terminal is whole afterwards")
    os.unlink(path)


def test_lines_at_once():
    for first in (b"list of recipients that failed:", b"quit", b"help", b"open", b"file " + REPORT.encode(), b"write x.txt"):
        term = shell({"TERM": "dumb"})
        out = say(term, first + b"\rorders@fabrikam.com\r" + REFUSAL + b"\r", "Owner")
        ok("tlsa-invalid" in out and term.alive and not os.path.exists(os.path.join(folder, "x.txt")),
           "a report that begins with \"%s\" is a report" % first.decode()[:20], out)
        term.close()
    term = shell({"TERM": "dumb"})
    hold(term)
    out = say(term, b"trees spf\rtrees dane\rwalk mx", "ndr> walk mx")
    ok("SPF failure" in out and "DANE" in out and out.rstrip().endswith("ndr> walk mx"),
       "commands that were typed ahead are done, the last one waits for Enter", out[-1000:])
    out = say(term, b"\025" + b"file " + REPORT.encode() + b"\rtrees\r", "ndr>")
    ok("orders@fabrikam.com" not in out, "none that touches a file", out)
    out = say(term, b"paste\r" + REFUSAL + b"\r.\r", "Owner")
    ok("tlsa-invalid" in out, "paste reads what follows it", out)
    say(term, b"quit\r")
    ends_whole(term, "the terminal is whole afterwards")
    for kind in ("dumb", "xterm"):
        term = shell({"TERM": kind})
        say(term, b"walk spf\r", "Answer:")
        out = say(term, b"1\r1\r", "Step 3")
        ok("Step 3" in out, "answers typed ahead are answers (%s)" % kind, out)
        out = say(term, b"u\ru\r", "Step 1")
        mark = (b"\033[200~", b"\033[201~") if kind == "xterm" else (b"", b"")
        out = say(term, mark[0] + b"Delivery has failed\r1\r1\rq\r" + mark[1], "Several lines are no answer")
        ok("Several lines are no answer" in out and "Step 2" not in out, "a report pasted at a question answers nothing (%s)" % kind, out)
        term.close()
    term = shell()
    out = say(term, b"\033[200~trees\rquit\r\033[201~", "ndr>")
    ok(term.alive and "SPF failure" not in out, "a marked paste runs nothing, whatever its lines", out)
    term.close()


def test_echo():
    for locale in ("C.UTF-8", "C"):
        for kind in ("dumb", "xterm-256color"):
            term = begin(["--plain"], "Number:", {"TERM": kind, "LC_ALL": locale})
            say(term, b"1\r", "single dot")
            term.keep.clear()
            for part in (b"a\x9b31mb\x85c\xff", b"d\xc2\x9bf", b"g\xc3", b"\xa4h", b"\xe5\xb7\xaei\xe2\x80\xae", b"\001\033]0;x\007"):
                term.send(part)
                term.settle(0.06)
            out = bytes(term.keep)
            text = out.decode("utf-8", "replace")
            bad = [c for c in text if c in "\ufffd\u202e" or (ord(c) < 32 and c not in "\r\n") or 127 <= ord(c) < 160]
            ok(not bad and "h" in text, "what is typed into a paste is echoed without a control (%s, %s)" % (locale, kind), repr(out))
            ok("\u00e4h\u5dee" in text if locale != "C" else max(out) < 128, "as characters of the charset", repr(out))
            say(term, b"\r.\r", "Number:")
            term.close()
    term = begin(["--plain"], "Number:", {"TERM": "dumb"})
    say(term, b"1\r", "single dot")
    out = say(term, b"a\xe5\xb7\xae\177\177b")
    ok("\b \b\b \b\b \bb" in out, "Backspace takes away as many cells as the character has", repr(out))
    term.close()


def test_harmless():
    """readline shows and obeys all that it gets."""
    for keys in (b"open \x9b31ma\xc2\x9bb\xe2\x80\xaec\xc3d\xff\xc3\xa9", b"\033[200~open a\x9b31m\xc2\x9b\x01b\x05\xe2\x80\xae\033]0;c\x07\xc3\xa9\033[201~"):
        term = shell()
        out = say(term, keys, "\u00e9")
        bad = [c for c in out.replace("\033[K", "") if c in "\ufffd\u202e" or (ord(c) < 32 and c not in "\r\n\b") or 127 <= ord(c) < 160]
        ok(not bad and "open" in out and "\u00e9" in out and "]0;" not in out.replace(" ]0;", ""),
           "at the prompt nothing of %r is a control" % keys, repr(out))
        term.close()


def test_charset_c():
    term = begin(["--plain"], "Number:", {"LC_ALL": "C", "NDR_DATA": KNOWLEDGE, "TERM": "xterm"})
    for keys in (b"8\r", b"3\r", b"1\r", b"1\r", b"h\r", b"wide\r", b"1\r", b"h\r", b"gr\xc3\xb6\xc3\x9fe\r", b"h\r", b"5\r", b"1\r", b"1\r", b"w\r", b"?\r", b"1\r"):
        out = say(term, keys)
        high = [byte for byte in term.keep if byte > 127]
        ok(not high, "no byte beyond ASCII behind %r where the locale has none" % keys, repr(out))
        if high:
            break
    term.close()


def test_ends():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGSEGV, signal.SIGABRT):
        for state in ("prompt", "printing", "paste"):
            term = shell()
            if state == "printing":
                hold(term)
            elif state == "paste":
                say(term, b"paste\r", "single dot")
            term.kill(number)
            took = term.end(5)
            ended = took is not None and os.WIFSIGNALED(term.status) and os.WTERMSIG(term.status) == number
            ok(ended and term.is_whole(), "%s, %s: ends by it, the terminal is whole" % (state, number.name),
               (took, term.status, term.is_whole()))
            term.close()
    for keys in (b"quit\r", b"\004", b"\003\003"):
        term = shell()
        say(term, keys)
        ends_whole(term, "%r: the terminal is whole" % keys)
    term = shell()
    term.send(b"trees\rquit\r")
    ends_whole(term, "an end while more was typed ahead: the terminal is whole")


def test_stop():
    for state in ("prompt", "printing"):
        term = shell()
        held = termios.tcgetattr(term.master)
        if state == "printing":
            hold(term)
        # A session of its own has nobody to stop for: the kernel leaves SIGTSTP out, SIGSTOP does the rest.
        term.kill(signal.SIGTSTP)
        time.sleep(0.1)
        term.settle(0.1)
        term.kill(signal.SIGCONT)
        out = say(term, b"\r5.7.23\r", "Sender Policy")
        ok("Sender Policy" in out, "%s: goes on behind a stop" % state, out[-500:])
        ok(termios.tcgetattr(term.master)[3] == held[3], "%s: with the same modes" % state)
        say(term, b"quit\r")
        ends_whole(term, "%s: whole at its end" % state)


def test_idle():
    if not os.path.exists("/proc/self/status"):
        return
    term = shell()
    for keys in (b"", b"tr", b"\025paste\r"):
        say(term, keys)
        term.settle(0.2)
        with open("/proc/%d/status" % term.pid, encoding="ascii") as file:
            before = re.search(r"^voluntary_ctxt_switches.*", file.read(), re.M)[0]
        quiet = not term.take(0.6)
        with open("/proc/%d/status" % term.pid, encoding="ascii") as file:
            after = re.search(r"^voluntary_ctxt_switches.*", file.read(), re.M)[0]
        ok(quiet and before == after, "idle behind %r: nothing is written, nothing wakes it" % keys, (before, after))
    term.close()


def main():
    try:
        for test in (test_long_lines, test_interrupt, test_long_work, test_lines_at_once, test_echo, test_harmless, test_charset_c, test_ends,
                     test_stop, test_idle):
            test()
    finally:
        shutil.rmtree(folder)
    print("1..%d" % tests)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())

"""Random keys, pastes, resizes and signals from a seed: no crash, no report of a sanitizer, the terminal whole at the
end, no answer lost.  Usage: torture.py EVENTS SEED; speaks TAP.  Meant for a program built with --enable-sanitize."""
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time

from terminal import SOURCE, Terminal

SAMPLES = [os.path.join(SOURCE, "tests", "samples", name) for name in ("dane.eml",)]
REPORTS = [os.path.join(SOURCE, "tests", "reports", name) for name in sorted(os.listdir(os.path.join(SOURCE, "tests", "reports")))
           if name.endswith(".eml")]
SPECIAL = [b"\r", b"\033", b"\t", b"\033[Z", b"\033OA", b"\033OB", b"\033OC", b"\033OD", b"\033OH", b"\033OF", b"\033[5~",
           b"\033[6~", b"\033OP", b"\177", b"\033[3~", b"\033[1~", b"\033[11~", b"\033b", b"\033f", b"\033\177"]
LIKELY = [b"j", b"k", b"\r", b"1", b"2", b"3", b"u", b"x", b"n", b"m", b"t", b"p", b"/", b":", b"?", b"e", b"i", b"o", b"s", b"y",
          b"Y", b"H", b"A", b"\t", b"[", b"]", b"-", b"h", b"l", b"g", b"G", b" ", b"\033", b"q"]
WORDS = [b"dane", b"5.7.23", b"walk spf", b"open 5.7.1", b"saved", b"trees", b"home", b"set theme mono", b"help", b"mailbox full",
         "\u5dee\u51fa\u4eba \u00e4".encode(), b"\xff\xfe", b"%s%n", b"550 5.1.10 <a@example.com>", b"triage /nonexistent"]
ODD = [b"\033[200~", b"\033[201~", b"\033]0;x\007", b"\033P1$r\033\\", b"\033[?62;c", b"\033[999;999R", b"\xc3", b"\xc2\x9b", b"\000",
       b"\x13\x11", b"\033[<0;3;4M", b"\033[<0;3;4m", b"\033[<64;3;4M"]


def random_text(rng):
    if rng.random() < 0.5:
        with open(rng.choice(REPORTS + SAMPLES * 20), "rb") as file:
            return file.read()[:rng.choice((200, 4000, 60000))].replace(b"\n", b"\r")
    size = rng.choice((1, 10, 300, 5000))
    return bytes(rng.choice(b"abc 5.7@<>\r\n\t:;=?\xc3\xa4\xe2\x82\xac\x01\x9b") for _ in range(size))


class Torture:
    def __init__(self, rng, state):
        self.rng = rng
        self.state = state
        self.term = None
        self.runs = 0
        self.problems = []
        self.stopped = False
        self.history = []

    def tell(self, problem):
        self.problems.append(problem)
        print("# " + problem.replace("\n", "\n# "), flush=True)

    def start(self):
        args = self.rng.choice(([], [], self.rng.sample(REPORTS, 1), [SAMPLES[0]], ["--theme", "mono"], ["--restricted"], ["--plain"], ["shell"]))
        self.runs += 1
        self.history = [repr(args)]
        self.term = Terminal(args, self.state, cols=self.rng.choice((80, 120, 40)), rows=self.rng.choice((24, 40, 10)),
                             env={"TMPDIR": self.state}, before=lambda: os.chdir(self.state))
        self.term.take(5)
        self.term.settle(0.05)

    def check_end(self):
        """The program has ended: well, or is that a fault?"""
        self.term.end(5)
        status = self.term.status
        by_signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
        if by_signal not in (0, signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL) or code:
            self.tell("ended by signal %d, status %d; last events: %s" % (by_signal, code, self.history[-30:]))
        elif by_signal != signal.SIGKILL and not self.term.is_whole():
            self.tell("terminal not whole after signal %d, status %d; last events: %s" %
                                 (by_signal, code, self.history[-30:]))
        self.term.close()
        self.term = None

    def event(self):
        """One event; what it was."""
        rng, term = self.rng, self.term
        kind = rng.random()
        if kind < 0.55:
            key = rng.choice(LIKELY)
        elif kind < 0.70:
            key = rng.choice(SPECIAL)
        elif kind < 0.78:
            key = bytes([rng.choice([n for n in range(1, 27) if n not in (19, 26)])])
        elif kind < 0.84:
            key = bytes([rng.randint(32, 126)])
        elif kind < 0.89:
            key = rng.choice(WORDS) + rng.choice((b"", b"\r"))
        elif kind < 0.91:
            key = rng.choice(ODD)
        elif kind < 0.935:
            key = b"\033[200~" + random_text(rng) + b"\033[201~"
        elif kind < 0.94:
            key = random_text(rng)
        elif kind < 0.975:
            cols, rows = rng.choice(((80, 24), (120, 40), (40, 10), (1, 1), (39, 7), (300, 100), (rng.randint(1, 200), rng.randint(1, 80))))
            term.size(cols, rows)
            return "size %dx%d" % (cols, rows)
        elif kind < 0.985:
            term.kill(signal.SIGWINCH)
            return "WINCH"
        elif kind < 0.996:
            term.kill(signal.SIGSTOP)
            time.sleep(0.005)
            term.kill(signal.SIGCONT)
            return "STOP CONT"
        else:
            number = rng.choice((signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))
            term.kill(number)
            return signal.Signals(number).name
        term.send(key)
        return repr(key[:60])

    def run(self, events):
        for number in range(events):
            if self.term is None:
                self.start()
            self.history.append(self.event())
            if not self.term.take(0.0 if self.rng.random() < 0.3 else 0.02) and self.rng.random() < 0.02:
                self.term.settle(0.1)
            if not self.term.alive:
                self.check_end()
            if len(self.problems) >= 5:
                break
            if number % 1000 == 999:
                print("# %d events, %d runs, %d problems" % (number + 1, self.runs, len(self.problems)), flush=True)
        if self.term:
            self.leave()
        return number + 1

    def leave(self):
        self.term.settle(0.3)
        self.term.kill(signal.SIGTERM)
        if self.term.end(20) is None:
            self.tell("does not end; last events: %s\n%s" % (self.history[-30:], self.term.screen.text()))
            self.term.close()
            self.term = None
            return
        self.check_end()


def reports_of_sanitizers(folder):
    texts = []
    for name in sorted(os.listdir(folder)):
        if name.startswith("san."):
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                texts.append(file.read()[:4000])
    return texts


def store_is_whole(state):
    path = os.path.join(state, "ndr", "ndr.db")
    if not os.path.exists(path):
        return True, 0
    base = sqlite3.connect(path)
    whole = base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    gaps = base.execute("SELECT count(*) FROM (SELECT walk, count(*) c, max(nr) m FROM answer GROUP BY walk) WHERE c != m + 1").fetchone()[0]
    walks = base.execute("SELECT count(*) FROM walk").fetchone()[0]
    base.close()
    return whole and gaps == 0, walks


def main():
    events, seed = int(sys.argv[1]), int(sys.argv[2])
    state = tempfile.mkdtemp(prefix="ndr-torture.")
    log = os.path.join(state, "san")
    # A search in the history that is given up (Alt-P, Ctrl-G) loses a few bytes inside of readline.
    with open(os.path.join(state, "lost-by-readline"), "w", encoding="ascii") as file:
        file.write("leak:rl_add_undo\nleak:_rl_scxt_alloc\n")
    os.environ["LSAN_OPTIONS"] = "print_suppressions=0:suppressions=" + file.name
    os.environ["ASAN_OPTIONS"] = "log_path=%s:detect_leaks=1:fast_unwind_on_malloc=0:abort_on_error=0:exitcode=77" % log
    os.environ["UBSAN_OPTIONS"] = "log_path=%s:print_stacktrace=1:exitcode=77" % log
    os.environ["HOME"] = state
    torture = Torture(random.Random(seed), state)
    done = torture.run(events)
    reports = reports_of_sanitizers(state)
    whole, walks = store_is_whole(state)
    shutil.rmtree(state)
    for text in reports[:3]:
        print("".join("# %s\n" % line for line in text.split("\n")), end="")
    print("# seed %d: %d events, %d runs, %d walks in the store" % (seed, done, torture.runs, walks))
    results = ((not torture.problems, "%d random events: no crash, no odd end, the terminal whole" % done),
               (not reports, "no report of a sanitizer, no leak"), (whole, "the store is whole"))
    for number, (good, sentence) in enumerate(results, 1):
        print("%sok %d - %s" % ("" if good else "not ", number, sentence))
    print("1..3")
    return not all(good for good, _ in results)


if __name__ == "__main__":
    sys.exit(main())

"""How long a pasted megabyte takes from its first byte to the frame behind its last one: paste.py PROGRAM.  Prints figures,
judges nothing; the floor is a program that only reads it."""
import os
import select
import statistics
import sys
import time

ROUNDS = 9
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
os.environ["NDR_PROGRAM"] = os.path.abspath(sys.argv[1])
os.environ["NDR_SRCDIR"] = SOURCE
os.environ["TERM"] = "xterm-256color"
sys.path.insert(0, os.path.join(SOURCE, "tests", "deep"))
import terminal  # noqa: E402

READER = "import os, tty\ntty.setraw(0)\nprint('Home', flush=True)\nleft = 1000012\nwhile left > 0: left -= len(os.read(0, 65536))\nprint('Recognized', flush=True)"


def took(args, data):
    term = terminal.Terminal(args)
    term.wait("Home")
    term.settle(0.1)
    rest = memoryview(b"\033[200~" + data + b"\033[201~")
    seen = b""
    start = time.monotonic()
    while b"Recognized" not in seen:
        ready, free, _ = select.select([term.master], [term.master] if rest else [], [], 10)
        if free:
            rest = rest[os.write(term.master, rest[:65536]):]
        seen += os.read(term.master, 65536) if ready else b""
        if not ready and not free:
            break
    spent = time.monotonic() - start
    term.close()
    return spent * 1000


def main():
    with open(os.path.join(SOURCE, "tests", "samples", "dane.eml"), "rb") as file:
        mail = file.read().replace(b"\n", b"\r")
    data = (mail * (1000000 // len(mail) + 1))[:1000000]
    program = terminal.PROGRAM
    for name, run, args in (("floor: 1 MB pasted into a reader", sys.executable, ["-c", READER]), ("1 MB pasted on the screen", program, [])):
        terminal.PROGRAM = run
        print("%-44s%.1f ms" % (name, statistics.median(took(args, data) for _ in range(ROUNDS))))


if __name__ == "__main__":
    main()

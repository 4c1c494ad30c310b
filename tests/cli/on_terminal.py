"""Runs a command on a pseudo terminal of 80 by 24 (or ROWSxCOLS of ON_SIZE), types ON_KEYS and then q until it ends, prints
what it wrote.  Its exit status is that of the command."""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time


def main():
    pid, terminal = pty.fork()
    quiet = float(os.environ.pop("ON_QUIET", "0.4"))  # seconds without output before a key
    rows, cols = map(int, os.environ.pop("ON_SIZE", "24x80").split("x"))
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        os.execvp(sys.argv[1], sys.argv[1:])
    typed = os.environ.pop("ON_KEYS", "").encode().decode("unicode_escape").encode("latin-1")
    written = b""
    end = time.time() + 10
    while time.time() < end:
        ready, _, _ = select.select([terminal], [], [], quiet)
        try:
            if not ready and typed:
                os.write(terminal, typed)
                typed = b""
                continue
            if not ready:
                os.write(terminal, b"q\r" if os.environ.get("TERM") == "dumb" else b"q")
                continue
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        written += part
    else:
        os.kill(pid, 9)
    _, status = os.waitpid(pid, 0)
    sys.stdout.buffer.write(written)
    sys.exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


main()

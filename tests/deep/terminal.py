"""The program on a pseudo-terminal of its own, as the tests of this folder need it."""
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "screen"))
from model import Screen  # noqa: E402

PROGRAM = os.environ["NDR_PROGRAM"]
WINDOW_MAX = 1000
SOURCE = os.environ["NDR_SRCDIR"]


def is_busy(pid):
    """Whether the process or a child of it has work to do, not counting what it waits for.  False where nobody tells."""
    try:
        with open("/proc/%d/stat" % pid, encoding="latin-1") as file:
            state = file.read().rpartition(")")[2].split()[0]
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
            children = file.read().split()
    except (OSError, IndexError):
        return False
    return state in "RD" or any(is_busy(int(child)) for child in children)


class Terminal:
    """One run.  `alive` until it has ended; `status` is then what waitpid() gave.  Without `state` it has a folder of its own
    for that: two tests that run at the same time must not find each other's walks."""

    def __init__(self, args, state=None, cols=80, rows=24, env=None, ignored=(), before=None):
        self.screen = Screen(min(cols, WINDOW_MAX) or 80, min(rows, WINDOW_MAX) or 24)
        self.output = 0
        self.keep = None  # a bytearray gets all output
        self.status = None
        self.paste_on = False
        self.folder = None if state else tempfile.mkdtemp(prefix="ndr-state.")
        environ = {**os.environ, "XDG_STATE_HOME": state or self.folder, **(env or {})}
        environ = {name: value for name, value in environ.items() if value is not None}
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.found = termios.tcgetattr(slave)
        self.master = master
        self.pid = os.fork()
        if self.pid == 0:
            os.close(master)
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for target in (0, 1, 2):
                os.dup2(slave, target)
            for number in (signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(number, signal.SIG_DFL)  # python ignores them
            for number in ignored:
                signal.signal(number, signal.SIG_IGN)
            if before:
                before()
            os.execvpe(PROGRAM, [PROGRAM, *args], environ)
        os.close(slave)
        os.set_blocking(master, False)

    @property
    def alive(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
        return self.status is None

    def take(self, seconds):
        """Reads what comes within that time at most; true when something did."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.output += len(data)
        if self.keep is not None:
            self.keep += data
        self.screen.feed(data)
        return bool(data)

    def settle(self, quiet=0.04, limit=10.0):
        """Reads until nothing comes for that time, on a machine with other work too: a program that has something to do is not done."""
        end = time.monotonic() + limit
        while time.monotonic() < end and (self.take(quiet) or is_busy(self.pid)):
            pass

    def wait(self, text, limit=10.0):
        end = time.monotonic() + limit
        while text not in self.screen.text():
            if time.monotonic() > end or (not self.take(0.05) and not self.alive):
                self.take(0.05)
                return text in self.screen.text()
        return True

    def send(self, data, limit=20.0):
        end = time.monotonic() + limit
        while data and time.monotonic() < end:
            try:
                data = data[os.write(self.master, data):]
            except BlockingIOError:
                self.take(0.01)
            except OSError:
                return

    def size(self, cols, rows):
        if cols and rows:  # else the size is unknown, and nothing changes
            self.screen.resize(min(cols, WINDOW_MAX), min(rows, WINDOW_MAX))
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def kill(self, number):
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass

    def end(self, limit=10.0):
        """Waits for the end; how long that took, or None when it never came."""
        start = time.monotonic()
        while self.alive:
            if time.monotonic() - start > limit:
                return None
            self.take(0.002)
        took = time.monotonic() - start
        while self.take(0.02):
            pass
        return took

    def is_whole(self):
        """Whether the terminal was given back as it was found."""
        now = termios.tcgetattr(self.master)
        modes = self.screen.modes & {1, 1000, 1002, 1006, 2004}
        return now[:4] == self.found[:4] and not modes and self.screen.other is None

    def close(self):
        if self.master >= 0:
            os.close(self.master)
            self.master = -1
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
            _, self.status = os.waitpid(self.pid, 0)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

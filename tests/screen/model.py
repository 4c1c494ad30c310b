"""A second model of a terminal, written from the manuals and not from libvterm: the sequences that ndr sends under
the terminal types of the tests, nothing more.  What it does not know counts as a fault.

As a program: model.py LOG replays what the harness wrote (NDR_SCREEN_LOG) and compares, wherever the harness looked,
its own screen with that of libvterm.  Prints one line for each difference; status 1 when there is one."""
import re
import sys
import unicodedata

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
DEC_GRAPHICS = dict(zip("jklmnqtuvwx", "┘┐┌└┼─├┤┴┬│"))


def width(char):
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


class Screen:
    def __init__(self, cols, rows):
        self.cols, self.rows = cols, rows
        self.unknown = []
        self.modes = set()
        self.pending = b""
        self.shift = False
        self.charsets = ["B", "B"]
        self.saved = (0, 0)
        self.other = None
        self.last = ""
        self.overruns = 0  # characters that did not fit in their line
        self.clear()

    def clear(self):
        self.cells = [self.blank() for _ in range(self.rows)]
        self.row = self.col = 0
        self.wraps = False
        self.top, self.bottom = 0, self.rows - 1

    def blank(self):
        return [" "] * self.cols

    def resize(self, cols, rows):
        self.cells = [(line + [" "] * cols)[:cols] for line in self.cells[:rows]]
        self.cols, self.rows = cols, rows
        while len(self.cells) < rows:
            self.cells.append(self.blank())
        self.row, self.col = min(self.row, rows - 1), min(self.col, cols - 1)
        self.top, self.bottom = 0, rows - 1
        self.wraps = False

    def text(self):
        return "".join("".join(line).rstrip(" ") + "\n" for line in self.cells)

    # --- characters ---

    def put(self, char):
        cells = width(char)
        charset = self.charsets[1 if self.shift else 0]
        if charset == "0":
            char = DEC_GRAPHICS.get(char, char)
        if cells == 0:
            at = self.col - (0 if self.wraps else 1)
            if at >= 0:
                while at > 0 and self.cells[self.row][at] == "":
                    at -= 1
                self.cells[self.row][at] += char
            return
        if cells > self.cols:
            return
        if self.wraps or self.col + cells > self.cols:
            self.overruns += 1
            if "7-off" not in self.modes:
                self.col = 0
                self.line_feed()
            else:
                self.col = self.cols - cells
        line = self.cells[self.row]
        self.unpair(line, self.col)
        line[self.col] = char
        if cells == 2:
            self.unpair(line, self.col + 1)
            line[self.col + 1] = ""
        self.last = char
        self.wraps = self.col + cells >= self.cols
        self.col = min(self.col + cells, self.cols - 1)

    def unpair(self, line, at):
        """Half of a wide character cannot stay."""
        if line[at] == "" and at > 0:
            line[at - 1] = " "
        if at + 1 < self.cols and line[at + 1] == "" and line[at] != "":
            line[at + 1] = " "

    def line_feed(self):
        self.wraps = False
        if self.row == self.bottom:
            del self.cells[self.top]
            self.cells.insert(self.bottom, self.blank())
        elif self.row < self.rows - 1:
            self.row += 1

    def reverse_feed(self):
        self.wraps = False
        if self.row == self.top:
            del self.cells[self.bottom]
            self.cells.insert(self.top, self.blank())
        elif self.row > 0:
            self.row -= 1

    def control(self, byte):
        if byte == 8:
            self.col = max(self.col - 1, 0)
        elif byte == 9:
            self.col = min((self.col // 8 + 1) * 8, self.cols - 1)
        elif byte in (10, 11, 12):
            self.line_feed()
        elif byte == 13:
            self.col = 0
        elif byte in (14, 15):
            self.shift = byte == 14
        self.wraps = False if byte in (8, 9, 13) else self.wraps

    # --- sequences ---

    def move(self, row=None, col=None):
        self.wraps = False
        if row is not None:
            self.row = min(max(row, 0), self.rows - 1)
        if col is not None:
            self.col = min(max(col, 0), self.cols - 1)

    def erase(self, row, start, end):
        for col in range(max(start, 0), min(end, self.cols)):
            self.unpair(self.cells[row], col)
            self.cells[row][col] = " "

    def erase_screen(self, how):
        if how == 0:
            self.erase(self.row, self.col, self.cols)
            below = range(self.row + 1, self.rows)
        elif how == 1:
            self.erase(self.row, 0, self.col + 1)
            below = range(0, self.row)
        else:
            below = range(0, self.rows)
        for row in below:
            self.cells[row] = self.blank()

    def erase_line(self, how):
        start, end = {0: (self.col, self.cols), 1: (0, self.col + 1), 2: (0, self.cols)}[how]
        self.erase(self.row, start, end)

    def shift_lines(self, at, count):
        """Down when count is positive, from row `at` to the end of the region."""
        for _ in range(min(abs(count), self.bottom - at + 1)):
            del self.cells[self.bottom if count > 0 else at]
            self.cells.insert(at if count > 0 else self.bottom, self.blank())

    def shift_cells(self, count):
        line = self.cells[self.row]
        if count > 0:
            line[self.col:self.col] = [" "] * count
        else:
            del line[self.col:self.col - count]
        self.cells[self.row] = (line + [" "] * self.cols)[:self.cols]

    def private_mode(self, number, on):
        if number == 1049:
            if on:
                self.other = (self.cells, self.row, self.col)
                self.clear()
            elif self.other:
                self.cells, self.row, self.col = self.other
                self.other = None
                self.resize(self.cols, self.rows)
        elif number == 7:
            (self.modes.discard if on else self.modes.add)("7-off")
        elif number in (1, 12, 25, 1000, 1002, 1006, 1034, 2004, 34, 1005, 1015, 47, 4):
            (self.modes.add if on else self.modes.discard)(number)
        else:
            self.unknown.append("?%d%s" % (number, "h" if on else "l"))

    def csi(self, private, numbers, final):
        first = numbers[0] if numbers and numbers[0] else 0
        count = max(first, 1)
        simple = {
            "A": lambda: self.move(row=self.row - count), "B": lambda: self.move(row=self.row + count),
            "C": lambda: self.move(col=self.col + count), "D": lambda: self.move(col=self.col - count),
            "G": lambda: self.move(col=count - 1), "d": lambda: self.move(row=count - 1),
            "J": lambda: self.erase_screen(first), "K": lambda: self.erase_line(first),
            "X": lambda: self.erase(self.row, self.col, self.col + count),
            "L": lambda: self.shift_lines(self.row, count), "M": lambda: self.shift_lines(self.row, -count),
            "S": lambda: self.shift_lines(self.top, -count), "T": lambda: self.shift_lines(self.top, count),
            "@": lambda: self.shift_cells(count), "P": lambda: self.shift_cells(-count),
            "b": lambda: [self.put(self.last) for _ in range(count)],
            "m": lambda: None, "t": lambda: None, "c": lambda: None, "q": lambda: None,
            "Z": lambda: self.move(col=(self.col - 1) // 8 * 8),
        }
        if private and final in "hl":
            for number in numbers:
                self.private_mode(number, final == "h")
        elif final in "Hf":
            self.move(count - 1, (numbers[1] if len(numbers) > 1 and numbers[1] else 1) - 1)
        elif final == "r":
            end = numbers[1] if len(numbers) > 1 and numbers[1] else self.rows
            self.top, self.bottom = count - 1, min(end, self.rows) - 1
            if self.top >= self.bottom:  # of a size that is no more
                self.top, self.bottom = 0, self.rows - 1
            self.move(0, 0)
        elif final in "hl" and numbers == [4]:
            if final == "h":
                self.unknown.append("insert mode")
        elif final in simple and not private:
            simple[final]()
        elif not (private and final in "cmnq"):
            self.unknown.append("CSI %s%s%s" % (private, numbers, final))

    def escape(self, data, at):
        """One sequence from data[at] on (behind the ESC); where it ends, or None when it is not whole yet."""
        if at >= len(data):
            return None
        kind = chr(data[at])
        if kind == "[":
            end = at + 1
            while end < len(data) and not 0x40 <= data[end] <= 0x7E:
                end += 1
            if end >= len(data):
                return None
            body = data[at + 1:end].decode("ascii", "replace")
            private = body[0] if body and body[0] in "?>=<" else ""
            numbers = [int(n) if n.isdigit() else 0 for n in body[len(private):].split(";")]
            self.csi(private, numbers, chr(data[end]))
            return end + 1
        if kind == "]" and data[at + 1:at + 2] == b"R":  # the console's colors anew: it has no end
            return at + 2
        if kind in "]PX^_":
            for end in range(at + 1, len(data)):
                if data[end] == 7:
                    return end + 1
                if data[end] == 0x5C and data[end - 1] == 0x1B:
                    return end + 1
            return None
        if kind in "()*+":
            if at + 1 >= len(data):
                return None
            if kind in "()":
                self.charsets["()".index(kind)] = chr(data[at + 1])
            return at + 2
        if kind in "#%":
            return at + 2 if at + 1 < len(data) else None
        if kind == "7":
            self.saved = (self.row, self.col)
        elif kind == "8":
            self.move(*self.saved)
        elif kind == "M":
            self.reverse_feed()
        elif kind == "D":
            self.line_feed()
        elif kind == "E":
            self.col = 0
            self.line_feed()
        elif kind == "c":
            self.clear()
        elif kind not in "=>Hlmg\\":
            self.unknown.append("ESC " + kind)
        return at + 1

    def feed(self, data):
        data = self.pending + data
        self.pending = b""
        at = 0
        while at < len(data):
            byte = data[at]
            if byte == 0x1B:
                end = self.escape(data, at + 1)
                if end is None:
                    self.pending = data[at:]
                    return
                at = end
            elif byte < 0x20 or byte == 0x7F:
                self.control(byte)
                at += 1
            else:
                size = 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
                if at + size > len(data):
                    self.pending = data[at:]
                    return
                self.put(data[at:at + size].decode("utf-8", "replace")[0])
                at += size


def records(path):
    with open(path, "rb") as file:
        while True:
            head = file.readline()
            if not head:
                return
            kind, *numbers = head.decode("ascii").split()
            body = file.read(int(numbers[0])) if kind in "KOS" else b""
            yield kind, [int(n) for n in numbers], body


def compare(path):
    screen = None
    looks = differences = 0
    for kind, numbers, body in records(path):
        if kind == "N":
            screen = Screen(*numbers)
        elif kind == "R":
            screen.resize(*numbers)
        elif kind == "O":
            screen.feed(body)
        elif kind == "S":
            looks += 1
            theirs, ours = (TIME.sub("0000-00-00 00:00", text).split("\n") for text in (body.decode("utf-8"), screen.text()))
            for row, pair in enumerate(zip(theirs, ours)):
                if pair[0].rstrip() != pair[1].rstrip():
                    differences += 1
                    print("look %d, row %d:\n  libvterm |%s|\n  model    |%s|" % (looks, row, *pair))
        if screen and screen.unknown:
            differences += 1
            print("unknown sequences: %s" % screen.unknown[:5])
            screen.unknown = []
    print("%d looks, %d differences" % (looks, differences))
    return differences == 0


if __name__ == "__main__":
    sys.exit(not compare(sys.argv[1]))

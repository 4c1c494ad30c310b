"""Recordings in asciicast v2, made from what the harness wrote (NDR_SCREEN_LOG) and played in the model of a terminal.

    cast.py make LOG       prints the recording: what came after each key, and after the last screen that was looked
                           at, behind a mark "end", how the program left the terminal
    cast.py check CAST     checks its form, and that it holds nothing of the machine it was made on
    cast.py last CAST      prints the last screen
    cast.py shown CAST     prints all screens

Times are made up, so that the same program gives the same recording."""
import json
import re
import sys

from model import Screen, records

FIRST, PAUSE = 1.0, 2.5  # seconds before what a key brings: time to read
# Paths and names of a machine.
PERSONAL = re.compile(r"/(home|root|tmp|usr|work)/|\b[\w.-]+@[\w-]+(\.local|\.lan)\b")


def make(log):
    size, steps, kept = None, [["", b""]], 1  # the name of each key, and what it brought
    for kind, numbers, body in records(log):
        if kind == "N":
            size = numbers
        elif kind == "K":
            steps.append([body.decode("utf-8"), b""])
        elif kind == "O":
            steps[-1][1] += body
        elif kind == "S":
            kept = len(steps)
    steps[kept:] = [["end", b"".join(output for _, output in steps[kept:])]]
    print(json.dumps({"version": 2, "width": size[0], "height": size[1], "title": "ndr: from a bounce to what to do",
                      "env": {"TERM": "xterm-256color"}}))
    time = FIRST
    for name, output in steps:
        if name:
            time += PAUSE
            print(json.dumps([time, "m", name]))
        print(json.dumps([time, "o", output.decode("utf-8")], ensure_ascii=False))


def read(cast):
    with open(cast, encoding="utf-8") as file:
        header, *events = [json.loads(line) for line in file]
    return header, events


def faults(cast):
    header, events = read(cast)
    if header.get("version") != 2 or not all(isinstance(header.get(key), int) for key in ("width", "height")):
        yield "the header is not that of version 2"
    if "timestamp" in header or set(header.get("env", {})) - {"TERM"}:
        yield "the header tells of the machine"
    before = 0.0
    for number, event in enumerate(events):
        if len(event) != 3 or event[1] not in ("o", "m") or not isinstance(event[2], str):
            yield "event %d is none" % number
        elif event[0] < before:
            yield "event %d comes before the one before" % number
        elif PERSONAL.search(event[2]):
            yield "event %d: %s" % (number, PERSONAL.search(event[2]).group(0))
        before = event[0]
    if not any(kind == "o" for _, kind, _ in events):
        yield "nothing is shown"


def play(cast, each=lambda screen: None):
    header, events = read(cast)
    screen = Screen(header["width"], header["height"])
    for _, kind, text in events:
        if (kind, text) == ("m", "end"):
            break
        if kind == "o":
            screen.feed(text.encode("utf-8"))
            each(screen)
    return screen


def main(job, path):
    if job == "make":
        make(path)
    elif job == "check":
        found = list(faults(path))
        print("\n".join(found) or "no fault")
        return bool(found)
    elif job == "last":
        print(play(path).text(), end="")
    elif job == "shown":
        play(path, lambda screen: print(screen.text()))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

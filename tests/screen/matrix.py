"""Every place in every size, terminal type and charset: what has to hold on each of them, instead of a stored screen.
Speaks TAP.  Needs NDR_PROGRAM and NDR_SRCDIR; an argument names one terminal type to run alone."""
import multiprocessing
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "deep"))
from terminal import SOURCE, Terminal  # noqa: E402

SIZES = ((80, 24), (120, 40), (40, 10))
TYPES = ("xterm-256color", "tmux-256color", "screen", "linux", "vt100")
LOCALES = ("C.UTF-8", "C")
LIMIT = 8.0

# Place, keys that lead there from the one before, what the first line names it.
REPORT = "550 5.7.323 tlsa-invalid: The domain failed DANE validation; 550 5.1.10 Recipient not found\n"
PLACES = (
    ("diagnosis", (), "Diagnosis"),
    ("full text", ("\t",), "Full text"),
    ("lines", ("q", "e"), "Report"),
    ("other causes", ("q", "o"), "Causes"),
    ("hops", ("q", "H"), "Hops"),
    ("authentication", ("q", "A"), "Authentication"),
    ("walk", ("q", "\r"), "step "),
    ("outcome", ("2", "1"), "outcome"),
    ("message", ("m",), "Text for the "),
    ("home", ("q", "q", "q"), "Home"),
    ("list", ("\t",), "Home"),
    ("entry", ("j", "\r"), "5.1.10"),
    ("search", ("q", "/", "tlsa"), "Search"),
    ("paste", ("\033", "p"), "Paste"),
    ("trees", ("\033", "t"), "Trees"),
    ("tree", ("\r",), "DANE check failed"),
    ("saved walks", ("q", "q", ":saved", "\r"), "Saved walks"),
    ("triage", ("q", ":triage box", "\r"), "Triage"),
    ("help", ("q", "?"), "Keys"),
    ("prompt", ("q", ":tre"), "Home"),
)
PROMPTS = {"search": "/tlsa", "prompt": ":tre"}
GARBAGE = ("\ufffd", "<FF>", "<E2>", "\x1b", "^[", "lqqk", "qqqq")


def faults_of(term, place, title, is_utf8, raw):
    """What is wrong with the screen as it stands."""
    lines = term.screen.text().split("\n")[:-1]
    first, rule, last = lines[0], lines[1], lines[-1]
    faults = []
    if not first.startswith(" ndr "):
        faults.append("the first line is no title line: |%s|" % first)
    if title[:9] not in first:
        faults.append("the first line does not name the place: |%s|" % first)
    wanted = "\u2500" if is_utf8 else "-"
    if rule != wanted * term.screen.cols:
        faults.append("no rule below the title: |%s|" % rule)
    if place in PROMPTS:
        good = last.startswith(" " + PROMPTS[place]) or last.startswith(PROMPTS[place])
    else:
        good = last.rstrip().endswith("help") or (place == "help" and "close" in last)
    if not good:
        faults.append("no footer: |%s|" % last)
    if term.screen.overruns:
        faults.append("%d characters beyond the right edge" % term.screen.overruns)
    if not is_utf8 and any(byte > 127 for byte in raw):
        faults.append("bytes above 127 in a locale that has none")
    for line in lines:
        known = "Wide" in line or place in ("home", "list", "trees")  # an entry of the tests has wide characters
        if "??" in line and (is_utf8 or not known):
            faults.append("question marks: |%s|" % line)
        faults += ["garbage %r: |%s|" % (text, line) for text in GARBAGE if text in line]
    if term.screen.unknown:
        faults.append("unknown sequences: %s" % term.screen.unknown)
    if not 0 <= term.screen.row < term.screen.rows:
        faults.append("the cursor is outside")
    return faults


def run(job):
    """All places of one combination; the results as (good, sentence, faults)."""
    (cols, rows), name, locale = job
    results = []
    state = tempfile.mkdtemp(prefix="ndr-matrix.")
    os.makedirs(os.path.join(state, "box"))
    report = os.path.join(state, "report.txt")
    with open(report, "w", encoding="ascii") as file:
        file.write("Delivery has failed to these recipients:\n\norders@fabrikam.com\n\n" + REPORT)
    for mail in ("a", "b"):
        shutil.copy(os.path.join(SOURCE, "tests", "samples", "dane.eml"), os.path.join(state, "box", mail + ".eml"))
    term = Terminal([report], state, cols, rows, before=lambda: os.chdir(state),
                    env={"TERM": name, "LC_ALL": locale, "NDR_DATA": os.path.join(SOURCE, "tests", "screen", "knowledge")})
    term.keep = bytearray()
    for place, keys, title in PLACES:
        for key in keys:
            if key == "\033":
                term.settle(0.03)
            term.send(key.encode())
            term.take(2)
            term.settle(0.12 if key == "\033" else 0.03)
        term.wait(title, LIMIT)
        term.settle(0.03)
        faults = faults_of(term, place, title, locale != "C", bytes(term.keep))
        term.keep.clear()
        results.append((not faults, "%s, %dx%d, %s, %s" % (place, cols, rows, name, locale), faults + [term.screen.text()]))
    term.send(b"\033")
    term.settle(0.12)
    term.send(b"q")
    took = term.end(5)
    whole = took is not None and term.status == 0 and term.is_whole()
    results.append((whole, "leaves, %dx%d, %s, %s" % (cols, rows, name, locale), [term.screen.text()]))
    term.close()
    shutil.rmtree(state)
    return results


def main():
    types = sys.argv[1:] or TYPES
    jobs = [(size, name, locale) for name in types for size in SIZES for locale in LOCALES]
    number = failures = 0
    with multiprocessing.Pool(4) as pool:
        for results in pool.imap(run, jobs):
            for good, sentence, faults in results:
                number += 1
                failures += not good
                print("%sok %d - %s" % ("" if good else "not ", number, sentence))
                if not good:
                    print("".join("# %s\n" % line for fault in faults for line in fault.split("\n")), end="")
    print("1..%d" % number)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())

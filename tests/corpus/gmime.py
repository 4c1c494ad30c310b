"""Compares how ndr and GMime split mails into parts and decode their text.

    gmime.py PROGRAM [--all] [FILE|FOLDER]...

PROGRAM is tests/corpus/gmime of the build.  The mails and the changed copies of them are those of differential.py.
A difference is of a kind in KINDS, where the reason stands, or a fault: then the status is 1.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

from differential import mails_in, mutants

Case = collections.namedtuple("Case", "name data gmime ndr what one other")


def without_headers(parts):
    """ndr lists the message that text/rfc822-headers stands for; GMime has no such thing."""
    kept, inside = [], None
    for part in parts:
        inside = None if inside is not None and part["depth"] <= inside else inside
        if inside is None:
            kept.append(part)
            inside = part["depth"] if part["type"] == "text/rfc822-headers" else None
    return kept


def tree(parts):
    return [(part["depth"], part["type"]) for part in parts]


def plain(text):
    """Text without what line ends and the end of a part change."""
    return re.sub(r"[ \t]*\n", "\n", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def compare(gmime, ndr):
    if tree(gmime) != tree(ndr):
        return [("tree", tree(gmime), tree(ndr))]
    return [("text", plain(one["text"]), plain(other["text"])) for one, other in zip(gmime, ndr)
            if one["text"] is not None and other["text"] is not None and plain(one["text"]) != plain(other["text"])]


def unclosed(parts):
    """Multiparts without any part become text."""
    return [(depth, "text/plain" if kind.startswith("multipart/") and parts[n + 1:n + 2] < [(depth + 1, "")] else kind)
            for n, (depth, kind) in enumerate(parts)]


def without_empty(parts):
    return tree([part for part in parts if part["text"] is None or part["text"].strip()])


def no_boundary(case):
    ndr = without_headers(case.ndr)
    left = without_empty(ndr)
    full = without_empty(case.gmime)
    bare = [(depth, kind) for n, (depth, kind) in enumerate(full)
            if not kind.startswith("multipart/") or full[n + 1:n + 2] >= [(depth + 1, "")]]
    return case.what == "tree" and (unclosed(case.one) == tree(ndr) or unclosed(full) == left or bare == left)


def cut_in_header(case):
    return case.what == "tree" and "#cut" in case.name and case.one[:-1] == case.other[:len(case.one) - 1]


def squeezed(text):
    return re.sub(r"\s+", "", text)


def as_it_stands(case):
    """Whether what ndr reads are lines of the mail; those in another charset cannot be compared."""
    lines = [squeezed(line) for line in case.other.splitlines() if line.strip() and line.isascii()]
    whole = squeezed(case.data.decode("utf-8", "replace"))
    return case.what == "text" and (squeezed(case.other) in whole if not lines else all(line in whole for line in lines)) and case.other


def encoded_message(case):
    end = len(case.one)
    return case.what == "tree" and case.other[:end] == case.one and case.one[-1][1] == "message/rfc822" and re.search(
        rb"Transfer-Encoding:[ \t]*(x-uuencode|base64|quoted-printable)", case.data, re.I)


# Name, test, reason.  The first that fits counts.
KINDS = [
    ("cr", lambda c: b"\r" in c.data and b"\n" not in c.data.replace(b"\r\n", b""),
     "GMime knows no line end of CR alone"),
    ("empty-part", lambda c: c.what == "tree" and without_empty(c.gmime) == without_empty(without_headers(c.ndr)),
     "two boundary lines behind each other, or a message of nothing: ndr lists the empty part"),
    ("no-boundary", no_boundary,
     "a multipart whose boundary is not named or never comes: GMime has no part, ndr its text"),
    ("cut-in-header", cut_in_header, "the mail ends in the middle of a header: each takes what is left in its way"),
    ("encoded-message", encoded_message,
     "message/rfc822 said to be encoded, which RFC 2046 5.2.1 forbids: ndr reads it as it stands, GMime decodes it"),
    ("eight-bits", lambda c: c.what == "text" and re.search(rb"iso-2022-jp", c.data, re.I) and "\ufffd" not in c.other
     and squeezed(re.sub("[^\0-\x7f]", "", c.other)) == squeezed(re.sub("[^\0-\x7f]", "", c.one)),
     "UTF-8 or EUC-JP under the name of a set of 7 bits: ndr reads it, GMime drops it"),
    ("false-encoding", as_it_stands,
     "the field names an encoding that the text does not have: ndr leaves it, GMime takes it apart"),
    ("headers-as-text", lambda c: c.what == "text" and c.other in c.one and re.match(r"[\w-]+:", c.one),
     "a message part begins with an empty line: ndr passes over it, GMime takes the headers as text"),
    ("undefined-bytes", lambda c: c.what == "text" and re.sub("\ufffd", "", c.other) == re.sub("[\x80-\x9f]", "", c.one),
     "bytes that the charset does not have: ndr shows U+FFFD, GMime control characters"),
    ("half-base64", lambda c: c.what == "text" and c.other.startswith(c.one),
     "base64 that ends in the middle of a character: ndr shows what is left, GMime drops it"),
]


def kind_of(case):
    for name, fits, _ in KINDS:
        if fits(case):
            return name
    return None


def first_difference(case):
    if case.what == "tree":
        return f"GMime {case.one}, ndr {case.other}"
    at = next((i for i, (a, b) in enumerate(zip(case.one, case.other)) if a != b), min(len(case.one), len(case.other)))
    return f"at {at} of {len(case.one)} and {len(case.other)}: GMime {case.one[at - 10:at + 40]!r}, ndr {case.other[at - 10:at + 40]!r}"


def main():
    program = sys.argv[1]
    mails = mails_in([a for a in sys.argv[2:] if a != "--all"])
    counts, faults, texts = collections.Counter(), [], 0
    with tempfile.TemporaryDirectory() as folder:
        work = []
        for n, (name, data) in enumerate(list(mails) + list(mutants(mails))):
            path = os.path.join(folder, f"{n}.eml")
            with open(path, "wb") as file:
                file.write(data)
            work.append((name, data, path))
        for start in range(0, len(work), 100):
            some = work[start:start + 100]
            lines = subprocess.run([program] + [path for _, _, path in some], capture_output=True, check=True).stdout
            for (name, data, _), line in zip(some, lines.decode("utf-8").splitlines()):
                said = json.loads(line)
                texts += sum(part["text"] is not None for part in said["ndr"])
                for what, one, other in compare(said["gmime"], without_headers(said["ndr"])):
                    case = Case(name, data, said["gmime"], said["ndr"], what, one, other)
                    kind = kind_of(case)
                    counts[kind] += 1
                    if kind is None or "--all" in sys.argv:
                        faults.append((kind, case))
    print(f"{len(mails)} mails, {len(work) - len(mails)} mutants, {texts} texts, {sum(counts.values())} differ, "
          f"{counts[None]} unexplained")
    for name, _, reason in KINDS:
        if counts[name]:
            print(f"{counts[name]:6} {name}: {reason}")
    for kind, case in faults:
        print(f"{kind or 'fault'}: {os.path.relpath(case.name)}: {case.what}: {first_difference(case)}")
    sys.exit(1 if counts[None] else 0)


if __name__ == "__main__":
    main()

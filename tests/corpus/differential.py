"""Compares what ndr reads in a mail with what Python's email package reads in it.

    differential.py NDR [--all] [FILE|FOLDER]...

Every mail given and a changed copy of each (fixed seeds) are read by both.  A difference is either of a
kind in KINDS, where the reason stands, or a fault: then it is printed and the status is 1.  --all prints every one.
"""
import base64
import collections
import concurrent.futures
import datetime
import email
import email.policy
import email.utils
import glob
import html.parser
import json
import os
import quopri
import random
import re
import subprocess
import sys
import tempfile

SEED = 3464
MESSAGES = ("message/rfc822", "message/global", "text/rfc822-headers")


# --- changed copies ---

def cut(data, dice):
    return data[: dice.randrange(len(data) // 5, len(data))]


def boundary_lines(data):
    names = set(re.findall(rb'boundary="?([^"\s;]+)', data, re.I))
    return [m for m in re.finditer(rb"^--([^\r\n]+?)(?:--)?[ \t]*(?:\r\n|\r|\n)", data, re.M) if m.group(1) in names]


def doubled_boundary(data, dice):
    lines = boundary_lines(data)
    if not lines:
        return None
    line = dice.choice(lines)
    return data[: line.end()] + line.group(0) + data[line.end():]


def other_encoding(data, dice):
    """The field says another encoding than the body has."""
    field = re.compile(rb"(^Content-Transfer-Encoding:[ \t]*)([\w-]+)", re.I | re.M)
    found = list(field.finditer(data))
    if not found:
        return None
    at = dice.choice(found)
    names = [b"7bit", b"8bit", b"binary", b"base64", b"quoted-printable", b"x-uuencode", b"BASE64"]
    return data[: at.start(2)] + dice.choice(names) + data[at.end(2):]


def encoded_part(data, dice):
    """A plain part is written in another encoding, as the field says."""
    if b"\r" in data:
        return None
    lines = boundary_lines(data)
    parts = []
    for line, end in zip(lines, lines[1:]):
        head, empty, body = data[line.end(): end.start() - 1].partition(b"\n\n")
        if empty and re.search(rb"^Content-Type:\s*text/(plain|html)", head, re.I | re.M) and not re.search(
                rb"^Content-Transfer-Encoding:\s*(base64|quoted)", head, re.I | re.M):
            parts.append((line.end(), end.start() - 1, head, body))
    if not parts:
        return None
    start, end, head, body = dice.choice(parts)
    head = re.sub(rb"^Content-Transfer-Encoding:.*\n?", b"", head + b"\n", flags=re.I | re.M).rstrip(b"\n")
    if dice.random() < 0.5:
        head, body = head + b"\nContent-Transfer-Encoding: base64", base64.encodebytes(body).rstrip(b"\n")
    else:
        head, body = head + b"\nContent-Transfer-Encoding: quoted-printable", quopri.encodestring(body)
    return data[:start] + head + b"\n\n" + body + data[end:]


def other_charset(data, dice):
    found = list(re.finditer(rb'(charset="?)([\w.-]+)', data, re.I))
    if not found:
        return None
    at = dice.choice(found)
    names = [b"iso-8859-1", b"iso-8859-15", b"windows-1252", b"koi8-r", b"utf-8", b"us-ascii", b"x-nothing", b"shift_jis"]
    return data[: at.start(2)] + dice.choice(names) + data[at.end(2):]


def long_headers(data, dice):
    """Fields of the returned message or of the mail: many of them, long ones, folded at every blank."""
    end = b"\r\n" if b"\r\n" in data else b"\r" if b"\r" in data else b"\n"
    names = dice.choice([rb"Subject|To|From|Message-ID|Date", rb"Diagnostic-Code|Final-Recipient|Remote-MTA|Action|Status|Arrival-Date"])
    found = list(re.finditer(rb"^(" + names + rb"):[^\r\n]*", data, re.I | re.M))
    if not found:
        return None
    at = dice.choice(found)
    how = dice.randrange(4)
    if how == 0:
        more = b"X-Long: " + b"word " * 2000 + end
        return data[: at.start()] + more + data[at.start():]
    if how == 1:
        more = b"".join(b"X-Trace-%d: a%sb" % (i, end + b" c") + end for i in range(300))
        return data[: at.start()] + more + data[at.start():]
    name, colon, value = at.group(0).partition(b":")
    return data[: at.start()] + name + colon + value.replace(b" ", end + b"\t ") + data[at.end():]


def lines_crlf(data, _):
    return re.sub(rb"\r\n|\r|\n", b"\r\n", data)


def lines_cr(data, _):
    return re.sub(rb"\r\n|\r|\n", b"\r", data)


CHANGES = [cut, doubled_boundary, other_encoding, encoded_part, other_charset, long_headers, lines_crlf, lines_cr]


def mutants(mails):
    """A changed copy of each mail.  How it is changed follows from its name alone: one more mail in a folder changes
    no other copy."""
    for number, (name, data) in enumerate(mails):
        dice = random.Random(f"{SEED} {os.path.basename(name)}")
        for change in dice.sample(CHANGES, len(CHANGES)):
            new = change(data, dice) if len(data) >= 200 else None
            if new is not None and new != data:
                yield f"{name}#{change.__name__}{number}", new
                break


# --- what Python reads ---

class Words(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.out = []

    def handle_data(self, data):
        self.out.append(data)

    def handle_starttag(self, tag, attrs):
        self.out += [value for name, value in attrs if name in ("href", "alt") and value]
        if tag not in ("b", "i", "a", "span", "font", "strong", "em"):
            self.out.append(" ")

    handle_endtag = lambda self, tag: self.out.append("" if tag in ("b", "i", "a", "span", "font", "strong", "em") else " ")


def squeeze(text):
    return " ".join(str(text).replace("\0", " ").split())


def letters(text):
    """For quotations: no blanks at all, which folding, cells of tables and HTML add and take."""
    return re.sub(r"[\s\u200b\u200e\u200f\ufeff\u00ad\0-\x1f]+", "", text)


def field(message, name):
    """The first value of a field; the package raises all sorts of errors on damaged ones."""
    try:
        return message[name]
    except Exception:
        return Refused


class Refused:
    """Python gives up on this value."""


def when(text):
    try:
        date = email.utils.parsedate_to_datetime(text)
    except Exception:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=datetime.timezone.utc)
    try:
        return date.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except Exception:
        return None


def addresses(value):
    if value is None or value is Refused:
        return value
    try:
        found = [a.addr_spec for a in value.addresses]
    except Exception:
        return Refused
    return [a for a in found if "@" in a.strip("@")]


def text_of(part):
    """Decoded text of a leaf."""
    try:
        data = part.get_payload(decode=True) or b""
    except Exception:
        return ""
    charset = part.get_param("charset") if isinstance(part.get_param("charset"), str) else None
    try:
        return data.decode(charset or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def scope_parts(message):
    """The parts of a message without those of messages inside of it."""
    stack = [message]
    while stack:
        part = stack.pop()
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            stack.extend(reversed(part.get_payload()))


def all_scopes(message):
    yield message
    for part in scope_parts(message):
        if part.get_content_type() in MESSAGES[:2] and part.is_multipart():
            yield from all_scopes(part.get_payload(0))


def blocks(part):
    """Field blocks of a message/delivery-status part."""
    if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
        return []
    if part.is_multipart():
        return [b for b in part.get_payload() if b.keys()]
    texts = re.split(r"\r?\n\r?\n", text_of(part))
    return [b for b in (email.message_from_string(t.lstrip(), policy=email.policy.default) for t in texts) if b.keys()]


def python_reads(data):
    data = data.lstrip(b"\r\n")
    data = data[3:] if data.startswith(b"\xef\xbb\xbf") else data
    if re.match(rb">From ", data):
        data = data[1:]
    message = email.message_from_bytes(data, policy=email.policy.default)
    scopes = list(all_scopes(message))
    seen = {"message": message, "original": None, "status": None}
    scope = message
    for one in scopes:
        if any("Final-Recipient" in b for p in scope_parts(one) for b in blocks(p)):
            scope = one
            break
    groups = [b for p in scope_parts(scope) for b in blocks(p)]
    if groups:
        seen["status"] = groups
    for part in scope_parts(scope):
        kind = part.get_content_type()
        if kind not in MESSAGES:
            continue
        inner = part.get_payload(0) if part.is_multipart() else email.message_from_string(
            text_of(part).lstrip(), policy=email.policy.default)
        if inner.keys():
            seen["original"] = inner
            break
    texts = []
    for part in message.walk():
        texts += [f"{name}: {value}" for name, value in safe_items(part)]
        texts += [f"{name}: {value}" for name, value in part.raw_items()]
        if not part.is_multipart():
            text = text_of(part)
            texts.append(text)
            if part.get_content_type() == "text/html" or "<html" in text.lower():
                words = Words()
                words.feed(text)
                texts.append("".join(words.out))
    texts.append(data.decode("utf-8", "replace"))
    texts.append("\n".join(re.sub(r"^[> |]+", "", line) for line in "\n".join(texts).splitlines()))
    seen["letters"] = letters("\n".join(texts))
    return seen


def safe_items(part):
    for name in set(part.keys()):
        value = field(part, name)
        if value is not Refused:
            yield name, value


# --- the comparison ---

def untyped(value):
    return re.sub(r"^[\w -]+;\s*", "", squeeze(value), count=1)


def bare(value):
    value = untyped(value)
    found = re.search(r"<([^<>]*)>", value)
    return found.group(1).strip() if found else value.strip("<> ")


def status_code(value):
    found = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", str(value))
    return found.group(0) if found else None


def host(value):
    words = untyped(value).split()
    return words[0].rstrip(".") if words else None


def compare(seen, said):
    """Yields (field, Python's value, ndr's value, context) for each pair; equal ones too."""
    original = seen["original"]
    if original is not None:
        o = said["original"]
        sender = addresses(field(original, "From"))
        yield "from", sender[0] if isinstance(sender, list) and sender else sender or None, o["from"]
        yield "to", addresses(field(original, "To")) or [], o["to"]
        for name, key in (("subject", "Subject"), ("message_id", "Message-ID")):
            value = field(original, key)
            yield name, value if value is Refused else squeeze(value or "") or None, o[name]
        value = field(original, "Date")
        yield "date", Refused if value is Refused else (value and when(str(value))) or None, o["date"]
    if seen["status"] is None:
        return
    groups = [g for g in seen["status"] if "Final-Recipient" in g]
    for group in seen["status"]:
        if "Arrival-Date" in group:
            yield "arrival_date", when(str(group["Arrival-Date"])), said["arrival_date"]
            break
    yield "recipients", len(groups), len(said["recipients"])
    for group, r in zip(groups, said["recipients"]):
        address = bare(group["Final-Recipient"])
        yield "final_recipient", address if "@" in address else None, r["address"]
        action = squeeze(group["Action"] or "").lower()
        yield "action", action.split()[0] if action else None, r["action"]
        code = status_code(group["Status"] or "")
        yield "status", code, code if code in r["statuses"] else (r["statuses"] or [None])[0]
        words = untyped(group["Diagnostic-Code"] or "")
        yield "diagnostic", words or None, r["diagnostic"] and squeeze(r["diagnostic"])
        yield "remote_mta", host(group["Remote-MTA"]) if group["Remote-MTA"] else None, r["remote_mta"]


def quotations(said):
    for r in said["recipients"]:
        if r["diagnostic"]:
            yield "diagnostic", r["diagnostic"]
        for item in r["evidence"]:
            yield item["what"], item["text"]


def is_none(*fields):
    return lambda c: c.field in fields and c.py is None and c.ndr is not None


def has(pattern):
    return lambda c: re.search(pattern, c.data, re.I | re.M) is not None


def both(*tests):
    return lambda c: all(t(c) for t in tests)


def on(*fields):
    return lambda c: c.field in fields


def encoded(part, *kinds):
    said = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    return part.get_content_type() in (kinds or MESSAGES) and said in ("base64", "quoted-printable")


ORIGINAL = ("from", "to", "subject", "message_id", "date")

# Name, test, reason.  The first that fits counts.
KINDS = [
    ("refused", lambda c: c.py is Refused, "Python's parser raises an error on the field"),
    ("not-in-part", is_none("action", "diagnostic", "remote_mta", "final_recipient", "status"),
     "the machine part has no such field; ndr takes it from the words for people"),
    ("no-final", lambda c: c.field == "recipients" and c.py == 0,
     "no Final-Recipient in the machine part; ndr takes the name from its other fields or the words for people"),
    ("half-address", lambda c: c.field == "final_recipient" and c.py and c.py.startswith("@"),
     "the field has a domain only; ndr takes the address of the words for people"),
    ("action-word", lambda c: c.field == "action" and c.py in ("expired", "deliverable"),
     "a word that RFC 3464 does not have; ndr says what it means in RFC 3464's words"),
    ("encoded-address", lambda c: c.field in ("final_recipient", "diagnostic") and re.search(r"=\?\S+\?=@", c.ndr or ""),
     "Python decodes encoded words inside an address, where RFC 2047 5 allows none; ndr leaves it as it stands"),
    ("no-to", lambda c: c.field == "to" and c.py == [] and c.seen["original"] is not None and "To" not in c.seen["original"],
     "the returned message has no To; ndr takes it from the headers quoted in the words for people"),
    ("encoded-status", lambda c: has(rb"Transfer-Encoding:[ \t]*(quoted-printable|base64)")(c) and any(
        encoded(p, "message/delivery-status") for p in c.seen["message"].walk()),
     "a machine part that is encoded, which RFC 3464 2.1 forbids: Python reads it as it stands"),
    ("cut-in-field", lambda c: "#cut" in c.name and c.field in ("diagnostic", "arrival_date")
     and (c.py is None or str(c.ndr).startswith(c.py)), "the mail ends in the middle of a field; ndr takes what is left"),
    ("cut-base64", lambda c: "#cut" in c.name and c.field.startswith("quoted") and has(rb"Transfer-Encoding:[ \t]*base64")(c),
     "base64 that ends in the middle of its last group: ndr reads what is there, Python nothing of that group"),
    ("lost-indent", lambda c: c.field == "diagnostic" and c.py and c.ndr.startswith(c.py)
     and has(re.escape(c.py[-8:].encode()) + rb"[ \t]*\r?\n[^\s]")(c),
     "words that go on without the blank of a fold, as gateways write them; ndr takes them until the next field"),
    ("fold-in-word", lambda c: c.field == "diagnostic" and "X-Notes" in str(c.seen["status"][-1]["Diagnostic-Code"])
     and letters(c.py) == letters(c.ndr), "Domino folds inside of words; ndr closes the word, Python leaves the blank"),
    ("escapes", lambda c: b"\033$B" in c.data and (c.field.startswith("quoted") or "\x1b$" in str(c.py)),
     "Japanese in a field that names no character set; ndr knows it by its escapes"),
    ("eight-bits", lambda c: c.field.startswith("quoted") and has(rb"charset=[\"']?iso-2022-jp")(c) and b"\033" not in c.data,
     "EUC-JP under the name of a set of 7 bits: ndr reads it, Python does not"),
    ("number-alone", lambda c: c.field == "diagnostic" and c.py.isdigit() and re.search(r"[a-z]", c.ndr or ""),
     "a number of the operating system (X-Unix; 77); ndr takes the words for people, which say what it was"),
    ("zone", lambda c: c.field in ("date", "arrival_date") and c.py and c.ndr and c.py[13:] == c.ndr[13:]
     and re.search(rb"\b(JST|CEST|CET|BST|MSK)\b", c.data) is not None,
     "Python takes zone names that it does not know as UTC; ndr knows them"),
    ("name-like-address", lambda c: c.field == "from" and c.py and c.ndr and has(
        rb"(?:^|\r)From: *" + re.escape(c.py.encode()) + rb"\s*<" + re.escape(c.ndr.encode()) + rb">")(c),
     "a display name with @ and no quotes; ndr takes what stands in <>"),
    ("encoded-message", both(on(*ORIGINAL), lambda c: any(encoded(p) for p in c.seen["message"].walk())),
     "message/rfc822 said to be encoded, which RFC 2046 5.2.1 forbids: Python reads it as it stands, ndr as opaque"),
    ("cr-in-qp", lambda c: c.field.startswith("quoted") and b"\n" not in c.data.replace(b"\r\n", b"")
     and has(rb"quoted-printable")(c), "Python loses the text behind a soft line break that ends in CR alone"),
]


def kind_of(case):
    for name, fits, reason in KINDS:
        if fits(case):
            return name, reason
    return None, None


Case = collections.namedtuple("Case", "name data field py ndr seen said")


def examine(ndr, name, data, path):
    run = subprocess.run([ndr, "analyze", "--format", "json", path], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    if run.returncode not in (0, 1) or not run.stdout.startswith(b"{"):
        return 0, [Case(name, data, "run", "a report", f"status {run.returncode} {run.stderr[:80]!r}", {}, {})]
    said = json.loads(run.stdout.decode("utf-8", "replace"))
    seen = python_reads(data)
    compared, differences = 0, []
    for what, py, value in compare(seen, said):
        compared += 1
        if py != value:
            differences.append(Case(name, data, what, py, value, seen, said))
    for what, text in quotations(said):
        compared += 1
        if letters(text) not in seen["letters"]:
            differences.append(Case(name, data, "quoted: " + what, None, text, seen, said))
    return compared, differences


def mails_in(given):
    """(path, bytes) of the files and of the mails of the folders."""
    paths, mails = [], []
    for path in given:
        paths += sorted(glob.glob(os.path.join(path, "*.eml"))) if os.path.isdir(path) else [path]
    for path in paths:
        with open(path, "rb") as file:
            mails.append((path, file.read()))
    if not mails:
        sys.exit("no mails")
    return mails


def main():
    arguments = [a for a in sys.argv[1:] if a != "--all"]
    ndr, mails = arguments[0], mails_in(arguments[1:])
    with tempfile.TemporaryDirectory() as folder:
        work = []
        for name, data in mails:
            work.append((name, data, name))
        for n, (name, data) in enumerate(mutants(mails)):
            path = os.path.join(folder, f"{n}.eml")
            with open(path, "wb") as file:
                file.write(data)
            work.append((name, data, path))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            results = list(pool.map(lambda w: examine(ndr, *w), work))
    compared = sum(r[0] for r in results)
    differences = [d for r in results for d in r[1]]
    counts, faults = collections.Counter(), []
    for d in differences:
        name, reason = kind_of(d)
        counts[name] += 1
        if name is None:
            faults.append(d)
        elif "--all" in sys.argv:
            print(f"{name}: {line_of(d)}")
    print(f"{len(mails)} mails, {len(work) - len(mails)} mutants, {compared} values compared, {len(differences)} differ: "
          f"{len(differences) - len(faults)} explained, {len(faults)} faults")
    for name, _, reason in KINDS:
        if counts[name]:
            print(f"{counts[name]:6} {name}: {reason}")
    for d in faults:
        print(f"fault: {line_of(d)}")
    sys.exit(1 if faults else 0)


def line_of(d):
    py = "(refuses)" if d.py is Refused else repr(d.py)
    return f"{os.path.relpath(d.name)}: {d.field}: Python {py[:200]}, ndr {repr(d.ndr)[:200]}"


if __name__ == "__main__":
    main()

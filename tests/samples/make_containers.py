#!/usr/bin/env python3
"""Makes the Outlook and TNEF files of this folder: make_containers.py [FOLDER].

Standard library only; the bytes are the same at every run.  Words and names are made up, the names
are reserved ones (RFC 2606, RFC 5737)."""
import os
import struct
import sys

FREE, END, FATSECT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NONE = 0xFFFFFFFF
INTEGER, OBJECT, ANSI, UNICODE, TIME, BINARY = 0x03, 0x0D, 0x1E, 0x1F, 0x40, 0x102
TIME_SENT = (1764067200 + 11644473600) * 10**7  # 2025-11-25T10:40:00Z

CLASS, SUBJECT, SENT, HEADERS = 0x001A, 0x0037, 0x0039, 0x007D
REASON, DIAGNOSIS, RECIPIENT_TYPE, INFO = 0x0C04, 0x0C05, 0x0C15, 0x0C1B
STATUS, REMOTE, SENDER_NAME, SENDER_EMAIL = 0x0C20, 0x0C21, 0x0C1A, 0x0C1F
BODY, REPORT_TEXT, HTML, MESSAGE_ID = 0x1000, 0x1001, 0x1013, 0x1035
NAME, EMAIL, SMTP, REPORTING = 0x3001, 0x3003, 0x39FE, 0x6820
DATA, FILENAME, METHOD, LONG_FILENAME, MIME_TAG = 0x3701, 0x3704, 0x3705, 0x3707, 0x370E
CODEPAGE, CPID = 0x3FFD, 0x3FDE


# --- compound files, [MS-CFB] ---

class Entry:
    def __init__(self, name, kind, data=b'', children=()):
        self.name, self.kind, self.data, self.children = name, kind, data, list(children)
        self.left = self.right = self.child = NONE
        self.start, self.size = 0, len(data)


def tree(indices):
    """A balanced tree of sorted entries: (index of its root, {index: (left, right)})."""
    links = {}

    def build(part):
        if not part:
            return NONE
        middle = len(part) // 2
        links[part[middle]] = (build(part[:middle]), build(part[middle + 1:]))
        return part[middle]

    return build(indices), links


def flatten(root):
    entries, queue = [root], [root]
    while queue:
        parent = queue.pop(0)
        parent.children.sort(key=lambda e: (len(e.name), e.name.upper()))
        first = len(entries)
        entries += parent.children
        queue += parent.children
        parent.child, links = tree(list(range(first, len(entries))))
        for index, (left, right) in links.items():
            entries[index].left, entries[index].right = left, right
    return entries


def compound(children):
    root = Entry('Root Entry', 5, children=children)
    entries = flatten(root)
    fat, sectors = [], []

    def store(data, size=512):
        if not data:
            return END
        start = len(sectors)
        for at in range(0, len(data), size):
            sectors.append(data[at:at + size].ljust(size, b'\0'))
            fat.append(len(sectors))
        fat[-1] = END
        return start

    mini, minifat = b'', []
    for entry in entries:
        if entry.kind == 2 and entry.size >= 4096:
            entry.start = store(entry.data)
        elif entry.kind == 2 and entry.size:
            entry.start = len(minifat)
            count = (entry.size + 63) // 64
            minifat += list(range(entry.start + 1, entry.start + count)) + [END]
            mini += entry.data.ljust(64 * count, b'\0')
        elif entry.kind == 2:
            entry.start = END
    root.start, root.size = store(mini), len(mini)
    table = b''.join(struct.pack('<I', n) for n in minifat)
    table += b'\xff' * (-len(table) % 512)
    minifat_start = store(table)
    directory = b''
    for e in entries:
        name = e.name.encode('utf-16-le') + b'\0\0'
        directory += struct.pack('<64sHBBIII16sIQQIQ', name, len(name), e.kind, 1, e.left, e.right,
                                 e.child, b'', 0, 0, 0, e.start, e.size)
    while len(directory) % 512:
        directory += struct.pack('<64sHBBIII16sIQQIQ', b'', 0, 0, 0, NONE, NONE, NONE, b'', 0, 0, 0,
                                 0, 0)
    directory_start = store(directory)
    count = 1
    while count * 128 < len(fat) + count:
        count += 1
    places = list(range(len(fat), len(fat) + count))
    fat += [FATSECT] * count
    fat += [FREE] * (count * 128 - len(fat))
    header = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(16)
    header += struct.pack('<HHHHH6xIIIIIIIIII', 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory_start, 0,
                          4096, minifat_start, len(table) // 512, END, 0, places[0])[:-4]
    header += b''.join(struct.pack('<I', n) for n in places + [FREE] * (109 - len(places)))
    assert len(header) == 512 and count <= 109
    return header + b''.join(sectors) + struct.pack('<%dI' % len(fat), *fat)


# --- messages, [MS-OXMSG] ---

def value_bytes(kind, value, encoding='cp1252'):
    if kind == ANSI:
        return value.encode(encoding)
    return value.encode('utf-16-le') if kind == UNICODE else value


def properties(header, values):
    """Streams of a storage for [(id, type, value)]."""
    table, streams = bytes(header), []
    for tag, kind, value in values:
        if kind == INTEGER:
            table += struct.pack('<HHIII', kind, tag, 6, value, 0)
        elif kind == TIME:
            table += struct.pack('<HHIQ', kind, tag, 6, value)
        else:
            data = value_bytes(kind, value)
            extra = {ANSI: 1, UNICODE: 2}.get(kind, 0)
            table += struct.pack('<HHIII', kind, tag, 6, len(data) + extra, 0)
            streams.append(Entry('__substg1.0_%04X%04X' % (tag, kind), 2, data))
    return [Entry('__properties_version1.0', 2, table)] + streams


def message(values, recipients=(), attachments=(), header=32):
    children = properties(header, values)
    for i, row in enumerate(recipients):
        children.append(Entry('__recip_version1.0_#%08X' % i, 1, children=properties(8, row)))
    for i, (row, inner) in enumerate(attachments):
        inside = properties(8, row)
        if inner:
            inside.append(Entry('__substg1.0_3701000D', 1, children=inner))
        children.append(Entry('__attach_version1.0_#%08X' % i, 1, children=inside))
    return children


def mail(text_type, body):
    """A plain mail, all strings of one type."""
    values = [(CLASS, text_type, 'IPM.Note'), (SUBJECT, text_type, 'Z\u00fcge nach K\u00f6ln'),
              (SENT, TIME, TIME_SENT), (SENDER_NAME, text_type, 'Pat "P" Example'),
              (SENDER_EMAIL, text_type, 'pat@example.org'), (BODY, text_type, body),
              (MESSAGE_ID, text_type, '<one@example.org>')]
    if text_type == ANSI:
        values.append((CODEPAGE, INTEGER, 1252))
    to = [[(RECIPIENT_TYPE, INTEGER, 1), (NAME, text_type, 'Lee\r\nBcc: x@example.net'),
           (SMTP, text_type, 'lee@example.com')],
          [(RECIPIENT_TYPE, INTEGER, 2), (NAME, text_type, 'Desk'),
           (EMAIL, text_type, '/o=Example/cn=desk')]]
    return values, to


INFO_TEXT = '<mx.example.net #5.1.1 smtp;550 5.1.1\r\nStatus: 2.0.0 <kim@example.net>: no such user>'


def report():
    values = [(CLASS, UNICODE, 'REPORT.IPM.Note.NDR'), (SUBJECT, UNICODE, 'Undeliverable: lunch'),
              (SENT, TIME, TIME_SENT), (SENDER_NAME, UNICODE, 'Mail System'),
              (SENDER_EMAIL, UNICODE, 'postmaster@example.org'),
              (REPORTING, UNICODE, 'mail.example.org')]
    recipients = [[(RECIPIENT_TYPE, INTEGER, 1), (NAME, UNICODE, 'Kim'),
                   (SMTP, UNICODE, 'kim@example.net'), (REPORT_TEXT, UNICODE, 'Kim was not reached.'),
                   (STATUS, INTEGER, 511), (DIAGNOSIS, INTEGER, 1), (REASON, INTEGER, 0),
                   (INFO, UNICODE, INFO_TEXT), (REMOTE, UNICODE, 'mx.example.net')],
                  [(RECIPIENT_TYPE, INTEGER, 1), (NAME, UNICODE, 'Sam'),
                   (EMAIL, UNICODE, 'sam@example.net')]]
    return message(values, recipients)


BOUNCE_HEADERS = ('Microsoft Mail Internet Headers Version 2.0\r\n'
                  'Received: from mail.example.org by mx.example.com;\r\n'
                  '\tTue, 25 Nov 2025 10:40:00 +0000\r\n'
                  'From: MAILER-DAEMON@example.org\r\n'
                  'Content-Type: multipart/report;\r\n\tboundary="gone"\r\n'
                  'Subject: Returned mail\r\n\r\nX-Part: not of the message\r\n')
BOUNCE_BODY = '550 5.1.1 <kim@example.net>: no such user\r\n'
STATUS_TEXT = (b'Reporting-MTA: dns; mail.example.org\r\n\r\n'
               b'Final-Recipient: rfc822; kim@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n')


def forwarded():
    inner = message([(CLASS, UNICODE, 'IPM.Note'), (HEADERS, UNICODE, BOUNCE_HEADERS),
                     (BODY, UNICODE, BOUNCE_BODY)], header=24,
                    attachments=[([(METHOD, INTEGER, 1), (DATA, BINARY, STATUS_TEXT),
                                   (MIME_TAG, UNICODE, 'message/delivery-status'),
                                   (LONG_FILENAME, UNICODE, 'details"\r\nX: y.txt')], None),
                                 ([(METHOD, INTEGER, 1), (DATA, BINARY, b'\x89PNG'),
                                   (LONG_FILENAME, UNICODE, 'logo.png')], None)])
    values, _ = mail(UNICODE, 'see below\r\n' + 'filler line of a long mail\r\n' * 200)
    row = [(METHOD, INTEGER, 5), (NAME, UNICODE, 'Returned mail')]
    return message(values, attachments=[(row, inner)])


# --- TNEF, [MS-OXTNEF] ---

def attribute(level, tag, data):
    return struct.pack('<BII', level, tag, len(data)) + data + struct.pack('<H', sum(data) & 0xFFFF)


def padded(data):
    return data + bytes(-len(data) % 4)


def mapi(values):
    out = struct.pack('<I', len(values) + 1)
    # A named property and one of several values come first: both must be passed over.
    out += struct.pack('<HH16sII', 0x101E, 0x8001, bytes(range(16)), 1, 6)
    out += padded('ab\0'.encode('utf-16-le'))
    out += struct.pack('<II', 2, 2) + padded(b'x\0') + struct.pack('<I', 3) + padded(b'yz\0')
    for tag, kind, value in values:
        out += struct.pack('<HH', kind, tag)
        if kind == INTEGER:
            out += struct.pack('<I', value)
        elif kind == TIME:
            out += struct.pack('<Q', value)
        else:
            data = value_bytes(kind, value) + {ANSI: b'\0', UNICODE: b'\0\0'}.get(kind, b'')
            out += struct.pack('<II', 1, len(data)) + padded(data)
    return out


def tnef(attributes):
    head = struct.pack('<IH', 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack('<I', 0x10000))
    return head + attribute(1, 0x00069007, struct.pack('<II', 1252, 0)) + b''.join(attributes)


def tnef_text():
    name, address = b'Pat\0', b'SMTP:pat@example.org\0'
    triple = struct.pack('<HHHH', 4, 16 + len(name) + len(address), len(name), len(address))
    return tnef([
        attribute(1, 0x00078008, b'IPM.Microsoft Mail.Note\0'),
        attribute(1, 0x00008000, triple + name + address),
        attribute(1, 0x00018004, 'Z\u00fcge'.encode('cp1252') + b'\0'),
        attribute(1, 0x00038005, struct.pack('<7H', 2025, 11, 25, 10, 40, 0, 2)),
        attribute(1, 0x0002800C, 'F\u00e4hrt heute nicht.\r\n'.encode('cp1252') + b'\0'),
        attribute(1, 0x00069004, struct.pack('<I', 1) + mapi(
            [(RECIPIENT_TYPE, INTEGER, 1), (NAME, UNICODE, 'Lee'), (SMTP, UNICODE, 'lee@example.com')])),
    ])


def tnef_forwarded():
    inner = tnef([attribute(1, 0x00069003, mapi(
        [(SUBJECT, UNICODE, 'Returned mail'), (SENDER_EMAIL, UNICODE, 'MAILER-DAEMON@example.org'),
         (HTML, BINARY, '<p>550 5.1.1 Pr\u00fcfung: no such user</p>'.encode('cp1252')),
         (CPID, INTEGER, 1252)]))])
    guid = struct.pack('<IHH8B', 0x00020307, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46)
    return tnef([
        attribute(1, 0x00069003, mapi([(SUBJECT, UNICODE, 'Fwd'), (BODY, UNICODE, 'what is this?')])),
        attribute(2, 0x00069002, bytes(14)),
        attribute(2, 0x00018010, b'Returned mail\0'),
        attribute(2, 0x00069005, mapi([(METHOD, INTEGER, 5), (DATA, OBJECT, guid + inner)])),
        attribute(2, 0x00069002, bytes(14)),
        attribute(2, 0x00018010, b'log.txt\0'),
        attribute(2, 0x0006800F, b'to=<kim@example.net>, status=bounced\n'),
    ])


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    files = {
        'ansi.msg': compound(message(*mail(ANSI, 'Gr\u00fc\u00dfe\r\n'))),
        'unicode.msg': compound(message(*mail(UNICODE, 'Gr\u00fc\u00dfe \u20ac \U0001F600\r\n'))),
        'report.msg': compound(report()),
        'forwarded.msg': compound(forwarded()),
        'text.dat': tnef_text(),
        'forwarded.dat': tnef_forwarded(),
    }
    for name, data in files.items():
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(data)


main()

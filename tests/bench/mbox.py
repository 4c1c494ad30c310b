"""One big mbox of the mails of a folder, written again and again: mbox.py FOLDER MEGABYTES FILE."""
import pathlib
import sys

folder, megabytes, path = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
mails = []
for name in sorted(folder.iterdir()):
    if not name.is_file() or name.suffix not in (".eml", ""):
        continue
    lines = name.read_bytes().split(b"\n")
    if lines[0].startswith(b"From "):
        lines = lines[1:]
    lines = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines]
    mails.append(b"From MAILER-DAEMON Tue Nov 24 09:12:52 2026\n" + b"\n".join(lines).rstrip(b"\n") + b"\n\n")
with open(path, "wb") as out:
    size = 0
    while size < megabytes << 20:
        for mail in mails:
            out.write(mail)
            size += len(mail)

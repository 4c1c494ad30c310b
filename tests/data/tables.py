"""Compares the knowledge with the tables it was made of: tables.py NDR FOLDER.  Prints a line a difference.

Every row of the tables has an entry, by its id or as another name of one that says the same.  Where the row is
an entry of its own, kind, category and main owner are the table's; a row that became another name gives way.
"""
import csv
import json
import os
import subprocess
import sys

# Where an entry knows better than its row, and why.
DEVIATIONS = {("mimecast-421", "kind"): "a 421 is tried again"}

entries = {}
own = {}
out = subprocess.run([sys.argv[1], "list", "--format", "json"], capture_output=True, check=True).stdout
for e in json.loads(out)["entries"]:
    own[e["id"]] = e
    for name in [e["id"]] + e["aliases"]:
        entries[name] = e


def rows(name):
    with open(os.path.join(sys.argv[2], name), encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def compare(row, key, want):
    e = own.get(row)
    if e and e[key] != want and (row, key) not in DEVIATIONS:
        print("%s: %s is %s, in the table %s" % (row, key, e[key], want))


count = 0
for table in ("codes-exchange-online.tsv", "codes-exchange-more.tsv", "codes-providers.tsv"):
    for r in rows(table):
        count += 1
        if r["id"] not in entries:
            print("%s is missing" % r["id"])
            continue
        compare(r["id"], "kind", r["kind"])
        compare(r["id"], "category", r["category"])
        compare(r["id"], "owner", r["owner"].split(",")[0])
        if table != "codes-providers.tsv" and r["codes"] != "n/a":
            for code in r["codes"].split(","):
                if r["id"] in own and code.strip() not in own[r["id"]]["codes"]:
                    print("%s lacks the code %s" % (r["id"], code))
for r in rows("codes-enhanced.tsv"):
    count += 1
    if "iana-" + r["code"] not in entries:
        print("iana-%s is missing" % r["code"])
    compare("iana-" + r["code"], "category", r["category"])
    compare("iana-" + r["code"], "owner", r["owner"].split(",")[0])
if count != 569:
    print("%d rows, not 569" % count)

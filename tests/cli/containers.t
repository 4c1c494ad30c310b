#!/bin/sh
# Reports as Outlook saves and sends them: .msg files and winmail.dat, alone and attached to a mail.
. "$NDR_SRCDIR/tests/cli/common.sh"
for f in report.msg forwarded.msg forwarded.dat; do
    run analyze --format json tests/samples/$f
    ends "$f" 0
    json_same "$f: status" 5.1.1 'd["recipients"][0]["status"]'
    json_same "$f: says where the lines are" True 'any("unpacked" in w for w in d["warnings"])'
done
run analyze --format json tests/samples/report.msg
json_same 'report.msg: address' kim@example.net 'd["recipients"][0]["address"]'
for f in ansi.msg unicode.msg text.dat; do
    run analyze tests/samples/$f
    complains "$f is no report" 1
done
attached() { # file type name
    cat <<MAIL
From: Ruth <ruth@example.com>
To: help@example.com
Subject: what is this?
Date: Mon, 23 Nov 2026 08:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="o"

--o
Content-Type: text/plain

Please look at the attached file.

--o
Content-Type: $2; name="$3"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="$3"

$(base64 "$1")
--o--
MAIL
}
attached tests/samples/forwarded.dat application/ms-tnef winmail.dat >"$t/tnef.eml"
attached tests/samples/report.msg application/vnd.ms-outlook Undeliverable.msg >"$t/msg.eml"
for f in tnef msg; do
    run analyze --format json "$t/$f.eml"
    ends "$f in a mail" 0
    json_same "$f in a mail: status" 5.1.1 'd["recipients"][0]["status"]'
done
attached tests/samples/text.dat application/ms-tnef winmail.dat >"$t/none.eml"
run analyze "$t/none.eml"
complains 'a winmail.dat without a report' 1
head -c 700 tests/samples/report.msg >"$t/cut.msg"
run analyze "$t/cut.msg"
complains 'a .msg that was cut off' 1
done_testing

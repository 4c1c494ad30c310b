#!/bin/sh
# --redact: nothing that tells who people are leaves the program.
. "$NDR_SRCDIR/tests/cli/common.sh"
mail=$t/mail.eml
cat >"$mail" <<'EOF'
From: MAILER-DAEMON@mx.example.com
To: "Jane Quillon" <jane.quillon@example.com>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

PHJvYmVydC5zbWl0aEBmYWJyaWthbS5jb20+OiBob3N0IG14MS5mYWJyaWthbS5jb20gc2FpZDog
NTUwIDUuMS4xIHVzZXIgcm9iZXJ0LnNtaXRoIHVua25vd24sIHNhaWQgdG8gSmFuZSBRdWlsbG9uCg==

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; robert.smith@fabrikam.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <Robert.Smith@fabrikam.com>: user robert.smith unknown
Remote-MTA: dns; mx1.fabrikam.com

--b
Content-Type: text/rfc822-headers

Return-Path: <jane.quillon@example.com>
From: Jane Quillon <jane.quillon@example.com>
To: Robert Smith <robert.smith@fabrikam.com>
Subject: Salary of Alice
Message-ID: <abc.123@pc.example.com>

--b--
EOF
people='jane|quillon|robert|smith|salary|alice|abc\.123'
for format in text json ndjson markdown html; do
    run analyze --redact --format $format "$mail"
    ends "$format" 0
    same "$format names nobody" '' "$(grep -iE "$people" "$t/out")"
    has "$format keeps the code" '5.1.1' "$out"
    has "$format keeps the host" 'mx1.fabrikam.com' "$out"
done
run analyze --redact --format json "$mail"
json_same 'the same person is the same stand-in' 'person1@fabrikam.com person1@fabrikam.com' \
    '[d["recipients"][0]["address"], d["original"]["to"][0]]'
json_same 'the subject' '[subject]' 'd["original"]["subject"]'
json_same 'the message id' True '"message1@pc.example.com" in d["original"]["message_id"]'
json_same 'lines are counted as before' 21 \
    '[e["line"] for e in d["recipients"][0]["evidence"] if e["what"] == "decides"][0]'
run walk --redact "$mail" --answers cannot-tell
same 'a walk names nobody' '' "$(grep -iE "$people" "$t/out")"
run walk --redact --format json "$mail" --answers cannot-tell
same 'a walk as json neither' '' "$(grep -iE "$people" "$t/out")"
run analyze "$mail"
has 'without it everything is shown' 'robert.smith@fabrikam.com' "$out"
for format in markdown html; do
    run explain --format $format 5.7.23
    ends "explain as $format" 0
    run walk --format $format spf --answers others
    ends "walk as $format" 0
done
has 'one page' '</html>' "$out"
run explain --format html 5.1.1
same 'several entries are one page' 1 "$(grep -c '</html>' "$t/out")"
done_testing

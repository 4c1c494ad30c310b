#!/bin/sh
# What Gmail answers: every text that its documents and reports know has an entry; some pasted lines.
. "$NDR_SRCDIR/tests/lib.sh"
cd "$NDR_SRCDIR" || exit 1
missing=
while read -r id; do
    ndr explain "$id" >/dev/null 2>&1 || missing="$missing $id"
done <tests/data/gmail.ids
same 'every text of Gmail has its entry' '' "$missing"

first() { # report on standard input: entry, confidence and tree of the best diagnosis
    ndr analyze --format json - | sed -n 's/^ *"\(entry\|confidence\|tree\)": "\(.*\)",$/\2/p' | head -3 | tr '\n' ' '
}

same 'a reply pasted over lines' 'gmail-550-5.7.26 exact dmarc ' "$(first <<'EOF'
550-5.7.26 This mail has been blocked because the sender is unauthenticated.
550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.
550-5.7.26
550-5.7.26  Authentication results:
550-5.7.26  DKIM = did not pass
550-5.7.26  SPF [contoso.com] with ip: [192.0.2.10] = did not pass
550-5.7.26
550-5.7.26  For instructions on setting up authentication, go to
550 5.7.26  https://support.google.com/mail/answer/81126#authentication a1-2002example.12 - gsmtp
EOF
)"
same 'only its first line, as sendmail reports it' 'gmail-550-5.7.26-2 exact spf ' "$(first <<'EOF'
Action: failed
Remote-MTA: DNS; gmail-smtp-in.l.google.com
Diagnostic-Code: SMTP; 550-5.7.26 The MAIL FROM domain [contoso.com] has an SPF record with a hard fail
EOF
)"
same 'put off and refused are two entries' 'gmail-421-4.7.28 gmail-550-5.7.28' "$(
    for code in '421 4.7.28' '550 5.7.28'; do
        first <<EOF
Action: failed
Remote-MTA: dns; aspmx.l.google.com
Diagnostic-Code: smtp; $code [192.0.2.10 15] Our system has detected an unusual rate of unsolicited mail originating from your IP address.
EOF
    done | tr ' ' '\n' | grep gmail | paste -sd' ')"
same 'a full mailbox elsewhere is none of Gmail' '' "$(first <<'EOF' | grep gmail
Action: failed
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; 552 5.2.2 Mailbox of the user is over quota
EOF
)"
done_testing

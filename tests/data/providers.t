#!/bin/sh
# Whose words they are: an entry of a provider needs something that names the provider.
. "$NDR_SRCDIR/tests/lib.sh"

# The leading entry and its certainty for the report on standard input.
leads() {
    ndr analyze --format json - | sed -n '/"diagnoses"/,$ { s/^ *"\(entry\|confidence\)": "\(.*\)",$/\2/p }' |
        sed 2q | tr '\n' ' ' | sed 's/ $//'
}

# A report of a host about a reply.
of_host() {
    printf 'Action: failed\nRemote-MTA: dns; %s\nDiagnostic-Code: smtp; %s\n' "$1" "$2"
}

line='550 5.1.1 <lee@example.com>: Recipient address rejected: User unknown in virtual mailbox table'
same 'a line without a host takes the neutral entry' 'exo-5.1.1-bad-mailbox strong' \
    "$(echo "$line" | leads)"
has 'the look-alike is named' 'nothing in the report names postfix' \
    "$(echo "$line" | ndr analyze --format json -)"
same 'the writer of the report names the provider' 'postfix-550-5.1.1 exact' \
    "$(printf 'This is the mail system at host mail.example.org.\n\n<lee@example.com>: host mx.example.com[192.0.2.25] said: %s\n' "$line" | leads)"

line='550 Requested action not taken: mailbox unavailable'
same 'everyday words of a provider that nothing names say nothing' 'smtp-550 weak' \
    "$(of_host mx.example.com "$line" | leads)"
same 'everyday words count with the reply code where a host names the provider' 'gmx-webde-550-5 strong' \
    "$(of_host mx00.gmx.net "$line" | leads)"
same 'but not with another reply code' 'smtp-451 weak' \
    "$(of_host mx00.gmx.net '451 Requested action not taken: mailbox unavailable' | leads)"
same 'the same words: the provider that is named comes before the neutral entry' 'zoho-550-5.1.1 strong' \
    "$(of_host mx.zoho.com '550 5.1.1 User unknown' | leads)"
same 'and elsewhere after it' 'exo-5.1.1-bad-mailbox strong' \
    "$(of_host mx.example.com '550 5.1.1 User unknown' | leads)"

same 'a dialect names its provider' 'cox-550-aup-cxbl strong' "$(echo '550 refused AUP#CXBL' | leads)"
same 'so do the words of a mail program' 'postfix-450-4.7.25-450-4.7.1 exact' \
    "$(of_host mx.example.com '450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.10]' | leads)"

same 'a name that became another one of the same words leads there' 'postfix-450-4.1.8-550-5.1.8 exact' \
    "$(of_host mx01.mail.icloud.com '450 4.1.8 <lee@example.org>: Sender address rejected: Domain not found' | leads)"
same 'a number alone speaks for no block list and no provider' '' \
    "$(echo '550 5.7.1' | ndr analyze --format json - | grep -e '"dnsbl-' -e '"postfix-' -e '"zoho-')"
same 'a number of Microsoft alone is not doubted for another provider having it' 'exo-5.1.8-bad-outbound-sender likely' \
    "$(echo '550 5.1.8' | leads)"
done_testing

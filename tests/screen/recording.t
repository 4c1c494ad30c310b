#!/bin/sh
# The recording in screenshots/: a valid one, and it shows what it claims.  `make recording` makes it anew.
. "$NDR_SRCDIR/tests/lib.sh"
cast=$NDR_SRCDIR/screenshots/journey.cast
if ! command -v python3 >/dev/null; then
    skip 'the recording' 'no python3'
    done_testing
    exit
fi
cast_py() { PYTHONDONTWRITEBYTECODE=1 python3 "$NDR_SRCDIR/tests/screen/cast.py" "$@"; }
same 'the recording is valid, and tells nothing of a machine' 'no fault' "$(cast_py check "$cast")"
same 'its last screen is that of recording.keys (else: make recording)' \
    "$(sed 's/ *$//' "$NDR_SRCDIR/tests/screen/expected/recording-end-80.txt")" "$(cast_py last "$cast" | sed 's/ *$//')"
shown=$(cast_py shown "$cast")
for words in 'Paste a bounce at any time' Recognized 'Certainty   certain' 'Whose domain failed' \
    'Does a record fit the certificate' 'New certificate, forgotten record' "sent to the terminal's clipboard" \
    'Your reply: 550 5.7.323'; do
    has "it shows: $words" "$words" "$shown"
done
# What must be found, in changed copies.
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT
sed '1s/"version": 2/"version": 1/' "$cast" >"$t/version"
sed '1s/{/{"timestamp": 1, /' "$cast" >"$t/time"
sed '3s/\[[0-9.]*,/[0.1,/' "$cast" >"$t/order"
sed '2s/Home/\/home\/somebody/' "$cast" >"$t/path"
for copy in version time order path; do
    has "a fault is found: $copy" "$(case $copy in version) echo version ;; time) echo machine ;; order) echo before ;; *) echo /home/ ;; esac)" \
        "$(cast_py check "$t/$copy")"
done
done_testing

#!/bin/sh
# Many mails: on several processes the same bytes in the same order, whatever the sizes.
. "$NDR_SRCDIR/tests/cli/common.sh"
# An mbox of about five chunks; the mails have all sizes, so that they end anywhere.
i=0
while [ $i -lt 40 ]; do
    for f in tests/reports/*.eml; do
        echo 'From MAILER-DAEMON Tue Nov 24 09:12:52 2026'
        tr -d '\r' <"$f" | sed 's/^\(>*From \)/>\1/'
        awk -v n=$((i * 37 % 1200)) 'BEGIN { for (k = 0; k < n; k++) print "filler " k }'
        printf '\n\n'
    done
    i=$((i + 1))
done >"$t/big"
mails=$(grep -c '^From ' "$t/big")
ndr analyze --jobs 1 --format ndjson "$t/big" >"$t/one" 2>/dev/null
same 'a line for each mail' "$mails" "$(wc -l <"$t/one" | tr -d ' ')"
for jobs in 2 3 7; do
    ndr analyze --jobs $jobs --format ndjson "$t/big" >"$t/many" 2>/dev/null
    check "$jobs processes give the same bytes" cmp -s "$t/one" "$t/many"
done
ndr analyze --format ndjson - <"$t/big" >"$t/many" 2>/dev/null
check 'standard input gives the same bytes' cmp -s "$t/one" "$t/many"

# How far it is stands on a terminal only.
if command -v python3 >/dev/null; then
    out=$(python3 tests/cli/on_terminal.py "$NDR_PROGRAM" analyze --jobs 2 --format ndjson "$t/big" 2>&1 |
        tr '\r' '\n' | grep -ac '^[0-9][0-9]* mails')
    check 'a terminal is told how many mails were read' [ "$out" -gt 0 ]
else
    skip 'a terminal is told how many mails were read' 'no python3'
fi
ndr analyze --jobs 2 --format ndjson "$t/big" 2>"$t/err" >/dev/null
same 'a file on standard error gets no progress' '' "$(cat "$t/err")"

# A folder of files and a file that cannot be read.
mkdir "$t/folder"
awk -v out="$t/folder" '/^From MAILER-DAEMON/ { n++; file = sprintf("%s/%05d", out, n); next } { print >file; if (n != last) { close(prev); prev = file; last = n } }' "$t/big"
cp "$t/big" "$t/folder/zz-mbox"
ndr analyze --jobs 1 --format ndjson "$t/folder" >"$t/one" 2>/dev/null
ndr analyze --jobs 3 --format ndjson "$t/folder" >"$t/many" 2>/dev/null
check 'a folder gives the same bytes' cmp -s "$t/one" "$t/many"
same 'the mbox in it counts' $((2 * mails)) "$(wc -l <"$t/many" | tr -d ' ')"
run analyze --jobs 3 --format ndjson "$t/missing" "$t/big"
same 'a missing file: the others are done' "$mails" "$(wc -l <"$t/out" | tr -d ' ')"
same 'a missing file: status' 0 $status
has 'a missing file: one line' missing "$err"

# Memory does not grow with the input; a reader that goes away ends it.
if grep -q '^HARDEN_CFLAGS.*-fsanitize' "$NDR_BUILD/Makefile"; then
    skip 'an address space of 200 MB is enough for any size' 'built with a sanitizer'
elif [ -r /proc/self/status ]; then
    cat "$t/big" "$t/big" "$t/big" "$t/big" >"$t/huge"
    small=$(sh -c "ulimit -v 200000; '$NDR_PROGRAM' analyze --jobs 1 --format ndjson '$t/huge' | wc -l" 2>/dev/null | tr -d ' ')
    same 'an address space of 200 MB is enough for any size' $((4 * mails)) "$small"
fi
ndr analyze --jobs 3 --format ndjson "$t/big" 2>"$t/err" | head -1 >"$t/out"
same 'a reader that leaves: silence' '' "$(cat "$t/err")"
for jobs in 1 3; do
    [ -c /dev/full ] || continue
    ndr analyze --jobs $jobs --format ndjson "$t/big" 2>"$t/err" >/dev/full
    same "a full disk with $jobs processes: status" 2 $?
    has 'and it is said' 'ndr: standard output: cannot write' "$(cat "$t/err")"
done

# Workers that are killed while the first of them writes to somebody who does not read yet.
killed() { # signal number-of-the-worker: status in $status, what came out in $t/many
    mkfifo "$t/slow"
    sh -c 'echo $$ >"$1"; exec "$2" analyze --jobs 3 --format ndjson "$3" >"$4" 2>"$5"' - "$t/pid" "$NDR_PROGRAM" "$t/big" "$t/slow" "$t/err" &
    job=$!
    exec 9<"$t/slow"
    IFS= read -r first <&9
    kill "-$1" "$(cut -d ' ' -f "$2" "/proc/$(cat "$t/pid")/task/$(cat "$t/pid")/children")"
    { printf '%s\n' "$first" && cat <&9; } >"$t/many"
    exec 9<&-
    wait $job
    status=$?
    rm "$t/slow"
}
if [ -r "/proc/$$/task/$$/children" ]; then
    ndr analyze --jobs 1 --format ndjson "$t/big" >"$t/one" 2>/dev/null
    killed KILL 2
    same 'a worker that is killed is replaced: status' 0 $status
    check 'and nothing is lost' cmp -s "$t/one" "$t/many"
    same 'nor said' '' "$(cat "$t/err")"
    killed TERM 2
    same 'one that is told to end ends the run: status' 2 $status
    has 'and it is said' 'a worker ended early' "$(cat "$t/err")"
    killed KILL 1
    same 'one that is killed while it writes ends the run: status' 2 $status
    check 'and what came out is the beginning' sh -c 'cmp "$1" "$2" 2>&1 | grep -q "EOF on $1"' - "$t/many" "$t/one"
else
    skip 'a worker that is killed is replaced' 'no /proc'
fi
for bad in 0 x 1000 -1; do
    run analyze --jobs "$bad" --format ndjson "$t/big"
    complains "--jobs $bad" 2
done
done_testing

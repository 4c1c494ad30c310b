#!/bin/sh
# Every call that can fail does, once, in whole runs of the program; then disks that are full or cannot be
# written to, and torn databases.
. "$NDR_SRCDIR/tests/lib.sh"
t=$(mktemp -d "${TMPDIR:-/tmp}/ndr-faults.XXXXXX") || exit 1
trap 'chmod -R u+w "$t"; rm -rf "$t"' EXIT
cd "$NDR_SRCDIR" || exit 1
if ! command -v python3 >/dev/null || ! ${CC:-cc} -shared -fPIC -O2 -o "$t/fault.so" tests/deep/fault.c -ldl 2>"$t/log"; then
    skip 'every call fails once' 'no python3, or no library to preload can be made'
    done_testing
    exit
fi
mkdir "$t/work"
NDR_FAULT_STEP=${NDR_FAULT_STEP:-1} python3 tests/deep/faults.py "$NDR_PROGRAM" "$t/fault.so" "$t/work" >"$t/out" 2>&1
same 'every call of every kind fails once, and nothing else goes wrong' 'status 0' "status $?"
sed 's/^ok [0-9]* - /# /; s/^not ok [0-9]* - /# FAILS: /; /^1\.\./d' "$t/out"

# Standard output on a full disk: status 2 and one line, whatever the command.
if [ -c /dev/full ]; then
    for command in 'analyze tests/samples/dane.eml' 'explain 5.7.23' 'list' 'trees dane' 'config' 'search dane' \
        'triage tests/reports' 'analyze --format ndjson tests/reports'; do
        # shellcheck disable=SC2086
        "$NDR_PROGRAM" $command >/dev/full 2>"$t/err"
        same "$command on a full disk" 'status 2, lines 1' "status $?, lines $(grep -c '^ndr: .*cannot write' "$t/err")"
    done
fi

# No byte may be written to any file.
(ulimit -f 0 && exec "$NDR_PROGRAM" analyze tests/samples/dane.eml) 2>"$t/err" | cat >"$t/out"
"$NDR_PROGRAM" analyze tests/samples/dane.eml >"$t/whole"
check 'without room for any file it still diagnoses' cmp -s "$t/out" "$t/whole"
done_testing

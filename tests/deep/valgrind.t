#!/bin/sh
# A sample of commands under valgrind, which also sees bytes that were never written.  In a build of its own,
# without walls: valgrind needs more room than a worker may have.
. "$NDR_SRCDIR/tests/lib.sh"
if ! command -v valgrind >/dev/null || grep -q '^HARDEN_CFLAGS.*-fsanitize' "$NDR_BUILD/Makefile"; then
    skip 'commands under valgrind' 'no valgrind, or a sanitizer build'
    done_testing
    exit
fi
work=$NDR_BUILD/valgrind
mkdir -p "$work" && cd "$work" || exit 1
[ -f Makefile ] || "$NDR_SRCDIR/configure" --quiet CFLAGS='-g -O1' CPPFLAGS=-DGUARD_SANITIZED || exit 1
make -s -j "$(getconf _NPROCESSORS_ONLN)" all >log 2>&1
same 'the build for valgrind ends well' '0 ' "$? $(head -n 5 log)"
cd "$NDR_SRCDIR" || exit 1
out=$(mktemp "${TMPDIR:-/tmp}/ndr-valgrind.XXXXXX") || exit 1
trap 'rm -f "$out"' EXIT

try() { # arguments; standard input is theirs
    valgrind -q --error-exitcode=99 --trace-children=no --suppressions=tests/deep/valgrind.supp "$work/ndr" "$@" >/dev/null 2>"$out"
    status=$?
    same "$*" 'no fault' "$([ $status -lt 3 ] && ! grep -q '^==' "$out" && echo 'no fault' || head -n 20 "$out")"
}

try --version </dev/null
try analyze tests/samples/dane.eml </dev/null
try analyze --format json tests/samples/unicode.msg </dev/null
try analyze --format html tests/samples/forwarded.dat </dev/null
try analyze --redact --format markdown tests/reports/exchange-2010-german.eml </dev/null
try analyze --jobs 1 --format ndjson tests/reports </dev/null
try analyze - <tests/reports/single-line.txt
try explain 5.7.23 </dev/null
try search fingerprint dane </dev/null
try walk dane --answers 1,1 </dev/null
try trees dane --format svg </dev/null
try lint tests/fuzz/seeds/codes/entry.xml </dev/null
try triage --format html tests/reports </dev/null
try config </dev/null
printf 'open tests/samples/dane.eml\nwalk\n1\n1\nmessage ticket\nsearch spf\nquit\n' | try shell
done_testing

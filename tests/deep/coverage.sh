#!/bin/sh
# How much of each folder of src the tests run: coverage.sh SRCDIR WORK.  Builds with gcc's counters in WORK,
# runs all tests there, and prints lines run, lines, percent and folder; then the files below 90 percent.
# Without walls: the counters are written at the end of a process, when it may open no file any more.
set -u
srcdir=$(cd "$1" && pwd)
mkdir -p "$2" && cd "$2" || exit 1
[ -f Makefile ] || "$srcdir/configure" --quiet CC=gcc CFLAGS='-g -O0 --coverage' CPPFLAGS=-DGUARD_SANITIZED || exit 1
find . -name '*.gcda' -exec rm -f {} +
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
make -s -j "$jobs" all >build.log 2>&1 || {
    tail -n 20 build.log
    exit 1
}
env -u NDR_LONG -u NDR_HOSTILE_SEEDS make -s check >check.log 2>&1
grep ' passed, ' check.log | tail -n 1
find obj -name '*.gcda' | while read -r counts; do
    gcov -n -o "$(dirname "$counts")" "$counts" 2>/dev/null
done | awk '
    /^File/ { file = $2; gsub(/\x27/, "", file); next }
    /^Lines executed/ && file ~ /src\/[a-z]+\/[a-z_]+\.c$/ {
        sub(/^.*src\//, "", file)
        split($0, part, /[:% ]+/)
        lines = $NF
        run = part[3] * lines / 100
        folder = file
        sub(/\/.*/, "", folder)
        total[folder] += lines
        done[folder] += run
        if (part[3] < 90) {
            low[file] = part[3]
        }
        file = ""
    }
    END {
        for (f in total) {
            printf "%6d %6d %6.1f %s\n", done[f], total[f], 100 * done[f] / total[f], f | "sort -k4"
        }
        close("sort -k4")
        for (f in low) {
            printf "%s: %.1f\n", f, low[f] | "sort"
        }
    }'

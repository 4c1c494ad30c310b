#!/bin/sh
# All tests once more with the address and undefined behavior sanitizers.
. "$NDR_SRCDIR/tests/lib.sh"
work=$NDR_BUILD/sanitize
mkdir -p "$work" && cd "$work" || exit 1
[ -f Makefile ] || "$NDR_SRCDIR/configure" --quiet --enable-sanitize CFLAGS='-g -O1' || exit 1
make -s -j "$(getconf _NPROCESSORS_ONLN)" all >log 2>&1
same 'the build with sanitizers ends well' '0 ' "$? $(head -n 5 log)"
# What lives as long as the program is not freed at its end.
env -u NDR_LONG -u NDR_HOSTILE_SEEDS ASAN_OPTIONS=detect_leaks=0 make -s check >log 2>&1
same 'no test finds a fault of memory' 0 $?
tail -n 40 log | sed 's/^/# /'
done_testing

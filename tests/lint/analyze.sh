#!/bin/sh
# What analyzers find in src: analyze.sh SRCDIR WORK.  gcc -fanalyzer, clang-tidy and cppcheck, as far as they are
# installed; prints their findings and a line of counts each.  Status 1 when there is a finding.
set -u
srcdir=$(cd "$1" && pwd)
mkdir -p "$2" && cd "$2" || exit 1
found=0

tell() { # name, log
    count=$(grep -c -e ': warning:' -e ': error:' -e ': style:' -e ': performance:' -e ': portability:' "$2")
    grep -e ': warning:' -e ': error:' -e ': style:' -e ': performance:' -e ': portability:' "$2"
    echo "$1: $count findings"
    found=$((found + count))
}

# Left out: null pointers.  gcc 12 does not follow that a text with a length has a pointer and that a list with a
# count has items, and tells of nothing but that.  The sanitizers and fuzzers look for the same while it runs.
if command -v gcc >/dev/null; then
    [ -f Makefile ] || "$srcdir/configure" --quiet CC=gcc CFLAGS='-O1 -g -fanalyzer -Wno-analyzer-null-dereference -Wno-analyzer-null-argument' || exit 1
    rm -rf obj
    make -s -k libndr.a $(cd "$srcdir/src" && ls cli/*.c ui/*.c main.c | sed 's|^|obj/|; s|c$|o|') >gcc.log 2>&1
    tell 'gcc -fanalyzer' gcc.log
fi

flags="-std=c11 -D_GNU_SOURCE -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I$srcdir/src"
for package in libxml-2.0 ncursesw readline jansson sqlite3; do
    flags="$flags $(pkg-config --cflags $package 2>/dev/null)"
done
flags="$flags -DNDR_VERSION=\"0\" -DNDR_SYSCONFDIR=\"/etc\""
sources=$(find "$srcdir/src" -name '*.c' | sort)

if command -v clang-tidy >/dev/null; then
    # shellcheck disable=SC2086
    printf '%s\n' $sources | xargs -n 8 -P "$(getconf _NPROCESSORS_ONLN)" sh -c \
        'flags=$1; config=$2; shift 2; exec clang-tidy --quiet --config-file="$config" "$@" -- $flags' \
        tidy "$flags" "$srcdir/.clang-tidy" >tidy.log 2>tidy.err
    tell clang-tidy tidy.log
fi

if command -v cppcheck >/dev/null; then
    cppcheck --quiet --library="$srcdir/tests/lint/cppcheck.cfg" --enable=warning,performance,portability --std=c11 -I "$srcdir/src" \
        --suppressions-list="$srcdir/tests/lint/cppcheck.txt" --template='{file}:{line}: {severity}: {message} [{id}]' \
        -j "$(getconf _NPROCESSORS_ONLN)" "$srcdir/src" >cppcheck.log 2>&1
    tell cppcheck cppcheck.log
fi
[ $found -eq 0 ]

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

# gcc 12 knows nothing of allocators of one's own, so what it says of memory that may be leaked at an exit of
# the program, or of a null pointer out of a function that never gives one, is told it by attributes instead.
if command -v gcc >/dev/null; then
    [ -f Makefile ] || "$srcdir/configure" --quiet CC=gcc CFLAGS='-O1 -g -fanalyzer' || exit 1
    rm -rf obj
    make -s -k libndr.a libcli.a ndr >gcc.log 2>&1
    tell 'gcc -fanalyzer' gcc.log
fi

flags="-std=c11 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I$srcdir/src"
for package in libxml-2.0 ncursesw readline jansson sqlite3; do
    flags="$flags $(pkg-config --cflags $package 2>/dev/null)"
done
flags="$flags -DNDR_VERSION=\"0\" -DNDR_SYSCONFDIR=\"/etc\""
sources=$(find "$srcdir/src" -name '*.c' | sort)

if command -v clang-tidy >/dev/null; then
    # shellcheck disable=SC2086
    clang-tidy --quiet --config-file="$srcdir/.clang-tidy" $sources -- $flags >tidy.log 2>tidy.err
    tell clang-tidy tidy.log
fi

if command -v cppcheck >/dev/null; then
    cppcheck --quiet --inline-suppr --enable=warning,performance,portability --std=c11 -I "$srcdir/src" \
        --suppressions-list="$srcdir/tests/lint/cppcheck.txt" --template='{file}:{line}: {severity}: {message} [{id}]' \
        -j "$(getconf _NPROCESSORS_ONLN)" "$srcdir/src" >cppcheck.log 2>&1
    tell cppcheck cppcheck.log
fi
[ $found -eq 0 ]

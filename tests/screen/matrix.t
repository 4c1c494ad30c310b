#!/bin/sh
# Every place in every size, terminal type and charset.
. "$NDR_SRCDIR/tests/lib.sh"
if ! command -v python3 >/dev/null; then
    skip 'the matrix of places, sizes, terminal types and charsets' 'no python3'
    done_testing
    exit
fi
exec python3 "$NDR_SRCDIR/tests/screen/matrix.py"

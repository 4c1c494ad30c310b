#!/bin/sh
# What goes over the line besides the picture: the clipboard, no questions to the terminal, nothing while idle, how
# soon Esc and a large paste are answered, how many bytes a key costs.
. "$NDR_SRCDIR/tests/lib.sh"
if ! command -v python3 >/dev/null; then
    skip 'the bytes of the line' 'no python3'
    done_testing
    exit
fi
exec python3 "$NDR_SRCDIR/tests/screen/bytes.py"

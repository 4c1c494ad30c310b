#!/bin/sh
# Line mode on a terminal: long lines, Ctrl-C, lines that come at once, what is echoed, charsets, every end.
. "$NDR_SRCDIR/tests/lib.sh"
if ! command -v python3 >/dev/null || ! python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
    skip 'line mode on a terminal' 'no python3 or no pseudo-terminal'
    done_testing
    exit
fi
exec python3 "$NDR_SRCDIR/tests/cli/line.py"

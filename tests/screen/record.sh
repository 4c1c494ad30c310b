#!/bin/sh
# The recording of a journey through the real program: record.sh BUILD OUT.  Needs libvterm and python3.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
NDR_SRCDIR=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
NDR_PROGRAM=$build/ndr
out=$2
[ -x "$build/tests/screen/screen" ] || { echo "recording: libvterm is missing" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LC_ALL=C.UTF-8 TZ=UTC TERM=xterm-256color HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work XDG_STATE_HOME=$work
NDR_SCREEN_LOG=$work/log NDR_SCREEN_CALM=1
export NDR_SCREEN_CALM NDR_SRCDIR NDR_PROGRAM NDR_SCREEN_LOG LC_ALL TZ TERM HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
unset NO_COLOR NDR_DATA NDR_CONFIG NDR_RESTRICTED TMUX STY
"$build/tests/screen/screen" "$here/recording.keys" >"$work/tap" || { grep -A26 '^not ok' "$work/tap" >&2; exit 1; }
python3 "$here/cast.py" make "$work/log" >"$out"

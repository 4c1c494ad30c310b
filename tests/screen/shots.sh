#!/bin/sh
# Pictures of the real program for the README: shots.sh BUILD OUT.  Needs tmux and python3.
# Each picture is what a terminal of that size shows after the keys; SVG, so no display is needed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
for need in tmux python3; do
    command -v "$need" >/dev/null || { echo "screenshots: $need is missing" >&2; exit 1; }
done
work=$(mktemp -d)
socket=ndr-shots-$$
trap 'tmux -L "$socket" kill-server 2>/dev/null || :; rm -rf "$work"' EXIT
LC_ALL=C.UTF-8 HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work XDG_STATE_HOME=$work
export LC_ALL HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
unset NO_COLOR NDR_DATA NDR_CONFIG NDR_RESTRICTED TMUX

terminal() { tmux -L "$socket" -f /dev/null "$@"; }

# Until the words stand there, not for a fixed time.
await() {
    for _ in $(seq 1 250); do
        terminal capture-pane -p -t 0 | grep -qF -- "$1" && return
        sleep 0.02
    done
    echo "screenshots: \"$1\" did not come" >&2
    terminal capture-pane -p -t 0 >&2
    exit 1
}

# shot NAME SIZE FILE|- STEP...: a step is a key, "wait:words", "type:text" or "paste:file".
shot() {
    name=$1 size=$2 file=$3
    shift 3
    [ "$file" = - ] && file=
    terminal new-session -d -x "${size%x*}" -y "${size#*x}" "exec $build/ndr ${file:+$root/$file}" \; \
        set -g status off \; set -sg escape-time 0 \; set -g default-terminal tmux-256color
    for step in "$@"; do
        case $step in
        wait:*) await "${step#wait:}" ;;
        type:*) terminal send-keys -t 0 -l "${step#type:}" ;;
        paste:*)
            terminal load-buffer "$root/${step#paste:}"
            terminal paste-buffer -p -t 0
            ;;
        *) terminal send-keys -t 0 "$step" ;;
        esac
    done
    sleep 0.1
    terminal capture-pane -e -p -N -t 0 >"$work/screen"
    terminal kill-server
    python3 "$here/ansi2svg.py" "$size" ndr <"$work/screen" >"$out/$name-$size.svg"
}

report=tests/samples/dane.eml
for size in 80x24 120x40; do
    shot home "$size" - 'wait:Guided trees' Down Down Down Down Down 'wait:DANE'
    shot detail "$size" - 'wait:Home' 'type:5.7.23' 'wait:Sender Policy' Enter 'wait:Cause'
    shot search "$size" - 'wait:Home' / 'wait:Search' 'type:certificate' 'wait:4.7.322'
    shot paste "$size" - 'wait:Home' "paste:$report" 'wait:orders@fabrikam.com'
    shot diagnosis "$size" "$report" 'wait:certain'
    shot walk "$size" "$report" 'wait:certain' Enter 'wait:Whose domain' 1 'wait:TLSA records' 1 \
        'wait:three small numbers' 1 'wait:what each server shows'
    shot outcome "$size" "$report" 'wait:certain' Enter 'wait:Whose domain' 1 'wait:TLSA records' 1 \
        'wait:three small numbers' 1 'wait:what each server shows' 3 'wait:With which number' 1 \
        'wait:equals the digits' 4 'wait:newer than' 1 'wait:forgotten record'
done
ls "$out"

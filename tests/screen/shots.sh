#!/bin/sh
# Pictures of the real program: shots.sh BUILD OUT [NAME...].  Needs tmux and python3.
# Each picture is what a terminal of that size shows after the keys; SVG, so no display is needed.
# Drawn twice they are the same byte for byte: no dates, no paths and no names of this machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2
wanted=" $* "
for need in tmux python3; do
    command -v "$need" >/dev/null || { echo "screenshots: $need is missing" >&2; exit 1; }
done
work=$(mktemp -d)
socket=ndr-shots-$$
trap 'tmux -L "$socket" kill-server 2>/dev/null || :; rm -rf "$work"' EXIT
LC_ALL=C.UTF-8 TZ=UTC HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work XDG_STATE_HOME=$work
export LC_ALL TZ HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
unset NO_COLOR NDR_DATA NDR_CONFIG NDR_RESTRICTED TMUX

terminal() { tmux -L "$socket" -f /dev/null "$@"; }

# Until the words stand there, not for a fixed time.
await() {
    for _ in $(seq 1 250); do
        terminal capture-pane -p -t 0 | grep -qF -- "$1" && return
        sleep 0.02
    done
    echo "screenshots: $name-$size: \"$1\" did not come" >&2
    terminal capture-pane -p -t 0 >&2
    exit 1
}

# Until two looks in a row see the same: what waits for the cursor to rest is painted then, too.
await_rest() {
    : >"$work/before"
    for _ in $(seq 1 50); do
        sleep 0.12
        terminal capture-pane -e -p -N -t 0 >"$work/screen"
        cmp -s "$work/before" "$work/screen" && return
        mv "$work/screen" "$work/before"
    done
}

# shot NAME SIZE ARGUMENTS STEP...: a step is a key, "wait:words", "type:text" or "paste:file".
shot() {
    name=$1 size=$2 arguments=$3
    shift 3
    case $wanted in '  ' | *" $name "*) ;; *) return 0 ;; esac
    terminal new-session -d -x "${size%x*}" -y "${size#*x}" -c "$root" "exec $build/ndr $arguments" \; \
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
    await_rest
    terminal kill-server
    python3 "$here/ansi2svg.py" "$size" ndr <"$work/screen" >"$out/$name-$size.svg"
}

# The walks that were saved so far get a date that does not change.
date_walks() {
    python3 - "$work" <<'PYTHON'
import pathlib, sqlite3, sys
for path in pathlib.Path(sys.argv[1]).rglob("*.db"):
    with sqlite3.connect(path) as store:
        for row, (number,) in enumerate(store.execute("select id from walk order by changed desc, id desc").fetchall()):
            store.execute("update walk set changed = ? where id = ?", (1795000000 - row * 86400, number))
PYTHON
}

dane=tests/samples/dane.eml
spf=tests/samples/trace.eml
walk="wait:certain Enter wait:Whose 1 wait:TLSA 1 wait:numbers 1 wait:each"

screens_of() {
    # Without a report.
    shot home "$1" '' 'wait:Guided trees' Down Down Down Down Down 'wait:DANE'
    shot category "$1" '' 'wait:Guided trees' Down Down Down Down Down Right Down Down 'wait:DANE'
    shot detail "$1" '' wait:Home type:5.7.23 'wait:Sender Policy' Enter wait:Cause
    shot search "$1" '' wait:Home / wait:Search type:certificate wait:4.7.322
    shot prompt "$1" '' wait:Home : type:tr Tab wait:triage
    shot trees "$1" '' wait:Home t wait:Trees Down Down Down
    shot tree "$1" '' wait:Home t wait:Trees Enter wait:Outcomes
    shot options "$1" '' wait:Home O wait:theme Down Down Down
    shot help "$1" '' wait:Home ? 'wait:> Keys'
    shot typing "$1" '' wait:Home p wait:Paste
    # A report and what is known of it.
    shot paste "$1" '' wait:Home "paste:$dane" wait:orders@fabrikam.com
    shot diagnosis "$1" "$dane" wait:certain
    shot diagnosis-mono "$1" "--theme mono $dane" wait:certain
    shot diagnosis-contrast "$1" "--theme contrast $dane" wait:certain
    shot one-line "$1" tests/reports/single-line.txt wait:certain
    shot several "$1" tests/samples/recipients.eml wait:4
    shot recipients "$1" tests/samples/recipients.eml wait:4 R wait:Same
    shot copy-for "$1" "$dane" wait:certain c wait:postmaster
    shot evidence "$1" "$dane" wait:certain Down Down Down
    shot others "$1" "tests/stories/30-one-line-ambiguous-541.txt" wait:Certainty o wait:Causes
    shot full-text "$1" "$dane" wait:certain Tab wait:Full
    shot lines "$1" "$dane" wait:certain e wait:line
    shot lines-search "$1" "$dane" wait:certain e wait:line / type:received Enter
    shot hops "$1" "$spf" wait:certain H wait:Hops
    shot authentication "$1" "$spf" wait:certain A wait:Authentication
    shot messages "$1" "$dane" wait:certain m wait:sender
    shot postmaster "$1" "$dane" wait:certain m wait:sender Tab wait:postmaster
    shot ticket "$1" "$dane" wait:certain m wait:sender Tab Tab wait:ticket
    shot entry "$1" "$dane" wait:certain i wait:Cause
    shot help-diagnosis "$1" "$dane" wait:certain ? 'wait:> Keys'
    # shellcheck disable=SC2086 # steps
    shot walk "$1" "$dane" $walk
    shot overview "$1" "$dane" $walk v wait:possible
    shot path "$1" "$dane" $walk Tab
    shot ask-again "$1" "$dane" $walk x wait:again
    shot outcome "$1" "$dane" $walk 3 'wait:With which number' 1 'wait:equals the digits' 4 \
        'wait:newer than' 1 'wait:forgotten record'
    date_walks
    shot saved "$1" '' wait:Home S wait:done
    rm -rf "$work"/*
    # Many reports.
    shot triage "$1" '' wait:Home 'type::triage tests/stories' Enter wait:Owner
    shot triage-reports "$1" '' wait:Home 'type::triage tests/stories' Enter wait:Owner Down Right
}
screens_of 80x24
screens_of 120x40
# As low and narrow as it goes, and below.
shot narrow 40x12 "$dane" wait:certain
shot too-small 39x7 '' wait:small
shot plain 80x24 "--plain $dane" wait:Number:
ls "$out"

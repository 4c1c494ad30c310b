#!/bin/sh
# libvterm and model.py, two terminals that know nothing of each other, show the same after each of 50 resizes at a time.
. "$NDR_SRCDIR/tests/lib.sh"
program=$NDR_BUILD/tests/screen/screen
if [ ! -x "$program" ] || ! command -v python3 >/dev/null; then
    skip 'the models of a terminal' 'libvterm or python3 is not installed'
    done_testing
    exit
fi
t=$(mktemp -d "${TMPDIR:-/tmp}/ndr-models.XXXXXX") || exit 1
trap 'rm -rf "$t"' EXIT

# A way to a place, then 50 sizes from a seed, each painted anew.
resizes() { # seed keys...
    echo "env NDR_DATA=\$SRC/tests/screen/knowledge"
    echo 'size 80 24'
    echo "start \$SRC/tests/samples/dane.eml"
    echo 'wait Certainty'
    seed=$1
    shift
    [ $# -eq 0 ] || echo "key $*"
    awk -v seed="$seed" 'BEGIN { srand(seed); for (i = 0; i < 50; i++) print "size", 20 + int(rand() * 180), 4 + int(rand() * 60) }'
    echo 'size 80 24'
    echo 'signal TERM'
    echo 'end TERM'
}

agree() { # sentence script
    rm -f "$t/log"
    out=$(NDR_SCREEN_LOG=$t/log "$program" "$2")
    case $out in
    '1..0 # SKIP'*) skip "$1" 'no pseudo-terminal' && return ;;
    esac
    python3 "$NDR_SRCDIR/tests/screen/model.py" "$t/log" >"$t/out"
    report $? "$1: $(tail -1 "$t/out")"
    grep -v 'looks, 0 diff' "$t/out" | head -20 | sed 's/^/# /'
}

resizes 1 >"$t/diagnosis"
resizes 2 Enter >"$t/walk"
resizes 3 Tab >"$t/text"
resizes 4 q / t l s a >"$t/search"
resizes 5 q : t r >"$t/prompt"
resizes 6 q Right Down Enter >"$t/entry"
resizes 7 q '?' >"$t/help"
for place in diagnosis walk text search prompt entry help; do
    agree "50 resizes on $place" "$t/$place"
done
done_testing

# Helpers of the shell tests, which speak TAP.  Source it, then: check 'sentence' command...,
# same 'sentence' expected actual, has 'sentence' needle haystack, skip 'sentence' 'why'; end with done_testing.
tests=0
failures=0

report() { # result sentence
    tests=$((tests + 1))
    if [ "$1" = 0 ]; then
        echo "ok $tests - $2"
    else
        failures=$((failures + 1))
        echo "not ok $tests - $2"
    fi
}

check() {
    sentence=$1
    shift
    if "$@"; then report 0 "$sentence"; else report 1 "$sentence"; fi
}

same() {
    if [ "$2" = "$3" ]; then
        report 0 "$1"
    else
        report 1 "$1"
        printf '# expected: %s\n# got:      %s\n' "$2" "$3"
    fi
}

has() {
    case $3 in
    *"$2"*) report 0 "$1" ;;
    *)
        report 1 "$1"
        printf '# not found: %s\n# in: %s\n' "$2" "$(printf '%s' "$3" | head -c 600)"
        ;;
    esac
}

lacks() {
    case $3 in
    *"$2"*)
        report 1 "$1"
        printf '# found: %s\n' "$2"
        ;;
    *) report 0 "$1" ;;
    esac
}

skip() {
    tests=$((tests + 1))
    echo "ok $tests - $1 # SKIP $2"
}

ndr() { "$NDR_PROGRAM" "$@"; }

done_testing() {
    echo "1..$tests"
    [ $failures -eq 0 ]
}

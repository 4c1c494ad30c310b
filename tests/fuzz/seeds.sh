#!/bin/sh
# Names the seeds of a fuzz target: seeds.sh SRCDIR TARGET.  Beside those kept for it alone, files of the
# other tests and the shipped data serve as well.
set -eu
cd "$1"
case $2 in
mime | report) more='tests/reports/*.eml tests/samples/*.eml' ;;
flat) more='tests/reports/*.eml tests/reports/*.txt tests/samples/*.msg tests/samples/*.dat' ;;
text) more='tests/reports/*.txt tests/reports/*.eml' ;;
redact) more='tests/reports/shape-*.eml tests/reports/*.txt' ;;
msg) more='tests/samples/*.msg' ;;
tnef) more='tests/samples/*.dat' ;;
tree) more='data/trees/*.xml' ;;
codes) more='data/codes/journaling.xml data/codes/timeout.xml' ;;
filter | decode) more='tests/reports/charset-*.eml' ;;
*) more= ;;
esac
for file in tests/fuzz/seeds/"$2"/* $more; do
    [ ! -f "$file" ] || printf '%s/%s\n' "$1" "$file"
done

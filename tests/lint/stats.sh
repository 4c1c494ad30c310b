#!/bin/sh
# A report, not a test: the longest files and functions, and how the lines are spread.  stats.sh SRCDIR
set -eu
cd "$1"
echo 'Lines by folder'
for d in src/*/ tests data help; do
    printf '%8d  %s\n' "$(find "$d" -type f \( -name '*.[ch]' -o -name '*.def' -o -name '*.xml' -o -name '*.t' \
        -o -name '*.sh' -o -name '*.keys' \) -exec cat {} + | wc -l)" "$d"
done
echo
echo 'Longest files of the program'
wc -l src/*.c src/*/*.[ch] | grep -v total | sort -rn | head -10
echo
echo 'Longest functions of the program (lines from the name to the closing brace)'
awk '
    FNR == 1 { name = "" }
    /^[a-z].*[a-z_0-9]\(.*[^;]$/ && !/;$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name); from = FNR }
    /^}/ && name != "" { printf "%6d  %s %s\n", FNR - from + 1, FILENAME, name; name = "" }
' src/*.c src/*/*.c | sort -rn | head -10

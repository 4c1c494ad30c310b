#!/bin/sh
# make install and uninstall; the installed program finds its data wherever it lies.
. "$NDR_SRCDIR/tests/cli/common.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL
root=$t/root
make -s -C "$NDR_BUILD" install DESTDIR="$root" >"$t/out" 2>&1
same 'it installs below DESTDIR' 0 $?
prefix=$(sed -n 's/^prefix *= //p' "$NDR_BUILD/Makefile")
installed=$root$prefix/bin/ndr
same 'the program' 5.7.23 "$("$installed" explain 5.7.23 | sed -n '1s/ .*//p')"
same 'all entries' "$(ndr list | wc -l)" "$("$installed" list | wc -l)"
for part in share/man/man1/ndr.1 share/man/man5/ndrrc.5 share/ndr/schema/codes.rnc share/ndr/help/paste.xml share/bash-completion/completions/ndr \
    share/zsh/site-functions/_ndr; do
    check "$part is there" test -s "$root$prefix/$part"
done
mv "$root" "$t/elsewhere"
same 'it can be moved' 5.7.23 "$("$t/elsewhere$prefix/bin/ndr" explain 5.7.23 | sed -n '1s/ .*//p')"
mv "$t/elsewhere" "$root"
if grep -q -e '^HARDEN_CFLAGS.*-fsanitize' -e '^CFLAGS.*--coverage' "$NDR_BUILD/Makefile"; then
    skip 'no path of the build stands in it' 'built with a sanitizer or counters'
else
    check 'no path of the build stands in it' sh -c "! grep -qF '$NDR_SRCDIR' '$installed'"
fi
make -s -C "$NDR_BUILD" uninstall DESTDIR="$root" >"$t/out" 2>&1
same 'it uninstalls' 0 $?
same 'and leaves no file' '' "$(find "$root" -type f -o -type l)"
done_testing

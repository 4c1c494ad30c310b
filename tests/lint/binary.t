#!/bin/sh
# The program itself: built so that a fault of memory is hard to use, and without the means to start another
# program.  Builds with sanitizers or counters are other programs.
. "$NDR_SRCDIR/tests/lib.sh"
if ! command -v readelf >/dev/null || grep -q -e '^HARDEN_CFLAGS.*-fsanitize' -e '^CFLAGS.*--coverage' "$NDR_BUILD/Makefile"; then
    skip 'the program is hardened' 'no readelf, or a build with sanitizers or counters'
    same 'no engine of regular expressions' '' "$(imported '(reg(comp|exec)|re_(compile|search|match).*|pcre.*)')"
same 'of libxml2 it uses the parser and nothing else' '' "$(imported '(xml|html).*' |
    grep -vE '^xml(CreatePushParserCtxt|CtxtUseOptions|FreeDoc|FreeParserCtxt|MemSetup|ParseChunk|SAX2GetLineNumber|SetExternalEntityLoader|StopParser)$')"
same 'and of sqlite3 no extensions' '' "$(imported 'sqlite3_(load_extension|enable_load_extension|auto_extension|create_module.*)')"
done_testing
    exit
fi
segments=$(readelf -lW "$NDR_PROGRAM")
dynamic=$(readelf -dW "$NDR_PROGRAM")
imports=$(readelf --dyn-syms -W "$NDR_PROGRAM" | awk '$7 == "UND" { sub(/@.*/, "", $8); print $8 }')

imported() { printf '%s\n' "$imports" | grep -Ex "$1"; }

has 'it may be loaded anywhere' 'DYN (Position-Independent Executable file)' "$(readelf -hW "$NDR_PROGRAM")"
has 'addresses of functions are resolved at the start' 'BIND_NOW' "$dynamic"
has 'and cannot be changed afterwards' 'GNU_RELRO' "$segments"
same 'the stack cannot be run' 'RW' "$(printf '%s\n' "$segments" | awk '$1 == "GNU_STACK" { print $7 }')"
same 'no part is both written and run' '' "$(printf '%s\n' "$segments" | grep 'LOAD.*RWE')"
lacks 'no path for libraries is built in' 'RPATH' "$dynamic"
lacks 'nor a later one' 'RUNPATH' "$dynamic"
has 'frames on the stack are guarded' '__stack_chk_fail' "$imports"
has 'calls of the C library are checked' '_chk' "$(printf '%s' "$imports" | grep -v stack_chk)"
root=$(cd "$NDR_SRCDIR" && pwd)
same 'where it was built does not stand in it' '' "$(strings -a "$NDR_PROGRAM" | grep -F "$root" | head -n 3)"
same 'nothing in it starts another program' '' \
    "$(imported '(v?f?exec(l|le|lp|v|ve|vp|vpe|veat)|fexecve|system|popen|posix_spawnp?|wordexp)')"
same 'or loads code' '' "$(imported 'dlm?open')"
same 'or a network' '' "$(imported 'socket|connect|getaddrinfo|gethostbyname.*')"
same 'no engine of regular expressions' '' "$(imported '(reg(comp|exec)|re_(compile|search|match).*|pcre.*)')"
same 'of libxml2 it uses the parser and nothing else' '' "$(imported '(xml|html).*' |
    grep -vE '^xml(CreatePushParserCtxt|CtxtUseOptions|FreeDoc|FreeParserCtxt|MemSetup|ParseChunk|SAX2GetLineNumber|SetExternalEntityLoader|StopParser)$')"
same 'and of sqlite3 no extensions' '' "$(imported 'sqlite3_(load_extension|enable_load_extension|auto_extension|create_module.*)')"
done_testing

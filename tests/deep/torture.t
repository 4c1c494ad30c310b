#!/bin/sh
# Random keys, pastes, resizes and signals from a seed.  For a build with --enable-sanitize; NDR_ROUNDS and NDR_SEED
# choose other numbers.
cd "$NDR_SRCDIR/tests/deep" && exec python3 torture.py "${NDR_ROUNDS:-20000}" "${NDR_SEED:-1}"

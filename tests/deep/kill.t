#!/bin/sh
# Killed at random moments of a walk; NDR_ROUNDS and NDR_SEED choose others.
cd "$NDR_SRCDIR/tests/deep" && exec python3 kill.py "${NDR_ROUNDS:-200}" "${NDR_SEED:-1}"

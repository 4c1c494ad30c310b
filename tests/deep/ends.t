#!/bin/sh
# Hang-ups, ends of input, odd windows and terminals, and places where nothing can be written.
cd "$NDR_SRCDIR/tests/deep" && exec python3 ends.py

#!/bin/sh
# boot.sh -- make ./configure from configure.ac.
set -e
cd "$(dirname "$0")"
autoreconf --install --force

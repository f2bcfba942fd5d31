#!/bin/sh
# Builds the native tracer.
#   build.sh 'COMPILER [OPTION ...]' OUTPUT JDK_INCLUDE_DIRECTORY
# DEMANGLER: what links __cxa_demangle statically; that of GCC unless set.
set -eu
compiler=$1
output=$2
jdk=$3
source=$(dirname "$0")
: "${DEMANGLER:=-Wl,-Bstatic -lsupc++ -Wl,-Bdynamic}"

# shellcheck disable=SC2086 # words are meant to be split
exec $compiler -std=gnu11 -O2 -g1 -Wall -Wextra -Werror -fPIC -fvisibility=hidden \
  -fexceptions -fasynchronous-unwind-tables -ftls-model=initial-exec \
  -I"$jdk" -I"$jdk/linux" -shared -o "$output" "$source"/*.c "$source"/stubs.S \
  -Wl,-soname,libdescry.so -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack \
  -Wl,--build-id -Wl,--version-script="$source/exports.map" $DEMANGLER -ldl

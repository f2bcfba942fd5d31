#!/bin/sh
# Builds libdescry.so for x86-64 and aarch64.
#
#   library.sh COMPILER JAVA_HOME OUT [--offline]
#
# COMPILER: zig   both, for glibc 2.17 and later, the same bytes everywhere (see zig.sh)
#           cc    with the compilers of this machine: what they can build, for this machine's glibc
#           none  neither
#           auto  zig, else cc, else none; where CI is true, zig or failure
# Under OUT/io/descry/os/tracer: compiler.txt says what built it; ARCH/libdescry.so or, where that could
# not be built, ARCH/absent.txt, the reason, in one line.
set -eu

compiler=$1
headers=$2/include
out=$3/io/descry/os/tracer
offline=${4:-}
here=$(cd "$(dirname "$0")" && pwd)
sources=$(cd "$here/../main/c" && pwd)

say() {
  echo "native tracer: $1"
}

# The stack of a thread that is in the tracer is walked by others too: unwind tables stay. Nothing is
# left to the symbol's first use, where the loader would take its lock within a hook. The library is
# never unmapped, as a thread may be in it. TLS without calling the loader, which may allocate.
flags="-std=gnu11 -Wall -Wextra -Werror -O2 -g0 -fPIC -fvisibility=hidden -ftls-model=initial-exec
  -fexceptions -fasynchronous-unwind-tables -ffunction-sections -fdata-sections"
link="-shared -s -Wl,-soname,libdescry.so,--build-id=sha1,--gc-sections,--version-script=$sources/exports.map
  -Wl,-z,defs,-z,nodelete,-z,now,-z,relro,-z,noexecstack -ldl -lpthread"

# What include/ has one of: linux, darwin ...; linux's and darwin's say the same of these systems.
machine_headers=$(dirname "$(ls "$headers"/*/jni_md.h 2> /dev/null | head -n 1)")

arch() {
  case $1 in
    x86_64) echo amd64 ;;
    *) echo "$1" ;;
  esac
}

# cpu command...: compiles and links with that C compiler; the last arguments are what else to link.
build() {
  cpu=$1
  cc=$2
  shift 2
  # shellcheck disable=SC2086
  $cc $flags -I"$headers" -I"$machine_headers" -o "$out/$(arch "$cpu")/libdescry.so" \
    "$sources"/*.c "$sources"/*.S "$@" $link
  chmod 644 "$out/$(arch "$cpu")/libdescry.so"
}

build_with_zig() {
  zig=$1
  # By these it finds what it compiled before, and leaves nothing where it is called.
  ZIG_GLOBAL_CACHE_DIR=${XDG_CACHE_HOME:-$HOME/.cache}/descry/zig-cache
  ZIG_LOCAL_CACHE_DIR=$ZIG_GLOBAL_CACHE_DIR
  export ZIG_GLOBAL_CACHE_DIR ZIG_LOCAL_CACHE_DIR
  library=$("$zig" env | sed -n 's/^ *\.lib_dir = "\(.*\)",$/\1/p')
  case $library in
    /*) ;;
    *) library=$PWD/$library ;;
  esac
  for cpu in x86_64 aarch64; do
    demangler=$work/demangler-$cpu.o
    "$zig" c++ -target $cpu-linux-gnu.2.17 -c -std=c++20 -O2 -g0 -fPIC -w -DNDEBUG -fno-exceptions \
      -fno-rtti -fvisibility=hidden -ffunction-sections -fdata-sections \
      -I"$library/libcxxabi/src" -I"$library/libcxxabi/include" "$here/demangler.cc" -o "$demangler"
    build $cpu "$zig cc -target $cpu-linux-gnu.2.17" "$demangler"
  done
  built="zig $("$zig" version), glibc 2.17"
}

# A C compiler of this machine that builds for the given processor.
compiler_for() {
  if [ "$(uname -s) $(uname -m)" = "Linux $1" ] && command -v "${CC:-cc}"; then
    return
  fi
  command -v "$1-linux-gnu-gcc"
}

build_with_cc() {
  for cpu in x86_64 aarch64; do
    cc=$(compiler_for $cpu) || continue
    # With a g++ comes a demangler; without one, C++ names stay as they are.
    demangler=$("$cc" -print-file-name=libstdc++.a)
    [ -f "$demangler" ] || demangler=$here/no-demangler.c
    build $cpu "$cc" -Wl,-u,__cxa_demangle "$demangler"
    built="${built:+$built; }$("$cc" --version | head -n 1), this machine's glibc, for $cpu"
  done
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$out/amd64" "$out/aarch64"
mkdir -p "$out/amd64" "$out/aarch64"
built=
why=
if [ ! -f "$headers/jvmti.h" ]; then
  why="the JDK that builds, $2, has no include/jvmti.h"
else
  case $compiler in
    auto | zig)
      if zig=$(sh "$here/zig.sh" $offline 2> "$work/said"); then
        while read -r line; do say "$line"; done < "$work/said"
        build_with_zig "$zig"
      else
        why=$(tail -n 1 "$work/said")
        [ "$compiler" = zig ] || [ "${CI:-}" = true ] || build_with_cc
      fi
      ;;
    cc)
      build_with_cc
      why="told to use this machine's compilers"
      ;;
    none) why="told to build none" ;;
    *) why="there is no compiler called $compiler" ;;
  esac
fi
for arch in amd64 aarch64; do
  [ -f "$out/$arch/libdescry.so" ] || echo "Descry was built without it: $why" > "$out/$arch/absent.txt"
done
echo "${built:-none}" > "$out/compiler.txt"
if [ -z "$built" ]; then
  say "left out, and the tests that need it: $why"
else
  say "built by $built${why:+ ($why)}"
fi
# Told so, anybody may do without; for want of something, CI and who asked for zig may not.
case $compiler in
  none | cc) ;;
  zig) [ -z "$why" ] ;;
  *) [ -z "$why" ] || [ "${CI:-}" != true ] ;;
esac

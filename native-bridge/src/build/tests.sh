#!/bin/sh
# Runs the tests of the tracer's C part, src/test/c/run.sh, in one of the ways that Maven runs them.
#
#   tests.sh WAY OUT
#
# WAY: plain    on this machine, optimised as it is shipped
#      address  on this machine, with AddressSanitizer and UndefinedBehaviorSanitizer
#      thread   on this machine, with ThreadSanitizer
#      aarch64  by the compiler that builds what is shipped, under qemu where this is another machine;
#               undefined behaviour traps
# What is built and run is below OUT/WAY. Ends with 77 and, as its last line, the reason when this
# machine lacks what the way needs.
set -eu

way=$1
out=$2/$way
here=$(cd "$(dirname "$0")" && pwd)

lacking() {
  echo "C tests, $way, left out: $1"
  exit 77
}

compiler=${CC:-cc}
sanitizer=
runner=
run=$way
case $way in
  plain) ;;
  address)
    sanitizer=-fsanitize=address,undefined
    # To look for leaks it needs ptrace, which containers forbid.
    export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0}"
    ;;
  thread)
    sanitizer=-fsanitize=thread
    # Kernels since 6.6 shuffle addresses more than the runtime of GCC 12 can bear.
    if command -v setarch > /dev/null && setarch "$(uname -m)" -R true 2> /dev/null; then
      runner="setarch $(uname -m) -R"
    fi
    ;;
  aarch64)
    zig=$(sh "$here/zig.sh" --offline 2>&1) || lacking "$zig"
    export ZIG_GLOBAL_CACHE_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/descry/zig-cache"
    export ZIG_LOCAL_CACHE_DIR="$ZIG_GLOBAL_CACHE_DIR"
    # The tests call more than the tracer does: all that the C library has which they run with.
    if [ "$(uname -m)" = aarch64 ]; then
      version=$(getconf GNU_LIBC_VERSION 2> /dev/null | sed -n 's/^glibc //p')
    else
      runner=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || lacking "no qemu-aarch64"
      libc=/usr/aarch64-linux-gnu
      runner="$runner -L $libc"
      version=$($runner $libc/lib/libc.so.6 2> /dev/null | sed -n '1s/.* version \(2\.[0-9]*\).*/\1/p')
    fi
    [ -n "$version" ] || lacking "no GNU C library for aarch64"
    [ -z "$runner" ] || [ -e "$libc/lib/libgcc_s.so.1" ] || lacking "no libgcc_s.so.1 for aarch64"
    # By a trap: building the runtime that would say more takes longer than all the tests.
    compiler="$zig cc -target aarch64-linux-gnu.$version -fsanitize=undefined -fsanitize-trap=undefined"
    run=plain
    ;;
  *)
    echo "no such way: $way"
    exit 2
    ;;
esac

mkdir -p "$out"
out=$(cd "$out" && pwd)
command -v "${compiler%% *}" > /dev/null || lacking "no C compiler called ${compiler%% *}"
echo 'int main(void) { return 0; }' > "$out/probe.c"
# shellcheck disable=SC2086 # lists of words
{
  # Optimised, as zig builds more of a runtime for what is not.
  $compiler $sanitizer -O1 -o "$out/probe" "$out/probe.c" > "$out/probe.log" 2>&1 ||
    lacking "$compiler cannot build with $sanitizer"
  $runner "$out/probe" > "$out/probe.log" 2>&1 ||
    lacking "what is built by $compiler $sanitizer does not run here: $(tail -n 1 "$out/probe.log")"
}

# A test that hangs fails.
timeout 600 sh "$here/../test/c/run.sh" "$compiler" "$out" "$run" "$runner"
echo "C tests, $way: passed"

#!/bin/sh
# Builds and runs the tests of the tracer's C part: src/test/c/*_test.c, each a program of its own,
# linked with all of the tracer, that prints what is wrong and then exits with another status than 0.
#
#   tests.sh VARIANT JAVA_HOME OUT [NAME_test ...]
#
# VARIANT: plain    on this machine, optimised as it is shipped
#          address  on this machine, with AddressSanitizer and UndefinedBehaviorSanitizer
#          thread   on this machine, with ThreadSanitizer
#          aarch64  by zig for aarch64, under qemu where this is another machine; undefined behaviour traps
# A test runs in the variants that a line in it names after "variants:", without one in plain,
# address and aarch64. Every src/test/c/lib*.c is a shared library for the tests, in the directory
# that each gets as its one argument; it is built without sanitizers.
# Ends with 77, and the reason in one line, when this machine lacks what the variant needs.
set -eu

variant=$1
headers=$2/include
out=$3/$variant
shift 3
here=$(cd "$(dirname "$0")" && pwd)
sources=$(cd "$here/../main/c" && pwd)
tests=$here/../test/c
machine_headers=$(dirname "$(ls "$headers"/*/jni_md.h 2> /dev/null | head -n 1)")
flags="-std=gnu11 -Wall -Wextra -Werror -g -fno-omit-frame-pointer -fasynchronous-unwind-tables
  -I$headers -I$machine_headers -I$sources"
link="-rdynamic -ldl -lpthread"

lacking() {
  echo "C tests, $variant, left out: $1"
  exit 77
}

mkdir -p "$out"
out=$(cd "$out" && pwd)
[ -f "$headers/jvmti.h" ] || lacking "the JDK that builds has no include/jvmti.h"

compiler=${CC:-cc}
sanitizer=
run=
case $variant in
  plain) flags="$flags -O2" ;;
  address)
    flags="$flags -O1"
    sanitizer="-fsanitize=address,undefined -fno-sanitize-recover=all"
    # Finding leaks needs ptrace, which containers forbid.
    export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0}"
    ;;
  thread)
    flags="$flags -O1"
    sanitizer=-fsanitize=thread
    export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1}"
    # Its runtime knows where things are mapped only when the kernel does not shuffle them much.
    run="setarch -R"
    ;;
  aarch64)
    zig=$(sh "$here/zig.sh" --offline 2>&1) || lacking "$zig"
    export ZIG_GLOBAL_CACHE_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/descry/zig-cache"
    export ZIG_LOCAL_CACHE_DIR="$ZIG_GLOBAL_CACHE_DIR"
    compiler="$zig cc -target aarch64-linux-gnu.2.17"
    flags="$flags -O2"
    # By a trap, as the runtime that would say more takes longer to build than all tests to run.
    sanitizer="-fsanitize=undefined -fsanitize-trap=undefined"
    if [ "$(uname -m)" != aarch64 ]; then
      run=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || lacking "no qemu-aarch64"
      libc=/usr/aarch64-linux-gnu
      [ -e $libc/lib/ld-linux-aarch64.so.1 ] || lacking "no C library for aarch64 in $libc"
      run="$run -L $libc"
    fi
    ;;
  *)
    echo "no such variant: $variant"
    exit 2
    ;;
esac

# From here on lists of words are meant to be split.
# shellcheck disable=SC2086
{
  command -v ${compiler%% *} > /dev/null || lacking "no C compiler called ${compiler%% *}"
  echo 'int main(void) { return 0; }' > "$out/probe.c"
  $compiler $sanitizer -o "$out/probe" "$out/probe.c" > "$out/probe.log" 2>&1 ||
    lacking "$compiler cannot build with $sanitizer"
  $run "$out/probe" > "$out/probe.log" 2>&1 || lacking "what is built with $sanitizer does not run here"

  # The tracer once, then the tests.
  objects=
  for source in "$sources"/*.c "$sources"/*.S "$here/no-demangler.c"; do
    object=$out/$(basename "$source").o
    $compiler $flags $sanitizer -fPIC -ftls-model=initial-exec -c -o "$object" "$source"
    objects="$objects $object"
  done

  for source in "$tests"/lib*.c; do
    [ -e "$source" ] || continue
    $compiler $flags -fPIC -shared -o "$out/$(basename "$source" .c).so" "$source"
  done

  passed=0
  failed=0
  for source in "$tests"/*_test.c; do
    name=$(basename "$source" .c)
    case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
    variants=$(sed -n 's/.*variants://p' "$source" | head -n 1)
    case " ${variants:-plain address aarch64} " in *" $variant "*) ;; *) continue ;; esac
    $compiler $flags $sanitizer -o "$out/$name" "$source" $objects $link
    status=0
    timeout 300 $run "$out/$name" "$out" < /dev/null || status=$?
    if [ $status -eq 0 ]; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "$name: failed with status $status"
    fi
  done
}
echo "C tests, $variant: $passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]

#!/bin/sh
# Builds and runs the tests of the native tracer, without a JVM.
#   run.sh 'COMPILER [OPTION ...]' DIRECTORY [plain|address|thread] ['RUNNER']
# DIRECTORY is for what is built. RUNNER runs the programs, as qemu-aarch64.
set -eu
compiler=$1
out=$2
way=${3:-plain}
runner=${4:-}
tests=$(cd "$(dirname "$0")" && pwd)
main=$(cd "$tests/../../main/c" && pwd)
mkdir -p "$out"

# Fortified, open is __open_2, which has a test of its own.
common="-std=gnu11 -U_FORTIFY_SOURCE -g -Wall -Wextra -Werror -fPIC -fexceptions -fasynchronous-unwind-tables -pthread"
programs="calls closes children signals race loading table budget"
case $way in
  plain) options="-O2" ;;
  address) options="-O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover" ;;
  thread) options="-O1 -fsanitize=thread"; programs="table" ;;
  *) echo "$way?" >&2; exit 2 ;;
esac

# All but the JVM's side, with its inner functions visible.
sources=$(ls "$main"/*.c | grep -v -e /jvm.c -e /natives.c -e /inspect.c)
# shellcheck disable=SC2086 # words are meant to be split
$compiler $common $options -ftls-model=initial-exec -shared -o "$out/libtraced.so" $sources \
  "$main/stubs.S" -Wl,-soname,libtraced.so -Wl,-z,nodelete -ldl
for library in opens wraps preloaded slow; do
  # shellcheck disable=SC2086
  $compiler $common -O1 -shared -o "$out/lib$library.so" "$tests/$library.c" -Wl,-z,lazy -ldl
done
# shellcheck disable=SC2086
$compiler $common -O1 -shared -o "$out/libopens_now.so" "$tests/opens.c" -Wl,-z,relro -Wl,-z,now -ldl

mkdir -p "$out/jdk"
# shellcheck disable=SC2086
$compiler $common -O1 -shared -o "$out/jdk/libvforks.so" "$tests/vforks.c" -Wl,-z,relro -Wl,-z,now

for program in $programs; do
  # shellcheck disable=SC2086
  $compiler $common $options -rdynamic -o "$out/${program}_test" "$tests/${program}_test.c" \
    -L"$out" -ltraced -Wl,-rpath,"$out" -ldl -lrt -lutil
  echo "$program"
  # The sanitizer's own dlopen does not look along its caller's path.
  [ "$way" = plain ] || export LD_LIBRARY_PATH="$out"
  (cd "$out" && $runner "./${program}_test")
  if [ "$program-$way" = loading-plain ]; then
    echo "$program, with a library preloaded"
    (cd "$out" && LD_PRELOAD="$out/libpreloaded.so" $runner "./${program}_test" preloaded)
  fi
done

#!/bin/sh
# Prints what the native tracer costs: the CPU time of an open and close of /dev/null by native code that Java
# calls, without the tracer and in each of its modes, at two depths of the Java stack.
#   src/bench/native-cost.sh JDK_HOME...
# Build first: mvn -DskipTests package
set -eu
bridge=$(cd "$(dirname "$0")/../../native-bridge" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for jdk in "$@"; do
  cc -std=gnu11 -O1 -shared -fPIC -pthread -I"$jdk/include" -I"$jdk/include/linux" \
    -o "$work/libfaults.so" "$bridge/src/test/c/jvm/faults.c" -lrt
  for depth in 3 60; do
    echo "$(sed -n 's/^JAVA_VERSION=//p' "$jdk/release") depth $depth"
    "$jdk/bin/java" --enable-native-access=ALL-UNNAMED \
      -cp "$bridge/target/classes:$bridge/target/test-classes:$(cat "$bridge/target/unit-test.classpath")" \
      io.descry.os.tracer.TracerCost "$work/libfaults.so" 300000 $depth
  done
done

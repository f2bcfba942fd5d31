#!/bin/sh
# Prints what the native tracer costs: the CPU time of an open and close of /dev/null by native code that Java
# calls, without the tracer and in each of its modes, at two depths of the Java stack.
#   src/bench/native-cost.sh JDK_HOME...
# Build first: mvn -DskipTests package
set -eu
opens=${OPENS:-300000}
bridge=$(cd "$(dirname "$0")/../../native-bridge" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "CPU time of an open and close by native code, not hooked, and the ratios to it; best of seven rounds of $opens,"
echo "all modes in turn in one JVM; $(date +%F)."
echo
echo "| JDK | Java frames | not hooked, ns | no stacks | stacks within the budget | every stack |"
echo "| --- | --- | --- | --- | --- | --- |"
for jdk in "$@"; do
  cc -std=gnu11 -O1 -shared -fPIC -pthread -I"$jdk/include" -I"$jdk/include/linux" \
    -o "$work/libfaults.so" "$bridge/src/test/c/jvm/faults.c" -lrt
  for depth in 3 60; do
    "$jdk/bin/java" --enable-native-access=ALL-UNNAMED \
      -cp "$bridge/target/classes:$bridge/target/test-classes:$(cat "$bridge/target/unit-test.classpath")" \
      io.descry.os.tracer.TracerCost "$work/libfaults.so" "$opens" $depth > "$work/modes"
    awk -v jdk="$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$jdk/release")" -v depth=$depth '
      $1 == "unhooked" { printf "| JDK %s | %d | %s |", jdk, depth, $2 }
      $5 == "times" { printf " %s |", $4 }
      END { print "" }' "$work/modes"
  done
done

#!/bin/sh
# What a scan costs, part by part: CPU time and memory, in one JVM that holds DESCRIPTORS and scans
# SCANS times in a row, without an agent, so that load on the machine hardly matters. NATIVE: native
# (with the tracer and its library) or jna. After: mvn -DskipTests test-compile
#
#   src/bench/scan-cost.sh DESCRIPTORS SCANS NATIVE [JDK_HOME [JVM_OPTION ...]]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
descriptors=$1
scans=$2
native=$3
java=${4:-${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}}
[ $# -lt 4 ] && shift 3 || shift 4
exec "$java/bin/java" -Xmx1g "$@" -XX:-UseContainerSupport -XX:-MaxFDLimit \
  --add-exports=java.base/jdk.internal.access=ALL-UNNAMED \
  --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED \
  -cp "$root/agent/target/test-classes:$root/agent/target/classes:$root/native-bridge/target/classes:$(cat "$root/agent/target/unit-test.classpath")" \
  io.descry.agent.ScanCost "$descriptors" "$scans" "$native"

#!/usr/bin/env bash
# Prints where the time or the memory goes that Descry costs beyond what is wanted of it.
#   src/bench/profile.sh WHAT JDK_HOME
#   open:        an open and close of a FileInputStream with stacks=all, 50 frames deep
#   native:      an open and close by native code, within the budget for stacks
#   sqlite:      a connection of sqlite-jdbc to a file, likewise
#   scan:        a scan of 10,000 descriptors of mixed kinds
#   server:      Vert.x under wrk, a connection for each request, by who runs
#   collections: the JDK's HttpServer likewise, by its young collections, the first sixteen and the rest, and bare
#   compilers:   the same server, by what HotSpot's compilers take of the first seconds, and bare
#   start:       what the agent does before main, in ten runs of hello world; and the classes loaded until then
#   memory:      10,000 open files, by the JVM's histogram and its native memory tracking
# All but collections, compilers and memory by async-profiler, which Maven brings, with the event cpu-clock: that has the kernel's
# frames too, where the kernel lets this user see them. Build first: mvn -DskipTests package
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ $# -ne 2 ]; then
  sed -n '2,13s/^# //p' "$0" >&2
  exit 2
fi
what=$1
jdk=$2
agent=agent/target/descry.jar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The option that has a JVM profiled.
profiler() {
  mvn -q -f src/bench dependency:unpack@profiler > "$work/maven" 2>&1 || { cat "$work/maven" >&2; exit 1; }
  local machine=x64
  [ "$(uname -m)" = x86_64 ] || machine=arm64
  echo "-agentpath:$PWD/src/bench/target/profiler/linux-$machine/libasyncProfiler.so=start,event=cpu-clock,interval=500us,cstack=vm,lib,ann,collapsed,file=$work/stacks"
}

# The shares of the samples whose stacks have a frame like this.
summary() {
  awk -v like="$1" -v threads="${2:-}" '
    # Whose the innermost frame is; what HotSpot does for one purpose is told from what else it does.
    function whose(stack, frame) {
      if (like ~ /StartAgent/) {
        if (stack ~ /retransform|redefine/) return "JDK classes changed again by HotSpot, and by ASM for it"
        if (stack ~ /ClassFileParser|KlassFactory/) return "classes parsed"
        if (stack ~ /Verifier|link_class/) return "classes verified and linked"
        if (stack ~ /zip|jar\/|Zip|Jar|libz/) return "jar opened and read"
        if (stack ~ /SystemDictionary|Dictionary|ClassLoader/) return "classes found and defined"
        if (stack ~ /io\/descry/) return "Descry and what it calls, interpreted"
        return "JDK"
      }
      if (threads) {
        if (stack ~ /^\[descry/) return "Descry, its threads"
        if (stack ~ /^\[C[12] /) return "compiler"
        if (stack ~ /^\[(G1|GC|VM )/) return "collector and other threads of the JVM"
        if (frame ~ /libdescry/) return "Descry, the tracer in the threads of the server"
        if (stack ~ /io\/descry\/ledger/) return "Descry, the ledger in the threads of the server"
        return "server"
      }
      if (stack ~ /Throwable.fillInStackTrace/) return "stack of the open: HotSpot walks and keeps it"
      if (frame ~ /_\[k\]$/) return "kernel"
      if (frame ~ /libdescry/) return "Descry, native"
      if (frame ~ /^io\/descry\/bench/) return "the benchmark"
      if (frame ~ /^io\/descry\//) return "Descry, Java"
      if (frame ~ /libsqlitejdbc|sqlite3_/) return "sqlite"
      if (frame ~ /libc\.so|ld-linux|vdso/) return "C library"
      if (frame ~ /libjvm/) return "HotSpot, anything else"
      if (frame ~ /^[a-z]+\/.*\./) return "JDK, Java"
      return "JDK and other native code, stubs"
    }
    $0 ~ like {
      samples = $NF
      sub(/ [0-9]+$/, "")
      frame = $0
      sub(/.*;/, "", frame)
      all += samples
      group[whose($0, frame)] += samples
      sub(/^.*\/libdescry.so/, "libdescry.so", frame)
      top[whose($0, frame) "\t" frame] += samples
    }
    END {
      print all " samples\n\n| of | share |\n| --- | --- |"
      for (one in group) printf "| %s | %.1f %% |\n", one, 100 * group[one] / all | "sort -t\"|\" -k3 -rn"
      close("sort -t\"|\" -k3 -rn")
      print "\n| innermost frame | of | share |\n| --- | --- | --- |"
      for (one in top) {
        split(one, part, "\t")
        printf "| `%s` | %s | %.1f %% |\n", part[2], part[1], 100 * top[one] / all | "sort -t\"|\" -k4 -rn | head -16"
      }
    }' "$work/stacks"
}

# RSS of a process in KiB, by what lies there: a heap of 1 GiB lies below 4 GiB, above it the archive of classes and what
# is kept with it.
resident() {
  awk '
    /^[0-9a-f]+-[0-9a-f]+ / {
      split($1, range, "-")
      place = "other memory"
      if ($6 ~ /\.so|modules$|\.jar$|bin\/java/) place = "files"
      else if (length(range[1]) <= 8) place = "Java heap"
      else if (length(range[1]) == 9) place = "class archive and class space"
    }
    /^Rss:/ { size[place] += $2; size["all"] += $2 }
    END { for (place in size) printf "resident: %s\t%d\n", place, size[place] }' "/proc/$1/smaps"
}

# Starts a service in a JVM with these options; then load SECONDS puts load on it, a connection for each request, and a
# question that is written to &3 is answered by a line of $work/out (see Service.Run). Closing that ends it.
start_service() {
  local service=$1
  shift
  command -v wrk > /dev/null || { echo "wrk is needed: apt-get install wrk" >&2; exit 2; }
  rm -f "$work/in"
  mkfifo "$work/in"
  "$jdk/bin/java" "$@" -Dsun.net.httpserver.nodelay=true -cp 'src/bench/target/classes:src/bench/target/lib/*' \
    'io.descry.bench.Service$Run' "$service" < "$work/in" > "$work/out" 2> /dev/null &
  exec 3> "$work/in"
  until grep -qE '^[0-9]+$' "$work/out"; do sleep 0.2; done
  port=$(grep -m 1 -E '^[0-9]+$' "$work/out")
}

load() {
  wrk -t 1 -c 16 -d "${1}s" -H 'Connection: close' "http://127.0.0.1:$port/" | grep requests
}

# The same for so many seconds where TIMES does not say.
serve() {
  local service=$1 seconds=${TIMES:-$2}
  shift 2
  start_service "$service" "$@"
  load "$seconds"
  exec 3>&-
  wait
}

hello() {
  mkdir "$work/hello"
  echo 'class Hello { public static void main(String[] a) { System.out.println("hello"); } }' > "$work/hello/Hello.java"
  "$jdk/bin/javac" -d "$work/hello" "$work/hello/Hello.java"
}

echo "$("$jdk/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/JDK \1/p'), $what, $(date +%F)"
case $what in
  open)
    profiler > "$work/option"
    "$jdk/bin/java" "$(cat "$work/option")" "-javaagent:$agent=report=none,stacks=all" -cp src/bench/target/classes \
      io.descry.bench.Steady FILE_INPUT_STREAM 50 "${TIMES:-300000}"
    summary Steady.measured
    ;;
  native)
    bridge=native-bridge
    profiler > "$work/option"
    cc -std=gnu11 -O1 -shared -fPIC -pthread -I"$jdk/include" -I"$jdk/include/linux" \
      -o "$work/libfaults.so" $bridge/src/test/c/jvm/faults.c -lrt
    "$jdk/bin/java" "$(cat "$work/option")" --enable-native-access=ALL-UNNAMED \
      -cp "$bridge/target/classes:$bridge/target/test-classes:$(cat $bridge/target/unit-test.classpath)" \
      io.descry.os.tracer.TracerCost "$work/libfaults.so" "${TIMES:-100000}" 3 budget
    summary 'TracerCost.hooked'
    ;;
  sqlite)
    profiler > "$work/option"
    "$jdk/bin/java" "$(cat "$work/option")" "-javaagent:$agent=report=none" \
      -cp 'src/bench/target/classes:src/bench/target/lib/*' 'io.descry.bench.NativeOpener$Loop' SQLITE > /dev/null
    summary NativeOpener
    ;;
  scan)
    profiler > "$work/option"
    src/bench/scan-cost.sh 10000 "${TIMES:-100}" native "$jdk" "$(cat "$work/option")" | tail -n 3
    summary 'io/descry/(os|reconcile|detect)'
    ;;
  server)
    profiler > "$work/option"
    serve VERTX 60 "$(cat "$work/option"),threads" "-javaagent:$agent=report=none"
    summary . threads
    ;;
  collections)
    for run in 1 2 3; do
      for arm in bare Descry; do
        options=("-Xlog:gc*,gc+phases=debug:file=$work/$arm.$run.log::filecount=0")
        [ $arm = bare ] || options+=("-javaagent:$agent=report=none")
        serve JDK 15 "${options[@]}" > /dev/null
      done
    done
    echo
    echo "| young collections of a server | | number | copied, KiB, mean | pause, ms, median | longest |"
    echo "| --- | --- | --- | --- | --- | --- |"
    for arm in bare Descry; do
      for which in first later; do
        awk -v which=$which '
          FNR == 1 { collections = 0 }
          /Copied Bytes/ { copied = $0; sub(/.*Sum: /, "", copied) }
          /Pause Young.*ms$/ { if ((++collections <= 16) == (which == "first")) print $NF + 0, copied / 1024 }' \
          "$work/$arm".?.log | sort -n | awk -v arm=$arm -v which=$which '
          { pause[NR] = $1; copied += $2 }
          END {
            printf "| %s | %s | %d | %.0f | %.1f | %.1f |\n", arm, which == "first" ? "the first 16" : "the rest",
              NR, copied / NR, pause[int((NR + 1) / 2)], pause[NR]
          }'
      done
    done
    ;;
  compilers)
    for run in 1 2 3; do
      for arm in bare Descry; do
        options=()
        [ $arm = bare ] || options=("-javaagent:$agent=report=none")
        start_service JDK "${options[@]}"
        for stretch in 1 2 3 4 5 6; do
          load 2 > "$work/load"
          echo compiled >&3
          until [ "$(wc -l < "$work/out")" -gt $stretch ]; do sleep 0.05; done
          echo "$arm $stretch $(tail -n 1 "$work/out") $(awk '{ print $1 }' "$work/load")" >> "$work/compiled"
        done
        exec 3>&-
        wait
      done
    done
    echo
    echo "| stretches of 2 s of load, means of three JVMs | | 1 | 2 | 3 | 4 | 5 | 6 |"
    echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
    awk '
      {
        compiled[$1, $2] += $3 - ($2 > 1 ? before : 0)
        requests[$1, $2] += $4
        before = $3
      }
      END {
        for (arm = 1; arm <= 2; arm++) {
          name = arm == 1 ? "bare" : "Descry"
          first = "| " name " | time in compilers, ms |"
          second = "| " name " | requests |"
          for (i = 1; i <= 6; i++) {
            first = first sprintf(" %.0f |", compiled[name, i] / 3)
            second = second sprintf(" %.0f |", requests[name, i] / 3)
          }
          print first "\n" second
        }
      }' "$work/compiled"
    ;;
  start)
    hello
    profiler > "$work/option"
    for run in $(seq "${TIMES:-10}"); do
      "$jdk/bin/java" "$(cat "$work/option")" "-javaagent:$agent=report=none" -cp "$work/hello" Hello > /dev/null 2>&1
      cat "$work/stacks"
    done > "$work/runs"
    mv "$work/runs" "$work/stacks"
    summary loadClassAndStartAgent
    for arm in bare Descry; do
      options=()
      [ $arm = bare ] || options=("-javaagent:$agent=report=none")
      "$jdk/bin/java" "${options[@]}" "-Xlog:class+load:file=$work/$arm.log:none:filecount=0" -cp "$work/hello" Hello > /dev/null 2>&1
    done
    awk '
      BEGIN { print "\n| classes until main | whose | all | of the archive |\n| --- | --- | --- | --- |" }
      FNR == 1 { arm = FILENAME; sub(/.*\//, "", arm); sub(/\.log/, "", arm); over = 0 }
      $1 == "Hello" { over = 1 }
      over { next }
      {
        one = "the JDK"
        if ($1 ~ /^io.descry/) one = "Descry"
        if ($1 ~ /objectweb|bytebuddy/) one = "ASM"
        classes[arm "\t" one]++
        if (/shared objects file/) shared[arm "\t" one]++
      }
      END {
        for (key in classes) {
          split(key, part, "\t")
          printf "| %s | %s | %d | %d |\n", part[1], part[2], classes[key], shared[key] | "sort"
        }
      }' "$work/bare.log" "$work/Descry.log"
    ;;
  memory)
    for arm in bare Descry; do
      options=()
      [ $arm = bare ] || options=("-javaagent:$agent=report=none,interval=1s")
      mkfifo "$work/in"
      "$jdk/bin/java" -Xmx1g -XX:NativeMemoryTracking=summary "${options[@]}" -cp src/bench/target/classes \
        io.descry.bench.Keeping < "$work/in" > "$work/out" 2>&1 &
      pid=$!
      exec 3> "$work/in"
      sleep 5
      "$jdk/bin/jcmd" $pid VM.native_memory summary > "$work/$arm.native"
      resident $pid >> "$work/$arm.native"
      "$jdk/bin/jcmd" $pid GC.class_histogram > "$work/$arm.none"
      echo 10000 >&3
      until grep -q holding "$work/out"; do sleep 1; done
      sleep 5
      "$jdk/bin/jcmd" $pid GC.class_histogram > "$work/$arm.held"
      exec 3>&-
      wait $pid
      rm "$work/in"
    done
    echo
    echo "| objects for each of 10,000 open files | instances | bytes |"
    echo "| --- | --- | --- |"
    # More than bare, and only what there is one of for many descriptors.
    awk '
      FNR == 1 { sign = FILENAME ~ /bare/ ? -1 : 1; sign *= FILENAME ~ /none$/ ? -1 : 1 }
      $1 ~ /^[0-9]+:$/ { many[$4] += sign * $2; bytes[$4] += sign * $3 }
      END {
        for (one in bytes) {
          if (bytes[one] >= 20000) printf "| `%s` | %.2f | %.1f |\n", one, many[one] / 10000, bytes[one] / 10000 | "sort -t\"|\" -k4 -rn"
          all += bytes[one]
        }
        close("sort -t\"|\" -k4 -rn")
        printf "| all | | %.1f |\n", all / 10000
      }' "$work"/{bare,Descry}.{none,held}
    echo
    echo "| memory of the idle JVM, MiB; by native memory tracking where not resident | bare | Descry |"
    echo "| --- | --- | --- |"
    awk '
      FNR == 1 { arm = FILENAME ~ /bare/ ? "bare" : "Descry" }
      /^-.*committed=/ {
        name = $0; sub(/^- */, "", name); sub(/ *\(.*/, "", name)
        size = $0; sub(/.*committed=/, "", size)
        kib[name, arm] = size + 0; names[name]
      }
      /^resident/ { split($0, part, "\t"); kib[part[1], arm] = part[2]; names[part[1]] }
      END {
        for (name in names)
          if (kib[name, "Descry"] - kib[name, "bare"] > 200)
            printf "| %s | %.1f | %.1f |\n", name, kib[name, "bare"] / 1024, kib[name, "Descry"] / 1024 | "sort -t\"|\" -k4 -rn"
      }' "$work"/{bare,Descry}.native
    ;;
  *)
    echo "no such thing to profile: $what; there are open, native, sqlite, scan, server, collections, compilers, start and memory" >&2
    exit 2
    ;;
esac

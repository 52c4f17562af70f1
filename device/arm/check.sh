#!/usr/bin/env bash
# Runs the arm64 library of ONNX Runtime, as it ships, on a model package's network and self-test under emulated ARM processors, and compares the
# logits with those that the package expects.
#   device/arm/check.sh [--install] [--cpu NAME]… [MODEL-DIR]…
# As root, for each processor needs a /proc/cpuinfo of its own (in a mount namespace; nothing of this machine is changed). --install installs the
# Debian packages that are missing. Without a folder it is the bundled network.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=(qemu-user-static gcc-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++6-arm64-cross)
sysroot=/usr/aarch64-linux-gnu
binding=src/Compat/Microsoft.ML.OnnxRuntime/node_modules
library=$binding/onnxruntime-node/bin/napi-v6/linux/arm64/libonnxruntime.so.1

fail() {
  echo "arm: $1" >&2
  exit 2
}

# shellcheck source-path=SCRIPTDIR
. device/arm/processor.sh

install=false chosen=() models=()
while [ $# -gt 0 ]; do
  case $1 in
    --install) install=true ;;
    --cpu) chosen+=("${2:?}"); shift ;;
    -*) fail "\"$1\" is no option; allowed are --install and --cpu NAME" ;;
    *) models+=("$1") ;;
  esac
  shift
done
[ ${#chosen[@]} -gt 0 ] || chosen=("${processors[@]}")
[ ${#models[@]} -gt 0 ] || models=(models/ecgfm-nano)

[ "$(id -u)" -eq 0 ] || fail "not root: sudo $0 $*"
need_packages "$install" "${packages[@]}"
[ -f "$library" ] || fail "$library is missing: build the program once, which fetches it"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$library" "$work/libonnxruntime.so.1"
ln -s libonnxruntime.so.1 "$work/libonnxruntime.so"
# The order of the C API's table, from Microsoft's own binding: entries are only ever added at its end.
{
  echo 'struct ort_api {'
  awk '/public struct OrtApi$/ { inside = 1 } inside && /public IntPtr/ { sub(/;.*/, ""); print "    void *" $3 ";" } inside && /^    }/ { exit }' "$binding/com.github.asus4.onnxruntime/Runtime/NativeMethods.shared.cs"
  echo '};'
} >"$work/ort_api.h"
aarch64-linux-gnu-gcc -std=gnu11 -O2 -Wall -I"$work" device/arm/run_selftest.c -o "$work/run_selftest" -L"$work" -lonnxruntime -lm -Wl,-rpath,"$work"

status=0
for model in "${models[@]}"; do
  manifest=$model/manifest.json
  [ -f "$manifest" ] || fail "$manifest is missing; expected the folder of a model package"
  read -r name precision network test segments labels tolerance < <(node -e '
    const m = JSON.parse(require("fs").readFileSync(process.argv[1]));
    console.log(m.name, m.precision, m.network.file, m.selfTest.file, m.selfTest.segments, m.labels.length, m.selfTest.tolerance)' "$manifest")
  for processor in "${chosen[@]}"; do
    describe_processor "$processor" "$work"
    printf '%-12s %-5s %-13s ' "$name" "$precision" "$processor"
    # A mount namespace of its own: outside it, /proc and /sys stay as they are.
    # shellcheck disable=SC2016
    if ! unshare --mount sh -c 'mount --bind "$1/cpuinfo" /proc/cpuinfo && mount --bind "$1/cpu" /sys/devices/system/cpu && shift && exec "$@"' sh "$work" \
        qemu-aarch64-static -L "$sysroot" -cpu "$processor" "$work/run_selftest" "$model/$network" "$model/$test" "$segments" "$labels" "$tolerance"; then
      status=1
      echo "arm: $name $precision is wrong on $processor, or did not run" >&2
    fi
  done
done
exit $status

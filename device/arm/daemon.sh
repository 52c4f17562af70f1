#!/usr/bin/env bash
# Installs the arm64 package in an emulated arm64 Debian and runs it there: its doctor, a simulated patient whose labels are compared with those of this machine,
# the daemon, whose alert must arrive at a broker, and its removal. No serial line: QEMU 7.2 knows no TCSETS2, which sets one.
#   device/arm/daemon.sh [--install] [--cpu NAME] [--root DIR] PACKAGE_arm64.deb
# The package is one of ./publish.sh linux-arm64 --self-contained. As root, for mounts of its own; of this machine nothing is changed but that the kernel knows an
# interpreter for arm64 programs while it runs, where it knows none. --install installs the Debian packages that are missing. --root keeps the emulated Debian,
# whose making takes most of the time, for the next run.
set -euo pipefail

fail() {
  echo "arm: $1" >&2
  exit 2
}

# What takes milliseconds elsewhere takes seconds here.
patience=600
within() {
  local end=$((SECONDS + patience))
  until "${@:2}"; do
    [ $SECONDS -lt $end ] || { echo "arm: $1 did not come within $patience s" >&2; cat /tmp/*.log >&2; exit 1; }
    sleep 0.2
  done
}

if [ "${1:-}" = --inside ]; then
  # The emulator has no two mappings of one piece of memory, which .NET would use for code, and little room for addresses, of which .NET would reserve 256 GB.
  export DOTNET_EnableWriteXorExecute=0 DOTNET_GCHeapHardLimit=0x20000000 DEBIAN_FRONTEND=noninteractive
  edge=(setpriv --reuid=ecgfm-edge --regid=ecgfm-edge --init-groups ecgfm-edge)

  dpkg -i /tmp/package.deb >/dev/null 2>&1
  id -nG ecgfm-edge | grep -qw dialout || fail "the user ecgfm-edge is not in dialout"
  echo "install: $(dpkg-query -W -f='${Version} ${Architecture}' ecgfm-edge), groups $(id -nG ecgfm-edge)"

  install -d -m 750 -o ecgfm-edge -g ecgfm-edge /var/lib/ecgfm-edge
  report=$("${edge[@]}" doctor) && fail "the doctor finds nothing wrong with a box without front end and broker"
  for word in 'ok       runtime.*Arm64' 'ok       libraries.*ONNX Runtime' 'ok       model.*self-test passed' 'problem  ports' 'problem  broker'; do
    grep -q "^$word" <<<"$report" || fail "the doctor does not say \"$word\": $report"
  done
  grep -E '^ok       (runtime|model)' <<<"$report" | sed 's/^/  /'

  "${edge[@]}" simulate --seed 5 --script "$2" --speed max --json >/tmp/simulated.json 2>/tmp/simulate.log

  mosquitto -p 1883 >/tmp/mosquitto.log 2>&1 &
  within "the broker" mosquitto_pub -t started -n 2>/dev/null
  sed -i 's|"source": {[^}]*}|"source": { "type": "simulator", "script": "sinus:20s,af:2m,repeat" }|' /etc/ecgfm-edge/edge.json
  mosquitto_sub -t 'ecgfm/#' -F '%t %p' >/tmp/messages 2>/dev/null &
  STATE_DIRECTORY=/var/lib/ecgfm-edge "${edge[@]}" run --config /etc/ecgfm-edge/edge.json 2>/tmp/daemon.log &
  daemon=$!
  within "an alert" grep -aq '/alert .*"own":"atrial-fibrillation".*"state":"onset"' /tmp/messages
  echo "run: $(grep -ac '/interpretation ' /tmp/messages) windows of $(grep -ao '"model":{"name":"[^"]*"' /tmp/messages | tail -1 | cut -d'"' -f6), atrial fibrillation told at the broker"
  kill -TERM $daemon
  wait $daemon || fail "the daemon did not end with code 0: $(cat /tmp/daemon.log)"
  within "the status" grep -aq '"state":"stopped"' /tmp/messages

  dpkg --purge ecgfm-edge >/dev/null
  exit 0
fi

cd "$(dirname "$0")/../.."
# shellcheck source-path=SCRIPTDIR
. device/arm/processor.sh
readonly script=sinus:60s,af:90s,sinus:60s tolerance=0.02

install=false cpu=neoverse-n1 root='' package=''
while [ $# -gt 0 ]; do
  case $1 in
    --install) install=true ;;
    --cpu) cpu=${2:?}; shift ;;
    --root) root=$(realpath -m "${2:?}"); shift ;;
    -*) fail "\"$1\" is no option; allowed are --install, --cpu NAME and --root DIR" ;;
    *) package=$1 ;;
  esac
  shift
done
[ -f "$package" ] || fail "usage: device/arm/daemon.sh [--install] [--cpu NAME] [--root DIR] PACKAGE_arm64.deb"
[ "$(dpkg-deb -f "$package" Architecture)" = arm64 ] || fail "$package is not for arm64"
[ "$(id -u)" -eq 0 ] || fail "not root: sudo $0 $*"

if [ "${ECGFM_ARM_WORK:-}" = "" ]; then
  need_packages "$install" qemu-user-static debootstrap
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  export ECGFM_ARM_WORK=$work
  root=${root:-$work/root}
  if [ ! -e "$root/made" ]; then
    rm -rf "$root/debian"
    mkdir -p "$root"
    debootstrap --arch=arm64 --variant=minbase --foreign --include=mosquitto,mosquitto-clients,systemd,ca-certificates bookworm "$root/debian" >"$work/debootstrap.log" 2>&1 ||
      fail "the emulated Debian could not be made: $(tail -5 "$work/debootstrap.log")"
  fi
  unshare --mount --net --pid --fork --kill-child "$0" --cpu "$cpu" --root "$root" "$package"

  dotnet run -c Release --project src/EcgFm.Edge -- simulate --seed 5 --script $script --speed max --json >"$work/here.json" 2>/dev/null
  node -e '
    const [here, there] = process.argv.slice(1, 3).map(file => require("fs").readFileSync(file, "utf8").trim().split("\n").map(line => JSON.parse(line)));
    const told = lines => lines.filter(line => line.type === "alert").map(alert => `${alert.code.own} ${alert.state}`).join(", ");
    const windows = lines => lines.filter(line => line.type === "interpretation");
    let [probability, logit] = [0, 0];
    for (const [i, window] of windows(here).entries())
      for (const [label, p] of Object.entries(window.labels)) {
        const q = windows(there)[i].labels[label];
        probability = Math.max(probability, Math.abs(p - q));
        logit = Math.max(logit, Math.abs(Math.log(p / (1 - p)) - Math.log(q / (1 - q))));
      }
    console.log(`simulate: ${windows(there).length} windows; a probability is off from this machine by ${probability.toPrecision(2)} at most (${process.argv[3]} is allowed), a logit by ${logit.toPrecision(2)}; ${told(there)}`);
    process.exitCode = probability <= process.argv[3] && windows(here).length === windows(there).length && told(here) === told(there) ? 0 : 1;' \
    "$work/here.json" "$work/simulated.json" $tolerance || { echo "arm: what arm64 says differs from what this machine says" >&2; exit 1; }
  exit 0
fi

# From here on in namespaces of its own: an overlay over the emulated Debian, with the processor's own description.
work=$ECGFM_ARM_WORK
own=/proc/sys/fs/binfmt_misc/ecgfm-aarch64
trap '[ ! -e $own ] || echo -1 >$own' EXIT
interpret() {
  [ -e /proc/sys/fs/binfmt_misc/register ] || mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
  if [ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] || [ -e $own ]; then return; fi
  # The head of an arm64 program, and what of it counts; F: the interpreter is opened now, and need not be where the program is.
  printf '%s' ':ecgfm-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F' >/proc/sys/fs/binfmt_misc/register
}
interpret
export QEMU_CPU=$cpu
prepare() {
  mount -t proc proc "$1/proc"
  mount --rbind /dev "$1/dev"
}
if [ ! -e "$root/made" ]; then
  prepare "$root/debian"
  chroot "$root/debian" /debootstrap/debootstrap --second-stage >"$work/debootstrap.log" 2>&1 || fail "the emulated Debian could not be made: $(tail -5 "$work/debootstrap.log")"
  umount -l "$root/debian/dev" "$root/debian/proc" 2>/dev/null || true
  touch "$root/made"
  # Making it takes the kernel's list of interpreters away.
  interpret
fi

mkdir "$work"/{tmp,all}
mount -t tmpfs tmpfs "$work/tmp"
mkdir "$work"/tmp/{upper,work}
mount -t overlay overlay -o "lowerdir=$root/debian,upperdir=$work/tmp/upper,workdir=$work/tmp/work" "$work/all"
prepare "$work/all"
describe_processor "$cpu" "$work/tmp"
mount --bind "$work/tmp/cpuinfo" "$work/all/proc/cpuinfo"
mount -t tmpfs tmpfs "$work/all/sys"
mkdir -p "$work/all/sys/devices/system"
cp -r "$work/tmp/cpu" "$work/all/sys/devices/system/cpu"
mount -t tmpfs tmpfs "$work/all/tmp"
chmod 1777 "$work/all/tmp"
cp "$package" "$work/all/tmp/package.deb"
cp "$0" "$work/all/tmp/daemon.sh"
echo '127.0.0.1 localhost' >"$work/all/etc/hosts"
ip link set lo up
echo "emulated: $cpu, $(. "$work/all/etc/os-release" && echo "$PRETTY_NAME")"
chroot "$work/all" /bin/bash /tmp/daemon.sh --inside "$script"
cp "$work/all/tmp/simulated.json" "$work/"
left=$(cd "$work/tmp/upper" && find . -iname '*ecgfm*')
[ -z "$left" ] || fail "purging left: $left"
echo "purge: nothing is left"

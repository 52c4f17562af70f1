#!/usr/bin/env bash
# Installs, upgrades, removes and purges a Debian package of publish.sh on this distribution, and starts the daemon from the installed files.
#   device/test-package.sh PACKAGE.deb [--model DIR] [--seconds N]
# As root. Nothing of this machine is changed: all happens on an overlay over its files, with a network of its own. There is no running systemd in it,
# so the unit's ExecStart is started by hand as the unit's user, with a socket that hears its notifications.
set -euo pipefail

fail() {
  echo "test-package: $1" >&2
  exit 1
}

if [ "${1:-}" != --inside ]; then
  [ -f "${1:-}" ] || { echo "usage: device/test-package.sh PACKAGE.deb [--model DIR] [--seconds N]" >&2; exit 2; }
  [ "$(id -u)" -eq 0 ] || fail "not root: sudo $0 $*"
  exec unshare --mount --net --pid --fork --kill-child "$0" --inside "$(realpath "$0")" "$(realpath "$1")" "${@:2}"
fi

self=$2 package=$3
shift 3
model= seconds=25
while [ $# -gt 0 ]; do
  case $1 in
    --model) model=$(realpath "$2") ;;
    --seconds) seconds=$2 ;;
    *) fail "\"$1\" is no argument" ;;
  esac
  shift 2
done

if [ -z "${ECGFM_ROOT:-}" ]; then
  root=$(mktemp -d)
  mount -t tmpfs tmpfs "$root"
  mkdir "$root"/{upper,work,all}
  mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/all"
  mount -t proc proc "$root/all/proc"
  mount --rbind /dev "$root/all/dev"
  # No running systemd and no udev in there, and its own /run.
  mount -t tmpfs tmpfs "$root/all/run"
  mount -t tmpfs tmpfs "$root/all/tmp"
  mkdir "$root/all/tmp/given"
  cp "$package" "$root/all/tmp/given/package.deb"
  cp "$self" "$root/all/tmp/given/test-package.sh"
  if [ -n "$model" ]; then cp -r "$model" "$root/all/tmp/given/model"; fi
  ip link set lo up
  ECGFM_ROOT=$root/all chroot "$root/all" /bin/bash /tmp/given/test-package.sh --inside /tmp/given/test-package.sh /tmp/given/package.deb --seconds "$seconds"

  # The overlay holds every file that install, upgrade, run and purge left behind.
  left=$(cd "$root/upper" && find . -iname '*ecgfm*' ! -name '*.dpkg-*')
  # A file that the overlay says was deleted is a character device 0:0: it was part of this machine before.
  [ -z "$left" ] || fail "purging left: $left"
  ! grep -q ecgfm "$root"/upper/etc/{passwd,group,shadow,gshadow} 2>/dev/null || fail "purging left the user or its group"
  echo "purge: nothing is left"
  exit 0
fi

# From here on in the overlay.
export DEBIAN_FRONTEND=noninteractive
edge() { runuser -u ecgfm-edge -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent "$@"; }
version() { dpkg-query -W -f='${Version}' ecgfm-edge; }

# repack VERSION SED: the same package with another version, and its configuration changed by a sed script.
repack() {
  dpkg-deb -R "$package" "/tmp/repack-$1"
  sed -i "s/^Version: .*/Version: $1/" "/tmp/repack-$1/DEBIAN/control"
  sed -i "$2" "/tmp/repack-$1/etc/ecgfm-edge/edge.json"
  dpkg-deb --root-owner-group -Znone --build "/tmp/repack-$1" "/tmp/$1.deb" >/dev/null
}

apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 || dpkg -i "$package"
[ "$(stat -c %U:%G:%a /etc/ecgfm-edge/edge.json)" = root:root:644 ] || fail "edge.json has the wrong owner or mode"
id -nG ecgfm-edge | grep -qw dialout || fail "the user ecgfm-edge is not in dialout"
[ "$(getent passwd ecgfm-edge | cut -d: -f7)" = /usr/sbin/nologin ] || fail "the user ecgfm-edge can log in"
echo "install: $(version), $(getent passwd ecgfm-edge), groups $(id -nG ecgfm-edge)"
dpkg --verify ecgfm-edge
# BlueZ that comes later makes the user a member of its group.
getent group bluetooth >/dev/null || groupadd --system bluetooth
dpkg-trigger --by-package=bluez /usr/libexec/bluetooth && dpkg --triggers-only ecgfm-edge
id -nG ecgfm-edge | grep -qw bluetooth || fail "the user ecgfm-edge is not in bluetooth"

dpkg-deb -x "$package" /tmp/unpacked
while IFS=: read -r page target; do
  [ -e "$(dirname "$page")/$target" ] || fail "$(basename "$page") links $target, which is not in the package"
done < <(grep -roE '\]\([^)#:]+[)#]' --include='*.md' /tmp/unpacked/usr/share/doc/ecgfm-edge | sed 's/](//; s/.$//')

# An upgrade with a changed configuration: without a question where the new package ships what the old one did, with the administrator's choice where not.
sed -i 's/"site": "ward"/"site": "changed-by-hand"/' /etc/ecgfm-edge/edge.json
repack 9.0.0 ''
dpkg -i /tmp/9.0.0.deb >/dev/null </dev/null
repack 9.1.0 's/"site": "ward"/"site": "the-new-default"/'
dpkg --force-confold -i /tmp/9.1.0.deb >/dev/null 2>&1 </dev/null
grep -q changed-by-hand /etc/ecgfm-edge/edge.json || fail "the upgrade lost the configuration"
grep -q the-new-default /etc/ecgfm-edge/edge.json.dpkg-dist || fail "the new default is not beside the old configuration"
echo "upgrade: $(version), the changed configuration was kept twice"

# systemd makes these for the unit.
install -d -m 750 -o ecgfm-edge -g ecgfm-edge /var/lib/ecgfm-edge /var/cache/ecgfm-edge
# The doctor's verdict on the configuration as it came: no front end is plugged in, and no broker runs.
report=$(edge ecgfm-edge doctor) && fail "the doctor finds nothing wrong with a box without front end and broker"
for word in 'problem  ports' 'problem  broker' 'ok       model' 'ok       disk'; do grep -q "^$word" <<<"$report" || fail "the doctor does not say \"$word\": $report"; done
(umask 077 && : >/tmp/port) && sed -i 's|/dev/serial/by-id/NAME-OF-THE-FRONT-END|/tmp/port|' /etc/ecgfm-edge/edge.json
grep -q 'ecgfm-edge may not read and write /tmp/port' <<<"$(edge ecgfm-edge doctor)" || fail "the doctor does not see a port without permission"
echo "doctor, as the system user, on a box without front end and broker: exit code 1"
sed 's/^/  /' <<<"$report"

echo "demo, as the system user:"
(cd / && edge ecgfm-edge demo --speed 40 --seconds 8) | grep -E 'ALERT|research' | sed 's/^/  /'

# The daemon, as the unit starts it, with twelve leads from the simulator and a broker of its own.
sed -i 's|"source": {[^}]*}|"source": { "type": "simulator", "script": "sinus:20s,af:2m,repeat" }|' /etc/ecgfm-edge/edge.json
if [ -d /tmp/given/model ]; then (umask 077 && ecgfm-edge model install /tmp/given/model); fi
mosquitto -p 1883 >/dev/null 2>&1 &
until mosquitto_pub -t started -n 2>/dev/null; do sleep 0.1; done
unit=/usr/lib/systemd/system/ecgfm-edge.service
read -ra start <<<"$(sed -n 's/^ExecStart=//p' "$unit")"
socat -u UNIX-RECV:/run/notify,mode=666 STDOUT 2>/dev/null >/tmp/notifications &
for _ in $(seq 100); do [ -S /run/notify ] && break; sleep 0.05; done
mosquitto_sub -t '#' -v -F '%I %t %p' >/tmp/messages 2>/dev/null &
began=$(date +%s%N)
setpriv --reuid=ecgfm-edge --regid=ecgfm-edge --init-groups --no-new-privs env -i PATH=/usr/bin:/bin NOTIFY_SOCKET=/run/notify STATE_DIRECTORY=/var/lib/ecgfm-edge \
  CACHE_DIRECTORY=/var/cache/ecgfm-edge WATCHDOG_USEC=$(sed -n 's/^WatchdogSec=//p' "$unit")000000 $(sed -n 's/^Environment=//p' "$unit") "${start[@]}" 2>/tmp/daemon.log &
daemon=$!
# A run's first interpretation needs ten seconds of signal; what the start costs is the rest.
until grep -aq '/interpretation ' /tmp/messages; do
  kill -0 $daemon 2>/dev/null || fail "the daemon ended: $(cat /tmp/daemon.log)"
  [ $(($(date +%s%N) - began)) -lt 60000000000 ] || fail "no interpretation came within a minute: $(cat /tmp/daemon.log)"
  sleep 0.05
done
first=$(($(date +%s%N) - began))
loaded=$(($(date -d "$(sed -n 's/^\([0-9:.]*\) .*The network is.*/\1/p' /tmp/daemon.log | head -1)" +%s%N) - began))
sleep "$seconds"
pid=$(pgrep -u ecgfm-edge -f 'run --config' | head -1)
awk -v first=$first -v loaded=$loaded '/VmRSS/ { rss = $2 } /VmHWM/ { peak = $2 } END { printf "run: a network %.2f s after the start, the first interpretation after %.2f s, of which 10 s are its window; resident %.0f MB, at most %.0f MB\n", loaded / 1e9, first / 1e9, rss / 1024, peak / 1024 }' "/proc/$pid/status"
# What a box must hold: three seconds, and 150 MB with the network that comes along, 400 MB with the full-size one.
most=$([ -d /tmp/given/model ] && echo 400 || echo 150)
resident=$(($(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status") / 1024))
[ "$loaded" -lt 3000000000 ] || fail "the network was there $((loaded / 1000000)) ms after the start; 3000 are allowed"
[ "$resident" -le "$most" ] || fail "$resident MB are resident; $most are allowed"
grep -ao '"model":"[^"]*"' /tmp/messages | sort | uniq -c | sed 's/^/  /' | head -3
kill -TERM "$pid"
wait $daemon || fail "the daemon did not end with code 0: $(cat /tmp/daemon.log)"
for word in READY=1 WATCHDOG=1 STOPPING=1; do grep -aq $word /tmp/notifications || fail "systemd would not have heard $word"; done
echo "notified: READY=1, WATCHDOG=1, STOPPING=1; $(grep -ao 'STATUS=[^A-Z]*' /tmp/notifications | tail -1)"
[ ! -e /var/lib/ecgfm-edge/outbox.db ] && fail "there is no outbox in the state directory"
grep -aq '"state":"stopped"' /tmp/messages || fail "no status said that the daemon was stopped"

if command -v systemd-analyze >/dev/null; then
  systemd-analyze verify "$unit" 2>&1 | grep ecgfm-edge || true
  systemd-analyze security --offline=true "$unit" | tail -1
fi

dpkg --remove ecgfm-edge >/dev/null
[ -e /etc/ecgfm-edge/edge.json ] || fail "removing took the configuration along"
[ ! -e /usr/lib/ecgfm-edge ] || fail "removing left the program"
echo "remove: program gone, configuration and state kept"
dpkg --purge ecgfm-edge >/dev/null

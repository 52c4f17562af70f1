#!/usr/bin/env bash
# Runs the service of a Debian package of publish.sh under a real systemd, in a container of its own: start, fences, a board on a serial line, an alert, watchdog,
# restart, upgrade, a wrong configuration, removal.
#   device/test-service.sh PACKAGE.deb
# As root, with cgroup2 mounted somewhere. Nothing of this machine is changed: all happens on an overlay over its files, in namespaces of its own.
set -euo pipefail

fail() {
  echo "test-service: $1" >&2
  exit 1
}

if [ "${1:-}" = "" ] || [ -f "$1" ]; then
  [ -f "${1:-}" ] || { echo "usage: device/test-service.sh PACKAGE.deb" >&2; exit 2; }
  [ "$(id -u)" -eq 0 ] || fail "not root: sudo $0 $*"
  exec unshare --mount "$0" --overlay "$(realpath "$0")" "$(realpath "$1")"
fi

if [ "$1" = --overlay ]; then
  work=$(mktemp -d)
  cgroups=$(findmnt --noheadings --first-only --types cgroup2 --output TARGET) || fail "cgroup2 is not mounted: mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified"
  group=$cgroups/ecgfm-test-$$
  clean() {
    echo $$ >"$cgroups/cgroup.procs"
    find "$group" -depth -type d -exec rmdir {} + || true
    umount -l "$work"
    rmdir "$work"
  }
  trap clean EXIT
  mkdir "$group"
  mount -t tmpfs tmpfs "$work"
  mkdir "$work"/{upper,work,all,given}
  cp "$2" "$work/given/test.sh"
  cp "$3" "$work/given/package.deb"
  touch "$work/given/output"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$work/all"
  tail -f "$work/given/output" --pid=$$ &
  echo $$ >"$group/cgroup.procs"
  unshare --mount --net --pid --uts --ipc --cgroup --fork --kill-child "$0" --container "$work" || true
  # What the last lines say is still on its way.
  sleep 1
  [ "$(cat "$work/given/code" 2>/dev/null)" = 0 ] || fail "not all of it holds"
  left=$(cd "$work/upper" && find . -iname '*ecgfm*')
  [ -z "$left" ] || fail "purging left: $left"
  echo "purge: nothing is left"
  exit 0
fi

if [ "$1" = --container ]; then
  work=$2 all=$2/all
  mount -t proc proc "$all/proc"
  # The kernel's settings are everybody's.
  mount --bind "$all/proc/sys" "$all/proc/sys"
  mount -o remount,bind,ro "$all/proc/sys"
  mount -t sysfs -o ro sysfs "$all/sys"
  mount -t cgroup2 cgroup2 "$all/sys/fs/cgroup"
  mount -t tmpfs -o mode=755 tmpfs "$all/dev"
  for device in null zero full random urandom tty; do cp -a "/dev/$device" "$all/dev/"; done
  mkdir "$all/dev"/{pts,shm}
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$all/dev/pts"
  ln -s pts/ptmx "$all/dev/ptmx"
  cp -a /dev/null "$all/dev/console"
  # A device that the unit does not let in, though everybody might read it.
  mknod -m 666 "$all/dev/kmsg-for-everybody" c 1 11
  mount -t tmpfs tmpfs "$all/run"
  mount -t tmpfs tmpfs "$all/tmp"
  mkdir -p "$all/given"
  mount --bind "$work/given" "$all/given"
  ip link set lo up
  # Of what this machine starts nothing is started but what the test asks for.
  rm -rf "$all"/etc/systemd/system/*.wants
  for unit in systemd-sysctl systemd-modules-load systemd-remount-fs; do ln -sf /dev/null "$all/etc/systemd/system/$unit.service"; done
  cat >"$all/etc/systemd/system/given.service" <<'UNIT'
[Unit]
Requires=basic.target
After=basic.target
[Service]
ExecStart=/bin/bash -c '/bin/bash /given/test.sh --inside >/given/output 2>&1; echo $? >/given/code; systemctl exit 0'
UNIT
  exec chroot "$all" /usr/bin/env -i container=ecgfm PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=given.service --log-target=journal --show-status=no </dev/null >/dev/null 2>&1
fi

# From here on started by systemd.
until_true() {
  for _ in $(seq 600); do
    if "${@:2}" >/dev/null 2>&1; then return; fi
    sleep 0.2
  done
  journalctl --unit ecgfm-edge --no-pager | tail -30
  fail "$1 did not come within two minutes"
}
property() { systemctl show ecgfm-edge --property "$1" --value; }
active() { [ "$(property ActiveState)" = active ] && [ "$(property MainPID)" != 0 ] && [ "$(property MainPID)" != "$1" ]; }
told() { journalctl --unit ecgfm-edge --no-pager --output cat | grep -q "$1"; }

DEBIAN_FRONTEND=noninteractive dpkg -i /given/package.deb >/dev/null 2>&1
echo "systemd $(systemctl --version | head -1 | cut -d' ' -f2), $(systemctl is-system-running || true)"
systemctl start mosquitto
systemd-run --quiet --unit board --property UMask=0 ecgfm-edge emulate openbci-cyton --port /run/board --script sinus:20s,af:2m,repeat
until_true "the board" test -e /run/board
# As udev gives a serial port to its group.
chgrp dialout "$(readlink -f /run/board)"
chmod 660 "$(readlink -f /run/board)"
sed -i 's|"source": {[^}]*}|"source": { "type": "device", "profile": "openbci-cyton", "port": "/run/board" }|' /etc/ecgfm-edge/edge.json
mosquitto_sub -t 'ecgfm/#' -F '%t %p' >/given/messages &

# A minute of silence is much for a test.
mkdir -p /run/systemd/system/ecgfm-edge.service.d
printf '[Service]\nWatchdogSec=8\nRestartSec=1\n' >/run/systemd/system/ecgfm-edge.service.d/test.conf
systemctl daemon-reload
systemctl enable --quiet --now ecgfm-edge
active 0 || fail "the service is not active when systemctl start has returned"
pid=$(property MainPID)
ready=$(($(property ActiveEnterTimestampMonotonic) - $(property ExecMainStartTimestampMonotonic)))
echo "start: READY after $((ready / 1000)) ms"
until_true "a network" told "The network is"

status() { sed -n "s/^$1:\s*//p" "/proc/$pid/status"; }
[ "$(status Uid | cut -f1)" = "$(id -u ecgfm-edge)" ] || fail "it runs as another user"
[ "$(status NoNewPrivs)$(status Seccomp)" = 12 ] && [ "$(status CapBnd)" = 0000000000000000 ] || fail "no-new-privileges, the system call filter or the capabilities are not in force"
# A probe within the very same fences.
sed -e '/^Type=\|^Restart\|^WatchdogSec/d' -e 's|^ExecStart=.*|ExecStart=/bin/bash /given/probe.sh|' -e 's|^\[Service\]|&\nType=oneshot|' \
  /usr/lib/systemd/system/ecgfm-edge.service >/run/systemd/system/probe.service
cat >/given/probe.sh <<'PROBE'
refused() { if "$@" 2>/dev/null; then echo "not refused: $*" >&2; exit 1; fi; }
set -e
refused touch /usr/lib/ecgfm-edge/x
refused touch /etc/ecgfm-edge/x
refused ls /root
refused cat /proc/1/status
refused head -c 1 /dev/kmsg-for-everybody
refused unshare --user true
touch /var/lib/ecgfm-edge/x /var/cache/ecgfm-edge/x && rm /var/lib/ecgfm-edge/x /var/cache/ecgfm-edge/x
PROBE
systemctl start probe || { journalctl --unit probe --no-pager --output cat | tail -5; fail "the fences do not stand"; }
echo "fences: user, system calls, capabilities, files, processes and devices as the unit says"

until_true "an alert" grep -aq '/alert .*"own":"atrial-fibrillation"' /given/messages
echo "run: a board on a serial line, atrial fibrillation told at the broker; $(property StatusText)"

# It stands still: the watchdog ends it, and it comes back.
kill -STOP "$pid"
until_true "the watchdog" active "$pid"
told "Watchdog timeout" || fail "the journal does not tell of the watchdog"
pid=$(property MainPID)
kill -KILL "$pid"
until_true "the restart" active "$pid"
[ "$(property NRestarts)" = 2 ] || fail "it was restarted $(property NRestarts) times"
echo "watchdog and restart: back after standing still and after SIGKILL"

# An upgrade lets the old daemon work until the new one takes its place.
pid=$(property MainPID)
dpkg-deb -R /given/package.deb /given/repack
sed -i 's/^Version: .*/Version: 9.0.0/' /given/repack/DEBIAN/control
dpkg-deb --root-owner-group -Znone --build /given/repack /given/upgrade.deb >/dev/null
dpkg -i /given/upgrade.deb >/dev/null
active "$pid" || fail "the upgrade did not start the new version"
echo "upgrade: restarted with the new version"

cp /etc/ecgfm-edge/edge.json /given/
sed -i 's/"site"/"sight"/' /etc/ecgfm-edge/edge.json
systemctl restart ecgfm-edge 2>/dev/null || true
[ "$(property ActiveState),$(property ExecMainStatus)" = failed,2 ] || fail "a wrong configuration ends with $(property ActiveState), $(property ExecMainStatus)"
told "sight is no setting" || fail "the journal does not tell what is wrong"
cp /given/edge.json /etc/ecgfm-edge/
systemctl start ecgfm-edge
active 0 || fail "it does not start again"
echo "a wrong configuration: failed, exit code 2, not tried again, and told in the journal"

dpkg --remove ecgfm-edge >/dev/null
[ "$(systemctl is-active ecgfm-edge)" = inactive ] || fail "removing left it running"
grep -aq '"state":"stopped"' /given/messages || fail "no status said that the daemon was stopped"
systemctl stop board
dpkg --purge ecgfm-edge >/dev/null

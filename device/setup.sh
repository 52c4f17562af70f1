#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that building, testing and running need and that are missing. Safe to run again.
# Without root it names them and stops with code 1.
set -euo pipefail

packages=(
  libmosquitto1      # the MQTT client library behind src/Compat/MQTTnet
  mosquitto          # a real broker, for the demo and the tests
  mosquitto-clients  # mosquitto_sub, to look at what arrives
  gcc libc6-dev      # the frame encoder in C is cross-tested
  dbus               # the message bus: BlueZ is reached over it, and the tests start one of their own
  libsystemd0        # sd-bus, for Bluetooth
  openssl            # certificates for the TLS tests
  socat              # hears the daemon's notifications in device/test-package.sh
)
# Shows the dashboard to the tests that look at it. Ubuntu has it as a snap only: those tests are skipped there, unless ECGFM_CHROMIUM names a Chromium.
grep -qs '^ID=ubuntu' /etc/os-release || packages+=(chromium)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
done

for tool in dotnet:"the .NET 10 SDK" npm:"Node.js with npm"; do
  if ! command -v "${tool%%:*}" >/dev/null; then
    echo "setup: ${tool%%:*} is missing: install ${tool#*:} and run this again." >&2
    exit 1
  fi
done

# The dashboard is built with Vite.
node=$(node --version)
if [ "$(printf '%s\n' v20.19.0 "$node" | sort -V | head -1)" != v20.19.0 ]; then
  echo "setup: Node.js is $node; building the dashboard needs 20.19 or later: install one (nodejs.org, or apt from Debian 13) and run this again." >&2
  exit 1
fi

if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "setup: not root. Install these packages, then run this again: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
echo "setup: installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null

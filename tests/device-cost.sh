#!/usr/bin/env bash
# What one device of twelve leads at 500 Hz costs outside the network, in percent of one core: the daemon in real time, with an emulated front end on a pseudo-terminal
# and a broker on this machine, with and without recording. Usage: tests/device-cost.sh [SECONDS [WARM-UP]], after building src/EcgFm.Edge in Release.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-40} warm=${2:-60}
edge() { exec dotnet "$PWD/artifacts/bin/EcgFm.Edge/release/ecgfm-edge.dll" "$@"; }
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
port=$((20000 + RANDOM % 20000))
printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$port" >"$work/mosquitto.conf"
mosquitto -c "$work/mosquitto.conf" >/dev/null 2>&1 & pids+=($!)
(edge emulate ecgfm --port "$work/board" >/dev/null 2>&1) & pids+=($!)
mkdir "$work/none"   # no network: nothing is inferred
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
for record in "" ", \"record\": { \"directory\": \"$work/records\" }"; do
  cat >"$work/edge.json" <<CONFIGURATION
{ "site": "s", "device": "d", "stateDirectory": "$work/state", "model": { "path": "$work/none" }, "mqtt": { "url": "mqtt://127.0.0.1:$port" },
  "beds": [ { "name": "bed-1", "source": { "type": "device", "port": "$work/board" } } ]$record }
CONFIGURATION
  (edge run --config "$work/edge.json" >/dev/null 2>"$work/log") & daemon=$!
  pids+=("$daemon")
  sleep "$warm"   # until the just-in-time compiler is done
  before=$(ticks "$daemon")
  sleep "$seconds"
  awk -v used=$(($(ticks "$daemon") - before)) -v hz="$(getconf CLK_TCK)" -v over="$seconds" -v what="${record:+with recording}" \
    'BEGIN { printf "%s %.2f %% of a core\n", what == "" ? "without recording" : what, 100 * used / hz / over }'
  kill "$daemon"; wait "$daemon" 2>/dev/null || true
done

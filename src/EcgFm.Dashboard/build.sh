#!/bin/sh
# Builds the page into a folder: build.sh FOLDER. The .NET build calls it (dashboard.targets).
# Two builds of one clone may come here at once: the second waits at the lock.
set -eu
cd "$(dirname "$0")"
exec 9<package-lock.json
flock 9
# The stamp lies inside node_modules, so that deleting the folder is enough to fetch it again.
if [ ! node_modules/.ready -nt package-lock.json ] || [ ! node_modules/.ready -nt package.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund
  touch node_modules/.ready
fi
npm run build -- --outDir "$1" --emptyOutDir

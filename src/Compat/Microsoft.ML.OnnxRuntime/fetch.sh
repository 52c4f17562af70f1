#!/bin/sh
# Fetches what package-lock.json names into node_modules; the build calls it (target FetchOnnxRuntime).
# Two builds of one clone may come here at once: the second waits at the lock, finds the stamp and does nothing.
set -eu
cd "$(dirname "$0")"
exec 9<package-lock.json
flock 9
if [ node_modules/.ready -nt package-lock.json ] && [ node_modules/.ready -nt package.json ]; then exit 0; fi

npm ci --ignore-scripts --no-audit --no-fund

# The packages also carry Windows, macOS, Android and iOS: 600 MB that nothing here reads.
rm -rf node_modules/com.github.asus4.onnxruntime/Plugins \
       node_modules/onnxruntime-node/bin/napi-v6/darwin \
       node_modules/onnxruntime-node/bin/napi-v6/win32

# The stamp lies inside node_modules, so that deleting the folder is enough to fetch it again.
touch node_modules/.ready

#!/bin/sh
# The whole recipe: synthetic start, three folds, the network to ship, thresholds, figures. See README.md for the time it takes.
# Usage: train.sh OUT_DIR [COMMAND…]      COMMAND starts ecgfm-edge; with it the simulator's patients are trained on too, as for the shipped network
# Data from $ECGFM_DATA or ../shared/data beside the repository; $PYTHON is Debian's by default. Two networks are trained at a time.
set -eu
out=${1:?usage: train.sh OUT_DIR [COMMAND...]}
shift
python=${PYTHON:-/usr/bin/python3}
here=$(dirname "$0")
cache=${TRAINING_CACHE:-$out/cache}
# One thread each: two collapse when anything else runs. Keep freed memory: giving it back after each step costs a third of the time.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
export MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=500000000
simulated=
if [ $# -gt 0 ]; then
    "$here/simulate.sh" "$out/simulated" "$@"
    simulated="--simulated $out/simulated"
fi
train() { "$python" "$here/train.py" --cache "$cache" $simulated "$@"; }
fold() { train --out "$out/fold$1" --fold "$1" --start "$out/start/state.pt" --batch 32 --rate 1.2e-3 --steps 5500 --decay 4500; }
train --out "$out/start" --fold synthetic --batch 64 --rate 1.4e-3 --steps 500 --decay 0
# The cache is filled by the first to come; the second begins when it is there.
"$python" "$here/train.py" --cache "$cache" $simulated --prepare
(fold 0 && fold 1) &
folds=$!
trap 'test -z "$folds" || { kill "$folds"; pkill -P "$folds"; } 2>/dev/null || :' EXIT
train --out "$out/final" --start "$out/start/state.pt" --batch 32 --rate 1.2e-3 --steps 9000 --decay 7500 --ema .998
fold 2
wait "$folds"
folds=
"$python" "$here/evaluate.py" --folds 0="$out/fold0/checkpoint.pt" 1="$out/fold1/checkpoint.pt" 2="$out/fold2/checkpoint.pt" \
    --checkpoint "$out/final/checkpoint.pt" --cache "$cache" --out "$out"

#!/bin/sh
# The whole recipe: synthetic start, three folds, the network to ship, thresholds, figures. See README.md for the time it takes.
# Usage: train.sh OUT_DIR [COMMAND…]      COMMAND starts ecgfm-edge; with it the simulator's patients are trained on too, as for the shipped network
# Data from $ECGFM_DATA or ../shared/data beside the repository; $PYTHON is Debian's by default.
set -eu
out=${1:?usage: train.sh OUT_DIR [COMMAND...]}
shift
python=${PYTHON:-/usr/bin/python3}
here=$(dirname "$0")
cache=${TRAINING_CACHE:-$out/cache}
# One thread: two collapse when anything else runs. Keep freed memory: giving it back after each step costs a third of the time.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
export MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=500000000
simulated=
if [ $# -gt 0 ]; then
    "$here/simulate.sh" "$out/simulated" "$@"
    simulated="--simulated $out/simulated"
fi
train() { name=$1; shift; "$python" "$here/train.py" --out "$out/$name" --cache "$cache" --seed 1 "$@"; }
train start --fold synthetic --steps 500 --decay 0 --batch 64 --rate 1.4e-3
for fold in 0 1 2; do
    train fold$fold --start "$out/start/state.pt" --fold $fold $simulated --steps 1500 --decay 500 --batch 32 --rate 1.2e-3
done
train final --start "$out/start/state.pt" $simulated --steps 6000 --decay 1500 --batch 32 --ema .998 --rate 1.2e-3
"$python" "$here/evaluate.py" --folds 0="$out/fold0/checkpoint.pt" 1="$out/fold1/checkpoint.pt" 2="$out/fold2/checkpoint.pt" \
    --checkpoint "$out/final/checkpoint.pt" --cache "$cache" --out "$out"

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
train() { "$python" "$here/train.py" --cache "$cache" "$@"; }
# A network in three stages: the second sees less of MITDB's AF, which is that of two persons; the third is the long one's finish. With $FROM, a folder of fp32
# packages fold0, fold1, fold2 and final, only the third is run, from those.
network() {
    start=${FROM:+$FROM/$1/network.onnx}
    if [ -z "$start" ]; then
        train --out "$out/$1-1" --start "$out/start/state.pt" --seed 1 $simulated --batch 32 --rate 1.2e-3 --mitdb-af .42 $2
        train --out "$out/$1-2" --start "$out/$1-1/state.pt" --seed 2 $simulated --batch 32 --mitdb-af .2 $3
        start=$out/$1-2/state.pt
    fi
    train --out "$out/$1" --start "$start" --seed 3 $simulated --batch 32 $4
}
if [ -z "${FROM:-}" ]; then
    train --out "$out/start" --seed 1 --fold synthetic --steps 500 --decay 0 --batch 64 --rate 1.4e-3
fi
for fold in 0 1 2; do
    network fold$fold "--fold $fold --steps 1000 --decay 350" "--fold $fold --steps 300 --decay 250 --rate 7e-4" "--fold $fold --steps 700 --decay 600 --warmup 80 --rate 1e-3"
done
network final "--steps 6000 --decay 0 --ema .998" "--steps 800 --decay 700 --rate 1.1e-3" "--steps 2500 --decay 2000 --ema .998 --rate 1.1e-3"
"$python" "$here/evaluate.py" --folds 0="$out/fold0/checkpoint.pt" 1="$out/fold1/checkpoint.pt" 2="$out/fold2/checkpoint.pt" \
    --checkpoint "$out/final/checkpoint.pt" --cache "$cache" --out "$out"

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
# A network in two stages: the second sees less of MITDB's AF, which is that of two persons.
network() {
    train --out "$out/$1-1" --start "$out/start/state.pt" --seed 1 $simulated --batch 32 --rate 1.2e-3 $2
    train --out "$out/$1" --start "$out/$1-1/state.pt" --seed 2 $simulated --batch 32 --mitdb-af .2 $3
}
train --out "$out/start" --seed 1 --fold synthetic --steps 500 --decay 0 --batch 64 --rate 1.4e-3
network fold0 "--fold 0 --steps 650 --decay 300" "--fold 0 --steps 300 --decay 250 --rate 7e-4"
for fold in 1 2; do
    network fold$fold "--fold $fold --steps 1000 --decay 350" "--fold $fold --steps 300 --decay 250 --rate 7e-4"
done
network final "--steps 6000 --decay 0 --ema .998" "--steps 800 --decay 700 --rate 1.1e-3"
"$python" "$here/evaluate.py" --folds 0="$out/fold0/checkpoint.pt" 1="$out/fold1/checkpoint.pt" 2="$out/fold2/checkpoint.pt" \
    --checkpoint "$out/final/checkpoint.pt" --cache "$cache" --out "$out"

#!/bin/sh
# The whole recipe: prepare the data, train, choose thresholds, measure. Usage: train.sh OUT_DIR [PYTHON]
# Data from $ECGFM_DATA or ../shared/data beside the repository. See README.md for the time it takes.
set -eu
out=${1:?usage: train.sh OUT_DIR [PYTHON]}
python=${2:-/usr/bin/python3}
here=$(dirname "$0")
cache=${TRAINING_CACHE:-$out/cache}
# One thread: two collapse when anything else runs. Keep freed memory: giving it back after each step costs a third of the time.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
export MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=500000000
"$python" "$here/train.py" --out "$out" --cache "$cache" --steps 4200 --batch 32 --rate 1.2e-3 --seed 1
"$python" "$here/evaluate.py" --checkpoint "$out/checkpoint.pt" --cache "$cache" --out "$out"

#!/bin/sh
# Twelve patients of the product's simulator as WFDB records, for data.py. Usage: simulate.sh OUT_DIR COMMAND… (what starts ecgfm-edge)
set -eu
out=${1:?usage: simulate.sh OUT_DIR COMMAND...}
shift
mkdir -p "$out"
for seed in 101 102 103 104 105 106 107 108 109 110 111 112; do
    "$@" simulate --seed $seed --out "$out/simulated$seed" --script "sinus:40s,af:60s,sinus+pvc=0.1:40s,bigeminy:30s,af@120:40s,trigeminy:30s,\
flutter:40s,svt:20s,vt:20s,brady:30s,af@60+moving:40s,tachy+moving:30s,af@90+quiet:30s,pause:5s,sinus+moving+off=LA:20s"
done

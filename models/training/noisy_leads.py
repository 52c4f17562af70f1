#!/usr/bin/python3
"""Writes PTB-XL raw with noise on three to seven of the twelve leads of each record, at 1.5 to 4 times the lead's own deviation, as WFDB records; seeded.

    noisy_leads.py OUT_DIR
    ecgfm-edge evaluate windows --records OUT_DIR --labels $ECGFM_DATA/ptbxl-raw/labels.csv
"""
import csv
import os
import sys

import numpy as np

import data
from signals import read_record


def noise(r, count):
    """Muscle, slow motion or bursts."""
    kind = r.integers(3)
    if kind == 0:
        return np.convolve(r.normal(size=count), np.ones(4) / 4, "same")
    if kind == 1:
        return np.interp(np.arange(count) / r.integers(15, 60), np.arange(count // 15 + 3), r.normal(size=count // 15 + 3))
    return np.convolve(r.normal(size=count) * (r.random(count) < .01), np.hanning(40), "same")


def main():
    out, base, r = sys.argv[1], os.path.join(data.folder(), "ptbxl-raw"), np.random.default_rng(5)
    os.makedirs(out, exist_ok=True)
    for row in csv.DictReader(open(os.path.join(base, "labels.csv"))):
        name, (signal, header) = row["record"], read_record(os.path.join(base, row["record"]))
        signal = signal.copy()
        for lead in r.choice(12, int(r.integers(3, 8)), replace=False):
            added = noise(r, signal.shape[1])
            signal[lead] += added / added.std() * signal[lead].std() * r.uniform(1.5, 4)
        steps = np.round(signal * 1000).clip(-32000, 32000).astype("<i2")
        steps.T.tofile(os.path.join(out, name + ".dat"))
        leads = "".join(f"{name}.dat 16 1000/mV 16 0 {steps[i, 0]} {steps[i].sum(dtype=np.int16)} 0 {s['lead']}\n" for i, s in enumerate(header["signals"]))
        with open(os.path.join(out, name + ".hea"), "w") as f:
            f.write(f"{name} 12 500 {steps.shape[1]}\n{leads}")


if __name__ == "__main__":
    main()

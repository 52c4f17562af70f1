"""Fits the classifier that judges from the intervals between beats alone whether the rhythm is atrial fibrillation.

    python3 models/training/fit_beats.py OUT_DIR "dotnet run -c Release --project src/EcgFm.Edge --"

The beats are the product's own (`ecgfm-edge evaluate beats`), the features those of src/EcgFm.Signal/Rhythm/IntervalFeatures.cs, the splits by
person. Writes OUT_DIR/RhythmClassifier.json (for src/EcgFm.Signal/Rhythm) and OUT_DIR/rhythm-reference.json (for its test), and prints
cross-validated figures. ptbxl-raw is never fitted on. About a minute.
"""
import collections
import csv
import json
import os
import shlex
import subprocess
import sys

import numpy as np
from scipy.optimize import minimize
from scipy.stats import rankdata

import beat_synth
from data import folder, folds
from signals import RHYTHM, read_annotations, read_record

RATE = 500
WINDOW, REACH, REFRACTORY, LONGEST = 10 * RATE, 30 * RATE, RATE // 5, 3 * RATE
USUAL, TOLERANCE, CLUSTER, BIN, BINS, FLOOR = .9, .03, 1.08, .1, 30, 3e-3
NAMES = ["rmssd", "lag", "cosen", "turning", "cluster", "entropy", "mean", "autocorrelation", "trimmed", "usual", "usualRmssd", "usualMedian", "pWaves"]
HIDDEN, DECAY, NETWORKS = 4, 1e-3, 8
UNKNOWN_P_WAVES = .35
SHARE = {"mitdb": .3, "cinc": .3, "ptbxl": .3, "synthetic": .2}        # of the loss, half of each for either class


def chains_of(windows):
    """Per window of one record the runs of intervals that it looks back on, [n, 2] of seconds and likeness; as BeatHistory does."""
    beats, gap, end = [], True, 0
    for window in windows:
        first, usable = window["firstSample"], window["usable"] and len(window["beats"]) >= 2
        if usable:
            start = first if gap else max(first, end - RATE)              # of overlapping windows the newer knows the last second better
            beats = [beat for beat in beats if beat[0] < start]
            for at, alike in zip(window["beats"], window["alike"]):
                if at + first >= start and (not beats or at + first - beats[-1][0] >= REFRACTORY):
                    beats.append((at + first, alike, gap))
                    gap = False
        else:
            gap = True
        end = first + WINDOW
        beats = [beat for beat in beats if beat[0] >= first + WINDOW - REACH]
        runs, run = [], []
        for (a, like_a, _), (b, like_b, new) in zip(beats, beats[1:]):
            if new or b - a > LONGEST:
                runs.append(run)
                run = []
            else:
                run.append(((b - a) / RATE, min(like_a, like_b)))
        yield [np.array(r) for r in runs + [run] if r] if usable else []


def features(runs, p_waves=None):
    """See IntervalFeatures.cs, which says where each comes from."""
    if sum(map(len, runs)) < 6:
        return None
    rr = np.concatenate([r[:, 0] for r in runs])
    lagged = lambda k: np.concatenate([np.abs(r[k:, 0] - r[:-k, 0]) for r in runs if len(r) > k] + [np.zeros(0)])
    d = np.sort(lagged(1))
    if len(d) < 4:
        return None
    n, mean, median = len(rr), rr.mean(), np.median(rr)
    rms = lambda x: np.sqrt(np.mean(x ** 2))
    lag = min(np.median(x) for x in map(lagged, (1, 2, 3, 4)) if len(x) >= 4)
    pairs = np.concatenate([np.stack([r[:-1, 0], r[1:, 0]], 1) for r in runs if len(r) > 1])
    near = np.abs(pairs[:, None] - pairs[None])[np.triu_indices(len(pairs), 1)] < TOLERANCE
    like, followed = near[:, 0].sum(), near.all(1).sum()
    turning = np.concatenate([(r[1:-1, 0] - r[:-2, 0]) * (r[1:-1, 0] - r[2:, 0]) > 0 for r in runs if len(r) > 2] + [np.zeros(0, bool)])
    share = np.bincount(np.minimum((rr / median / BIN).astype(int), BINS - 1)) / n
    share = share[share > 0]
    around = sum(((r[:-1, 0] - mean) * (r[1:, 0] - mean)).sum() for r in runs)
    trimmed = np.log(rms(d[:max(3, len(d) * 3 // 4)]) / median + FLOOR)
    usual = np.concatenate([np.abs(np.diff(r[:, 0]))[(r[1:, 1] >= USUAL) & (r[:-1, 1] >= USUAL)] for r in runs])
    enough = len(usual) >= 3
    return [
        np.log(rms(d) / mean + 1e-3), np.log(lag / median + FLOOR),
        -np.log((followed + .5) / (like + 1)) + np.log(2 * TOLERANCE) - np.log(mean),
        turning.mean() if len(turning) else 0, max(((rr >= x) & (rr <= x * CLUSTER)).mean() for x in rr),
        -(share * np.log(share)).sum() / np.log(min(n, BINS)), np.log(mean), around / (((rr - mean) ** 2).sum() + 1e-4 * n), trimmed,
        np.mean(np.concatenate([r[:, 1] for r in runs]) >= USUAL), np.log(rms(usual) / median + FLOOR) if enough else trimmed,
        np.log(np.median(usual if enough else d) / median + FLOOR),
        UNKNOWN_P_WAVES if p_waves is None else min(max(p_waves, -.1), 1)]


def run_of(rr, alike):
    """Intervals with the likeness of the beat at the end of each, as chains_of gives them."""
    return np.stack([rr, np.minimum(np.r_[1, alike[:-1]], alike)], 1)


class Table:
    """Rows of features with label, collection, record (or kind), start and fold (-1: never fitted on)."""
    def __init__(self):
        self.rows = []

    def add(self, runs, label, collection, record, start, fold, p_waves=None):
        f = features(runs, p_waves)
        if f is not None:
            self.rows.append((f, label, collection, record, start, fold))

    def arrays(self):
        x, y, collection, record, start, fold = zip(*self.rows)
        return np.array(x), np.array(y, float), np.array(collection), np.array(record), np.array(start), np.array(fold)


def beats_of(out, name, records, command):
    """{record: windows}; what the product found is kept in OUT_DIR, so that a second fit needs it no more."""
    kept = os.path.join(out, name + ".jsonl")
    if not os.path.exists(kept):
        with open(kept + ".part", "w") as f:
            subprocess.run(shlex.split(command) + ["evaluate", "beats", "--records", records], check=True, stdout=f)
        os.rename(kept + ".part", kept)
    by_record = collections.defaultdict(list)
    for line in open(kept):
        window = json.loads(line)
        by_record[window["record"]].append(window)
    return by_record


def ptbxl_as_wfdb(out):
    """The published int16 array as WFDB records, at a scale of 0.2 mV to a standard deviation."""
    base = os.path.join(folder(), "ptbxl-filtered")
    rows = list(csv.DictReader(open(os.path.join(base, "labels.csv"))))
    raw = np.memmap(os.path.join(base, "ecg_250hz_int16.bin"), "<i2", "r", shape=(len(rows), 12, 2500))
    os.makedirs(out, exist_ok=True)
    for row, signal in zip(rows, raw):
        name = row["ecg_id"]
        signal.T.astype("<i2").tofile(os.path.join(out, name + ".dat"))
        leads = "".join(f"{name}.dat 16 5000/mV 16 0 {signal[i, 0]} {signal[i].sum(dtype=np.int16)} 0 {lead}\n" for i, lead in enumerate("I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split()))
        open(os.path.join(out, name + ".hea"), "w").write(f"{name} 12 250 2500\n{leads}")
    return rows


def statement(row):
    """Whether PTB-XL calls it fibrillation; nothing is said of flutter and of records whose rhythm nobody stated."""
    return np.nan if row["class"] == "AFL" or row["rhythm"] == "none" else float(row["class"] == "AF")


def gather(out, command):
    table, fold = Table(), folds()
    rows = ptbxl_as_wfdb(os.path.join(out, "ptbxl"))
    ptbxl = beats_of(out, "ptbxl", os.path.join(out, "ptbxl"), command)
    for row in rows:
        label = statement(row)
        for runs, w in zip(chains_of(ptbxl[row["ecg_id"]]), ptbxl[row["ecg_id"]]):
            table.add(runs, label, "ptbxl", row["ecg_id"], w["firstSample"], fold["ptbxl"][row["ecg_id"]], w["pWaves"])
    raw = beats_of(out, "ptbxl-raw", os.path.join(folder(), "ptbxl-raw"), command)
    for row in csv.DictReader(open(os.path.join(folder(), "ptbxl-raw", "labels.csv"))):
        label = statement(row)
        for runs, w in zip(chains_of(raw[row["record"]]), raw[row["record"]]):
            table.add(runs, label, "ptbxl-raw", row["record"], w["firstSample"], -1, w["pWaves"])
    cinc = beats_of(out, "cinc2017", os.path.join(folder(), "cinc2017"), command)
    for name, kind in csv.reader(open(os.path.join(folder(), "cinc2017", "REFERENCE-v3.csv"))):
        for runs, w in zip(chains_of(cinc[name]), cinc[name]):
            table.add(runs, float(kind == "A"), "cinc", name, w["firstSample"], fold["cinc"].get(name, -1), w["pWaves"])
    for name, windows in beats_of(out, "mitdb", os.path.join(folder(), "mitdb"), command).items():
        path = os.path.join(folder(), "mitdb", name)
        signal, header = read_record(path)
        changes = [(a[0] * RATE / header["rate"], a[2]) for a in read_annotations(path + ".atr") if a[1] == RHYTHM] + [(1e12, "")]
        for runs, w in zip(chains_of(windows), windows):
            share = lambda rhythm: sum(max(0, min(w["firstSample"] + WINDOW, b[0]) - max(w["firstSample"], a[0])) for a, b in zip(changes, changes[1:]) if a[1] == rhythm) / WINDOW
            af, flutter = share("(AFIB"), share("(AFL")
            label = np.nan if flutter > .05 else 1 if af >= .9 else 0 if af <= .03 else np.nan
            table.add(runs, label, "mitdb", name, w["firstSample"], fold["mitdb"][name], w["pWaves"])
    synthetic = beat_synth.make(3000, 1)
    for i, (kind, rr, alike, af) in enumerate(synthetic):
        table.add([run_of(rr, alike)], af, "synthetic", f"{kind}/{i}", 0, 9)
    return table, synthetic


def weights(y, collection, record):
    """Each collection its share, half of it for either class; within, a record counts by the square root of its windows."""
    w = np.zeros(len(y))
    for name, part in SHARE.items():
        for label in (0, 1):
            at = (collection == name) & (y == label)
            count = collections.Counter(record[at])
            w[at] = [count[r] ** -.5 for r in record[at]]
            w[at] *= part / 2 / max(w[at].sum(), 1e-9)
    return w / w.sum()


def with_p_waves(x, y, collection, seed):
    """Sequences of intervals have no P waves: half of them get those of a recording of their class, of the others nothing is known."""
    r, x = np.random.default_rng(seed), x.copy()
    for label in (0, 1):
        made, real = np.flatnonzero((collection == "synthetic") & (y == label)), (collection != "synthetic") & (y == label)
        x[made, -1] = np.where(r.random(len(made)) < .5, UNKNOWN_P_WAVES, r.choice(x[real, -1], len(made)))
    return x


class Network:
    """The mean of several networks of one small hidden layer, which differ in where they began: as one with all their units."""
    def __init__(self, x, y, collection, record):
        w = weights(y, collection, record)
        self.mean = np.average(x, axis=0, weights=w)
        self.deviation = np.sqrt(np.average((x - self.mean) ** 2, axis=0, weights=w))
        parts = [self.one((with_p_waves(x, y, collection, seed) - self.mean) / self.deviation, y, w, seed) for seed in range(NETWORKS)]
        self.a, self.b = np.concatenate([p[0] for p in parts], 1), np.concatenate([p[1] for p in parts])
        self.v, self.c = np.concatenate([p[2] for p in parts]) / NETWORKS, np.mean([p[3] for p in parts])

    @staticmethod
    def one(z, y, w, seed):
        n = z.shape[1]
        unpack = lambda t: (t[:n * HIDDEN].reshape(n, HIDDEN), t[n * HIDDEN:-HIDDEN - 1], t[-HIDDEN - 1:-1], t[-1])

        def loss(t):
            a, b, v, c = unpack(t)
            h = np.tanh(z @ a + b)
            logit = h @ v + c
            g = w * (1 / (1 + np.exp(-logit)) - y)
            dh = np.outer(g, v) * (1 - h ** 2)
            value = (w * np.logaddexp(0, np.where(y == 1, -logit, logit))).sum() + DECAY / 2 * ((a ** 2).sum() + (v ** 2).sum())
            return value, np.r_[(z.T @ dh + DECAY * a).ravel(), dh.sum(0), h.T @ g + DECAY * v, g.sum()]

        start = np.random.default_rng(seed).normal(0, .3, (n + 2) * HIDDEN + 1)
        return unpack(minimize(loss, start, jac=True, method="L-BFGS-B", options=dict(maxiter=400)).x)

    def __call__(self, x):
        return np.tanh((x - self.mean) / self.deviation @ self.a + self.b) @ self.v + self.c

    def save(self, path):
        numbers = lambda a: np.round(a, 6).tolist()
        json.dump({"features": NAMES, "mean": numbers(self.mean), "deviation": numbers(self.deviation), "hidden": numbers(self.a.T),
                   "hiddenBias": numbers(self.b), "output": numbers(self.v), "outputBias": round(float(self.c), 6)}, open(path, "w"), indent=1)


def auroc(y, logit):
    rank, positives = rankdata(logit), y == 1
    p, n = positives.sum(), (~positives).sum()
    return (rank[positives].sum() - p * (p + 1) / 2) / (p * n)


def main():
    out, command = sys.argv[1], sys.argv[2]
    os.makedirs(out, exist_ok=True)
    table, synthetic = gather(out, command)
    x, y, collection, record, start, fold = table.arrays()
    known = ~np.isnan(y)
    fit = lambda at: Network(x[at], y[at], collection[at], record[at])
    logit = np.full(len(y), np.nan)
    for k in (0, 1, 2):
        train = known & (fold != k) & (fold >= 0)
        network = fit(train)
        logit[fold == k] = network(x[fold == k])
        network.save(os.path.join(out, f"RhythmClassifier-fold{k}.json"))
    train = known & (fold >= 0)
    final = fit(train)
    rest = (fold < 0) | (fold == 9)
    logit[rest] = final(x[rest])
    for name in ("mitdb", "cinc", "ptbxl", "ptbxl-raw", "synthetic"):
        at = known & (collection == name)
        right = (logit[at] > 0) == (y[at] == 1)
        print(f"{name}: {(y[at] == 1).sum()} / {(y[at] == 0).sum()} windows, AUROC {auroc(y[at], logit[at]):.4f}, at one half sensitivity {right[y[at] == 1].mean():.3f}, "
              f"specificity {right[y[at] == 0].mean():.3f}", "(fitted on)" if name == "synthetic" else "(never fitted on)" if name == "ptbxl-raw" else "(cross-validated)")
    for name in sorted(set(record[collection == "mitdb"])):
        at = known & (record == name) & (collection == "mitdb")
        found, false = (logit[at & (y == 1)] > 0), (logit[at & (y == 0)] > 0)
        print(f"  {name}: {found.sum()} of {len(found)} found, {false.sum()} of {len(false)} false")
    final.save(os.path.join(out, "RhythmClassifier.json"))
    # Beats at whole samples, so that the product's own path can be given them.
    examples = []
    for i, (kind, rr, alike, _) in enumerate(synthetic[:800:40]):
        p_waves = None if i % 5 == 4 else round((i % 5) * .3 - .1, 2)
        at = np.r_[100, 100 + np.cumsum(np.round(rr * RATE)).astype(int)]
        at = at[at < REACH]
        alike = np.round(alike[:len(at) - 1], 3)
        logit_of = final(np.array(features([run_of(np.diff(at) / RATE, alike)], p_waves)))
        examples.append({"kind": kind, "beats": at.tolist(), "alike": [1.0] + alike.tolist(), "pWaves": p_waves, "probability": round(float(1 / (1 + np.exp(-logit_of))), 5)})
    json.dump(examples, open(os.path.join(out, "rhythm-reference.json"), "w"))
    np.savez(os.path.join(out, "beats.npz"), logit=logit, y=y, collection=collection, record=record, start=start, fold=fold)


if __name__ == "__main__":
    main()

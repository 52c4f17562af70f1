#!/usr/bin/python3
"""Chooses thresholds on cross-validated outputs, measures the networks on persons they never saw, and writes what the product needs.

Writes into --out: cross-validated.npz and .csv (what the folds' networks say about the persons they were not trained on), and, given --checkpoint,
labels.json (thresholds, aggregation, input filter), figures.json, and reference/ (inputs and right outputs).
"""
import argparse
import csv
import json
import os

import numpy as np
import torch

import data
import metrics
import synth
from network import load_checkpoint
from signals import FILTER_HIGH, FILTER_LOW, FILTER_ORDER, LEADS, RATE, derive_limb_leads, prepare, read_record, resample

LIMB, LEAD_I = list(range(6)), [0]


def interval(score, truth, groups=None, rounds=1000, seed=1):
    """95 % bootstrap interval of the AUROC; whole groups (persons) are drawn where given."""
    r, values = np.random.default_rng(seed), []
    groups = np.arange(len(score)) if groups is None else np.unique(groups, return_inverse=True)[1]
    members = [np.flatnonzero(groups == g) for g in range(groups.max() + 1)]
    for _ in range(rounds):
        at = np.concatenate([members[g] for g in r.integers(len(members), size=len(members))])
        values.append(metrics.auroc(score[at], truth[at]))
    values = [v for v in values if v is not None]
    return [round(float(q), 4) for q in np.percentile(values, [2.5, 97.5])] if values else None


def windows(cache):
    """name -> (collection, windows, x [n, 12, 5000]) of ten-second windows as the run time sees them."""
    ptbxl = data.cached(cache, "ptbxl", data.load_ptbxl_filtered)
    mitdb = data.cached(cache, "mitdb-10s", lambda: data.load_mitdb(data.WINDOW))
    cinc = data.cached(cache, "cinc-10s", lambda: data.load_cinc(data.WINDOW))
    return {"PTB-XL filtered, 12 leads": ("ptbxl", ptbxl, None), "PTB-XL filtered, I+II": ("ptbxl", ptbxl, LIMB), "PTB-XL filtered, I": ("ptbxl", ptbxl, LEAD_I),
            "MITDB": ("mitdb", mitdb, None), "CinC 2017": ("cinc", cinc, None)}


def cross_validated(cache, checkpoints):
    """name -> segment logits [n, 3, labels] (metrics.viewed_logits), each window by the network that was not trained on its person; nan where that fold is not there."""
    where, nets = data.folds(), {k: load_checkpoint(path)[0] for k, path in checkpoints.items()}
    out = {}
    for name, (collection, w, mask) in windows(cache).items():
        fold = np.array([where[collection][r] for r in w.record])
        out[name] = np.full((len(w), 3, len(data.LABELS)), np.nan, np.float32)
        for k, net in nets.items():
            if (fold == k).any():
                out[name][fold == k] = metrics.viewed_logits(net, metrics.in_slots(w.part(fold == k), mask))
    return out


def write_csv(path, cache, logits):
    where = data.folds()
    with open(path, "w", newline="") as f:
        rows = csv.writer(f)
        rows.writerow(["set", "record", "fold", "start_s", "af_truth", *(f"{label}_logit_{i}" for label in ("af", "flutter", "poor") for i in (1, 2, 3))])
        for name, (collection, w, _) in windows(cache).items():
            truth, seen = metrics.truth_of(w)[:, data.AF], {}
            for i, record in enumerate(w.record):
                n = seen[record] = seen.get(record, -1) + 1
                rows.writerow([name, record, where[collection][record], 10 * n, "" if np.isnan(truth[i]) else int(truth[i]),
                               *("%.4f" % v for k in (data.AF, data.FLUTTER, data.POOR) for v in logits[name][i, :, k])])


def sets_of(cache, logits):
    """name -> (probabilities [n, labels], truth [n, labels], person). A CinC strip is one recording: the mean over its windows."""
    out = {}
    for name, (collection, w, _) in windows(cache).items():
        p, truth, record = metrics.combine(logits[name]), metrics.truth_of(w), w.record
        if collection == "cinc":
            record = np.unique(w.record)
            first = [np.flatnonzero(w.record == r)[0] for r in record]
            p, truth = np.array([p[w.record == r].mean(0) for r in record]), w.y[first]
            truth[w.kinds[first] == "A", data.FLUTTER] = np.nan
        if collection == "mitdb":
            record = np.where(record == "202", "201", record)                      # one person
        there = np.isfinite(p).all(1)
        out[name] = (p[there], truth[there], np.array(record)[there])
    return out


def choose_threshold(pairs):
    """Highest mean F1 over the sets; the middle of the range that is within 0.002 of it."""
    grid = np.linspace(.02, .98, 193)
    f1 = np.mean([[metrics.counts(p, t, g)["f1"] or 0 for g in grid] for p, t in pairs], 0)
    good = np.flatnonzero(f1 >= f1.max() - .002)
    first = np.flatnonzero(f1 == f1.max())[0]
    run = [i for i in good if all(j in good for j in range(min(i, first), max(i, first) + 1))]
    return round(float(grid[run].mean()), 3), round(float(f1.max()), 4)


def thresholds(sets, made):
    """sets: cross-validated; made: synthetic windows that are in no bank."""
    out = {}
    for k, name in enumerate(data.LABELS):
        use = []
        # Real flutter is that of a handful of persons, whose best threshold would fire everywhere else: synthetic windows choose it.
        for s, (p, truth, _) in ({"synthetic": made} if k == data.FLUTTER else sets).items():
            known = np.isfinite(truth[:, k])
            if (truth[known, k] == 1).sum() >= 3 and (truth[known, k] == 0).sum() >= 3:
                use.append((s, p[known, k], truth[known, k] == 1))
        t, f1 = choose_threshold([(p, y) for _, p, y in use])
        if k == data.POOR:                                  # at most one in a hundred of the usable windows may be called poor
            t = round(max(t, *(float(np.quantile(p[truth[:, k] == 0, k], .99)) for s, (p, truth, _) in sets.items() if s != "CinC 2017")), 3)
        out[name] = dict(threshold=t, mean_f1=f1, chosen_on={s: dict(positive=int(y.sum()), negative=int((~y).sum()), auroc=round(metrics.auroc(p, y), 4),
                                                                      **metrics.counts(p, y, t)) for s, p, y in use})
    return out


def describe(score, truth, threshold, groups=None):
    return dict(positive=int(truth.sum()), negative=int((~truth).sum()), auroc=round(metrics.auroc(score, truth), 4), interval95=interval(score, truth, groups),
                average_precision=round(metrics.average_precision(score, truth), 4), at_threshold=metrics.counts(score, truth, threshold))


def all_labels(p, truth, limits, persons):
    out = {}
    for k, name in enumerate(data.LABELS):
        known = np.isfinite(truth[:, k])
        t = truth[known, k] == 1
        if t.sum() >= 2 and (~t).sum() >= 2:
            out[name] = dict(persons=len(np.unique(persons[known])), persons_with=len(np.unique(persons[known][t])), **describe(p[known, k], t, limits[name]["threshold"], persons[known]))
    return out


def ptbxl_raw(net, limits):
    w = data.load_ptbxl_raw()
    derived = np.zeros_like(w.x)                        # I+II as the run time gets them: four limb leads derived before filtering
    for i, record in enumerate(w.record):
        signal, header = read_record(os.path.join(data.folder(), "ptbxl-raw", record))
        names = [s["lead"].upper() for s in header["signals"]]
        raw = np.zeros((12, data.WINDOW))
        raw[:2] = resample(signal, header["rate"])[[names.index("I"), names.index("II")]]
        derived[i] = prepare(derive_limb_leads(raw))
    truth = metrics.truth_of(w)
    af, out = w.kinds == "AF", {}
    clean = ~np.isin(w.kinds, ["AFL", "other/none"])
    for mask, x in (("12 leads", w.x), ("I+II", derived), ("I", metrics.in_slots(w, LEAD_I))):
        p = metrics.probabilities(net, x)
        t = limits[data.LABELS[data.AF]]["threshold"]
        out[mask] = dict(af_against_all_others=describe(p[:, data.AF], af, t), af_without_flutter_and_unlabelled=describe(p[clean, data.AF], af[clean], t),
                         af_or_flutter_against_others=describe(np.maximum(p[:, data.AF], p[:, data.FLUTTER]), af | (w.kinds == "AFL"), t),
                         labels=all_labels(p, truth, limits, w.record),
                         af_probability_of_flutter_records={r: round(float(v), 3) for r, v in zip(w.record[w.kinds == "AFL"], p[w.kinds == "AFL", data.AF])},
                         false_positives=[f"{r} {c} {v:.2f}" for r, c, v in zip(w.record, w.kinds, p[:, data.AF]) if c != "AF" and v >= t])
    return dict(persons=len(w), af_persons=int(af.sum()), flutter_persons=int((w.kinds == "AFL").sum()), masks=out)


def by_record(cache, logits, limits):
    """MITDB: AF windows found and missed, other windows falsely and rightly judged, per record."""
    w, p = windows(cache)["MITDB"][1], metrics.combine(logits["MITDB"])[:, data.AF]
    truth = metrics.truth_of(w)[:, data.AF]
    known = np.isfinite(truth) & np.isfinite(p)
    return {str(r): metrics.counts(p[known & (w.record == r)], truth[known & (w.record == r)] == 1, limits["Atrial fibrillation"]["threshold"]) for r in np.unique(w.record)}


def reference(net, folder):
    """Inputs made from seeds (no recording leaves its place) and what a right implementation gives; logits computed in float64."""
    os.makedirs(folder, exist_ok=True)
    r = np.random.default_rng(7)
    raw = np.stack([synth.window(r, kind)[0] for kind in ("af", "sinus", "pvc", "flutter")])
    raw += r.uniform(-.5, .5, (4, 12, 1)) + .2 * np.sin(2 * np.pi * .15 * synth.TIME)
    prepared = np.stack([prepare(x) for x in raw])
    prepared[1, 6:] = 0                                 # I+II with the derived limb leads
    prepared[2, [i for i in range(12) if i not in (1, 6)]] = 0
    prepared[3, 1:] = 0
    raw[prepared.std(2) == 0] = 0                       # so that `window` prepared again gives `prepared`
    x = np.concatenate([prepared[:, :, :data.SEGMENT], prepared[:, :, data.SEGMENT:]]).astype(np.float32)
    double = net.double()
    with torch.no_grad():
        logits, _, embedding = double(torch.from_numpy(x).double(), tap=2)
    net.float()
    arrays = dict(window=raw, prepared=prepared, input=x, logits=logits.numpy(), embedding=embedding.numpy())
    for name, a in arrays.items():
        a.astype("<f4").tofile(os.path.join(folder, name + ".bin"))
    json.dump({name: list(a.shape) for name, a in arrays.items()}, open(os.path.join(folder, "shapes.json"), "w"), indent=1)


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--folds", required=True, nargs="+", help="FOLD=checkpoint.pt …")
    a.add_argument("--checkpoint", help="the network to ship")
    a.add_argument("--cache", required=True)
    a.add_argument("--out", required=True)
    a = a.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    os.makedirs(a.out, exist_ok=True)
    logits = cross_validated(a.cache, {int(k): path for k, path in (f.split("=", 1) for f in a.folds)})
    np.savez(os.path.join(a.out, "cross-validated.npz"), **logits)
    write_csv(os.path.join(a.out, "cross-validated.csv"), a.cache, logits)
    sets = sets_of(a.cache, logits)
    for name, (p, truth, persons) in sets.items():
        known = np.isfinite(truth[:, data.AF])
        print(name, "AUROC", round(metrics.auroc(p[known, data.AF], truth[known, data.AF] == 1), 4), flush=True)
    if not a.checkpoint:
        return
    net, names = load_checkpoint(a.checkpoint)
    if names != data.LABELS:
        raise SystemExit(f"{a.checkpoint} has labels {names}; expected {data.LABELS}")
    made = data.cached(a.cache, "synthetic-test", lambda: data.load_synthetic(400, 20001))
    limits = thresholds(sets, (metrics.combine(metrics.viewed_logits(net, metrics.in_slots(made))), metrics.truth_of(made), None))
    figures = dict(thresholds=limits, cross_validated={name: all_labels(p, truth, limits, persons) for name, (p, truth, persons) in sets.items()},
                   mitdb_by_record=by_record(a.cache, logits, limits), ptbxl_raw=ptbxl_raw(net, limits))
    json.dump(figures, open(os.path.join(a.out, "figures.json"), "w"), indent=1)
    json.dump(dict(labels=[dict(name=n, threshold=limits[n]["threshold"], aggregation=data.AGGREGATION[n]) for n in data.LABELS],
                   views="whole and parts", inputFilter=dict(type="butterworth-bandpass", order=FILTER_ORDER, lowHz=FILTER_LOW, highHz=int(FILTER_HIGH), zeroPhase=True)),
              open(os.path.join(a.out, "labels.json"), "w"), indent=1)
    reference(net, os.path.join(a.out, "reference"))
    show(figures)


def show(figures):
    row = lambda name, d: print("| %s | %d / %d | %s (%s–%s) | %s | %d/%d found, %d of %d false |" % (
        name, d["positive"], d["negative"], d["auroc"], *d["interval95"], d["average_precision"], d["at_threshold"]["tp"], d["positive"], d["at_threshold"]["fp"], d["negative"]))
    for label in data.LABELS:
        print(label, figures["thresholds"][label]["threshold"])
        for name, found in list(figures["cross_validated"].items()) + [("PTB-XL raw, " + m, f["labels"]) for m, f in figures["ptbxl_raw"]["masks"].items()]:
            if label in found:
                row(name, found[label])
    for mask, f in figures["ptbxl_raw"]["masks"].items():
        row("PTB-XL raw, " + mask + ", AF against all others", f["af_against_all_others"])
        print(f["false_positives"], f["af_probability_of_flutter_records"])
    print({r: (v["tp"], v["fn"], v["fp"], v["tn"]) for r, v in figures["mitdb_by_record"].items()})


if __name__ == "__main__":
    main()

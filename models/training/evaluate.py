#!/usr/bin/python3
"""Chooses thresholds on validation data, measures the checkpoint on recordings it never saw, and writes what the product needs.

Writes into --out: labels.json (thresholds, aggregation, input filter), figures.json, and reference/ (inputs and right outputs).
"""
import argparse
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


def validation_sets(cache):
    """name -> (x [n, 12, 5000], truth [n, labels]); none of these persons is trained on."""
    ptbxl = data.cached(cache, "ptbxl-val", lambda: data.load_ptbxl_filtered("val"))
    mitdb = data.cached(cache, "mitdb-10s", lambda: data.load_mitdb(data.WINDOW))
    mitdb = mitdb.part(np.isin(mitdb.record, list(data.MITDB_VALIDATION)))
    made = data.cached(cache, "synthetic-val", lambda: data.load_synthetic(400, 20001))
    truth = metrics.truth_of(ptbxl)
    return {"ptbxl-val 12": (metrics.in_slots(ptbxl), truth), "ptbxl-val I+II": (metrics.in_slots(ptbxl, LIMB), truth),
            "ptbxl-val I": (metrics.in_slots(ptbxl, LEAD_I), truth), "mitdb-val": (metrics.in_slots(mitdb), metrics.truth_of(mitdb)),
            "synthetic-val": (metrics.in_slots(made), metrics.truth_of(made))}, mitdb


def choose_threshold(pairs):
    """Highest mean F1 over the sets; the middle of the range that is within 0.002 of it."""
    grid = np.linspace(.02, .98, 193)
    f1 = np.mean([[metrics.counts(p, t, g)["f1"] or 0 for g in grid] for p, t in pairs], 0)
    good = np.flatnonzero(f1 >= f1.max() - .002)
    first = np.flatnonzero(f1 == f1.max())[0]
    run = [i for i in good if all(j in good for j in range(min(i, first), max(i, first) + 1))]
    return round(float(grid[run].mean()), 3), round(float(f1.max()), 4)


def thresholds(sets, scores):
    out = {}
    for k, name in enumerate(data.LABELS):
        if k == data.POOR:
            # Validation holds no recordings labelled noisy, and synthetic noise is too easy to place a threshold:
            # one in a hundred of the usable windows may be called poor.
            usable = [scores[s][:, k] for s in ("ptbxl-val 12", "ptbxl-val I", "mitdb-val")]
            t = round(float(np.mean([np.quantile(u, .99) for u in usable])), 3)
            out[name] = dict(threshold=max(t, .05), mean_f1=None, chosen_on={"share called poor on usable windows": [round(float((u >= t).mean()), 4) for u in usable]})
            continue
        real, made = [], []
        for s, (_, truth) in sets.items():
            known = np.isfinite(truth[:, k])
            if (truth[known, k] == 1).sum() >= 3 and (truth[known, k] == 0).sum() >= 3:
                (made if s.startswith("synthetic") else real).append((s, scores[s][known, k], truth[known, k] == 1))
        # Flutter was learned from synthetic windows all but wholly, and validation holds the flutter of one person (203), whose
        # best threshold would fire everywhere else: the synthetic windows choose it, and the figures say how it does on real ones.
        use = made if k == data.FLUTTER else real or made
        t, f1 = choose_threshold([(p, y) for _, p, y in use])
        if not use:
            raise SystemExit(f"no validation data for {name}")
        out[name] = dict(threshold=t, mean_f1=f1, chosen_on={s: dict(positive=int(y.sum()), negative=int((~y).sum()), auroc=round(metrics.auroc(p, y), 4),
                                                                      **metrics.counts(p, y, t)) for s, p, y in use})
    return out


def describe(score, truth, threshold, groups=None):
    return dict(positive=int(truth.sum()), negative=int((~truth).sum()), auroc=round(metrics.auroc(score, truth), 4), interval95=interval(score, truth, groups),
                average_precision=round(metrics.average_precision(score, truth), 4), at_threshold=metrics.counts(score, truth, threshold))


def other_labels(p, truth, limits, groups=None):
    out = {}
    for k, name in enumerate(data.LABELS):
        known = np.isfinite(truth[:, k])
        t = truth[known, k] == 1
        if k != data.AF and t.sum() >= 2 and (~t).sum() >= 2:
            out[name] = describe(p[known, k], t, limits[name]["threshold"], None if groups is None else groups[known])
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
    af, out = w.classes == "AF", {}
    clean = ~np.isin(w.classes, ["AFL", "other/none"])
    for mask, x in (("12 leads", w.x), ("I+II", derived), ("I", metrics.in_slots(w, LEAD_I))):
        p = metrics.probabilities(net, x)
        t = limits[data.LABELS[data.AF]]["threshold"]
        out[mask] = dict(af_against_all_others=describe(p[:, data.AF], af, t), af_without_flutter_and_unlabelled=describe(p[clean, data.AF], af[clean], t),
                         af_or_flutter_against_others=describe(np.maximum(p[:, data.AF], p[:, data.FLUTTER]), af | (w.classes == "AFL"), t),
                         other_labels=other_labels(p, truth, limits),
                         af_probability_of_flutter_records={r: round(float(v), 3) for r, v in zip(w.record[w.classes == "AFL"], p[w.classes == "AFL", data.AF])},
                         false_positives=[f"{r} {c} {v:.2f}" for r, c, v in zip(w.record, w.classes, p[:, data.AF]) if c != "AF" and v >= t])
    return dict(persons=len(w), af_persons=int(af.sum()), flutter_persons=int((w.classes == "AFL").sum()), masks=out)


def mitdb(net, w, limits):
    truth, p = metrics.truth_of(w), metrics.probabilities(net, metrics.in_slots(w))
    known = np.isfinite(truth[:, data.AF])
    t = limits[data.LABELS[data.AF]]["threshold"]
    records = {}
    for r in np.unique(w.record):
        k = known & (w.record == r)
        records[str(r)] = dict(windows=int((w.record == r).sum()), **metrics.counts(p[k, data.AF], truth[k, data.AF] == 1, t))
        if metrics.auroc(p[k, data.AF], truth[k, data.AF] == 1) is not None:
            records[str(r)]["auroc"] = round(metrics.auroc(p[k, data.AF], truth[k, data.AF] == 1), 4)
    af = truth[known, data.AF] == 1
    return dict(note="the persons on whom thresholds were chosen: not an independent test of thresholds", persons=len(records), af_persons=1,
                af=describe(p[known, data.AF], af, t, w.record[known]), other_labels=other_labels(p, truth, limits, w.record), records=records)


def cinc(net, cache, limits):
    w = data.cached(cache, "cinc-test-10s", lambda: data.load_cinc(True, data.WINDOW))
    classes = {name: c for name, c, test in data.cinc_rows() if test}
    p = metrics.probabilities(net, metrics.in_slots(w))
    names = np.unique(w.record)
    strip = np.array([p[w.record == n].mean(0) for n in names])           # a strip's value: the mean over its windows
    c = np.array([classes[n] for n in names])
    t = limits[data.LABELS[data.AF]]["threshold"]
    return dict(strips={k: int((c == k).sum()) for k in "NAO~"}, af=describe(strip[:, data.AF], c == "A", t),
                af_false_positives_by_class={k: int(((c == k) & (strip[:, data.AF] >= t)).sum()) for k in "NO~"},
                poor_quality=describe(strip[:, data.POOR], c == "~", limits[data.LABELS[data.POOR]]["threshold"]),
                best_f1_with_a_threshold_chosen_here=choose_threshold([(strip[:, data.AF], c == "A")])[1])


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
    a.add_argument("--checkpoint", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--cache", default=os.path.join("artifacts", "training-cache"))
    a = a.parse_args()
    os.makedirs(a.out, exist_ok=True)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    net, names = load_checkpoint(a.checkpoint)
    assert names == data.LABELS
    sets, held = validation_sets(a.cache)
    limits = thresholds(sets, {s: metrics.probabilities(net, x) for s, (x, _) in sets.items()})
    figures = dict(parameters=sum(p.numel() for p in net.parameters()), validation=limits, ptbxl_raw=ptbxl_raw(net, limits), mitdb_validation=mitdb(net, held, limits),
                   cinc2017_test=cinc(net, a.cache, limits))
    json.dump(figures, open(os.path.join(a.out, "figures.json"), "w"), indent=1)
    json.dump(dict(labels=[dict(name=n, threshold=limits[n]["threshold"], aggregation=data.AGGREGATION[n]) for n in data.LABELS],
                   inputFilter=dict(type="butterworth-bandpass", order=FILTER_ORDER, lowHz=FILTER_LOW, highHz=int(FILTER_HIGH), zeroPhase=True)),
              open(os.path.join(a.out, "labels.json"), "w"), indent=1)
    reference(net, os.path.join(a.out, "reference"))
    for mask, f in figures["ptbxl_raw"]["masks"].items():
        print("ptbxl-raw", mask, f["af_against_all_others"]["auroc"], f["af_without_flutter_and_unlabelled"]["auroc"], f["af_against_all_others"]["at_threshold"], f["false_positives"])
    print("mitdb", figures["mitdb_validation"]["af"])
    print({r: (v["tp"], v["fp"], v["fn"], v["tn"]) for r, v in figures["mitdb_validation"]["records"].items()})
    print("cinc", figures["cinc2017_test"]["af"], figures["cinc2017_test"]["af_false_positives_by_class"])
    print({n: (v["threshold"], v["mean_f1"]) for n, v in limits.items()})


if __name__ == "__main__":
    main()

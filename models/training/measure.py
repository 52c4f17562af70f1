#!/usr/bin/python3
"""Measures atrial fibrillation by the product itself, each person by a network and a judgement of beats that never saw them, and prints the tables of the model card.

    measure.py OUT_DIR BEATS_DIR COMMAND

OUT_DIR is what train.sh wrote, BEATS_DIR what fit_beats.py wrote, COMMAND starts ecgfm-edge. What the product says is kept in OUT_DIR/measured; delete that
to measure again. The shipped network is measured on ptbxl-raw, which nobody was trained on.
"""
import collections
import csv
import json
import os
import shlex
import subprocess
import sys

import numpy as np

import data
import metrics
from evaluate import interval

AF = "Atrial fibrillation"
VIEWS = ("network", "beats", "both")


class Product:
    def __init__(self, out, beats, command):
        self.trained, self.out, self.beats, self.command = out, os.path.join(out, "measured"), beats, shlex.split(command)

    def package(self, k, precision="fp32"):
        """The network of fold k, or the one to ship ("final"), as a package; made once."""
        folder, name = os.path.join(self.out, f"package-{k}{'' if precision == 'fp32' else '-' + precision}"), k if k == "final" else f"fold{k}"
        calibration = [] if precision == "fp32" else ["--calibrate", *(os.path.join(data.folder(), part) for part in ("mitdb", "cinc2017"))]
        if not os.path.exists(os.path.join(folder, "manifest.json")):
            subprocess.run(self.command + ["model", "convert", os.path.join(self.trained, name, "checkpoint.pt"), "--labels", os.path.join(self.trained, "labels.json"),
                                           "--precision", precision, *calibration, "--out", folder], check=True, stdout=subprocess.DEVNULL)
        return folder

    def judge(self, name, k, *arguments, precision="fp32"):
        """The JSON lines of an evaluation by fold k, or by what is shipped."""
        kept = os.path.join(self.out, f"{name}-{k}{'' if precision == 'fp32' else '-' + precision}.jsonl")
        if not os.path.exists(kept):
            judgement = [] if k == "final" else ["--beats", os.path.join(self.beats, f"RhythmClassifier-fold{k}.json")]
            with open(kept + ".part", "w") as f:
                subprocess.run(self.command + ["evaluate", *arguments, "--model", self.package(k, precision), *judgement, "--json"], check=True, stdout=f)
            os.rename(kept + ".part", kept)
        return [json.loads(line) for line in open(kept)]

    def windows(self, name, k, records, labels=None, leads="12", precision="fp32"):
        """[(record, truth, {view: probability})]; what is not usable is not called AF."""
        rows = []
        for line in self.judge(name, k, "windows", "--records", records, *(["--labels", labels] if labels else []), "--leads", leads, precision=precision):
            if line["type"] != "record":
                continue
            said = next(label for label in line["labels"] if label["label"] == AF)
            if said["truth"] is not None:
                usable = line["usable"] and said["network"] is not None
                rows.append((line["record"], said["truth"], {v: said[v] if usable and said[v] is not None else said["network"] if usable and v == "both" else 0 for v in VIEWS}))
        return rows


def threshold_of(package):
    return next(label["threshold"] for label in json.load(open(os.path.join(package, "manifest.json")))["labels"] if label["name"] == AF)


def tell(name, rows, threshold, person=lambda record: record, stated=None):
    """A row of the table for each view; and one more for the records whose rhythm somebody stated, where there are others."""
    def row_of(first, rows, view, title):
        truth, p = np.array([row[1] for row in rows], bool), np.array([row[2][view] for row in rows])
        c = metrics.counts(p, truth, .5 if view == "beats" else threshold)
        low, high = interval(p, truth, np.array([person(row[0]) for row in rows]))
        print(f"| {name if first else ''} | {f'{truth.sum()} / {(~truth).sum()}' if first or title else ''} | {title or view} | {metrics.auroc(p, truth):.4f} ({low:.3f}–{high:.3f}) "
              f"| {c['tp']}, {c['fp']} (Se {c['sensitivity']:.3f}, Sp {c['specificity']:.3f}) | {c['f1']:.3f} |")

    for view in VIEWS:
        row_of(view == VIEWS[0], rows, view, None)
    if stated:
        row_of(False, [row for row in rows if row[0] in stated], "both", "both, rhythm stated")
    p = np.array([row[2]["both"] for row in rows])
    print("  false:", ", ".join(f"{row[0]} {row[2]['both']:.2f}" for row in sorted(rows, key=lambda row: -row[2]["both"]) if not row[1] and row[2]["both"] >= threshold)[:400], file=sys.stderr)


def compare(name, *rows):
    """What a smaller precision costs."""
    for view in ("network", "both"):
        areas = [metrics.auroc(np.array([row[2][view] for row in part]), np.array([row[1] for row in part], bool)) for part in rows]
        print(f"| {name} | {view} | " + " | ".join(f"{area:.4f}" for area in areas) + " |")


def episodes(product, where):
    """Whole MITDB records, fold by fold; epicmp's gross statistics over all."""
    sums = {view: collections.Counter() for view in VIEWS}
    base = os.path.join(data.folder(), "mitdb")
    for k in range(data.FOLDS):
        part = os.path.join(product.out, f"mitdb-fold{k}")
        os.makedirs(part, exist_ok=True)
        for file in os.listdir(base):
            if where.get(file.split(".")[0]) == k and not os.path.exists(os.path.join(part, file)):
                os.symlink(os.path.abspath(os.path.join(base, file)), os.path.join(part, file))
        for line in product.judge("episodes", k, "episodes", "--records", part):
            if line["type"] == "record":
                f, sum_ = line["figures"], sums[line["by"]]
                sum_.update({n: f[n] for n in ("referenceEpisodes", "referenceFound", "testEpisodes", "testRight", "referenceSeconds", "testSeconds")})
                sum_["found"] += (f["durationSensitivity"] or 0) * f["referenceSeconds"]
                sum_["right"] += (f["durationPredictivity"] or 0) * f["testSeconds"]
                sum_["false"] += line["falseAlerts"] or 0
                sum_["hours"] += line["seconds"] / 3600 if line["falseAlerts"] is not None else 0
                if line["falseAlerts"]:
                    print("  false alert:", line["by"], line["record"], file=sys.stderr)
    for view, s in sums.items():
        print(f"| {view} | {s['found'] / s['referenceSeconds']:.3f} | {s['right'] / s['testSeconds']:.3f} | {s['referenceFound']}/{s['referenceEpisodes']} | {s['testRight']}/{s['testEpisodes']} | {s['false']} in {s['hours']:.1f} h |")


def main():
    out, beats, command = sys.argv[1:4]
    os.makedirs(os.path.join(out, "measured"), exist_ok=True)
    product, where, base = Product(out, beats, command), data.folds(), data.folder()
    labels, raw = os.path.join(product.out, "ptbxl.csv"), os.path.join(base, "ptbxl-raw")
    filtered = list(csv.DictReader(open(os.path.join(base, "ptbxl-filtered", "labels.csv"))))
    with open(labels, "w") as f:
        f.write("record,class\n" + "".join(f"{row['ecg_id']},{row['class']}\n" for row in filtered))
    stated = {row["ecg_id"] for row in filtered if row["rhythm"] != "none"} | {row["record"] for row in csv.DictReader(open(os.path.join(raw, "labels.csv"))) if row["rhythm"] != "none"}
    sets = [(f"PTB-XL filtered, {leads}", "ptbxl", leads, os.path.join(beats, "ptbxl"), labels) for leads in ("12", "I+II", "I")]
    sets += [("MITDB", "mitdb", "12", os.path.join(base, "mitdb"), None), ("CinC 2017", "cinc", "12", os.path.join(base, "cinc2017"), os.path.join(base, "cinc2017", "REFERENCE-v3.csv"))]
    print("| set | AF / other | by | AUROC | found, false | F1 |\n|---|---|---|---|---|---|")
    for name, collection, leads, records, table in sets:
        rows = [row for k in range(data.FOLDS) for row in product.windows(f"{collection}-{leads}", k, records, table, leads) if where[collection][row[0]] == k]
        tell("cross-validated " + name, rows, threshold_of(product.package(0)), lambda record: "201" if record == "202" else record, stated if collection == "ptbxl" else None)
    for leads in ("12", "I+II", "I"):
        tell(f"held out PTB-XL raw, {leads}", product.windows(f"raw-{leads}", "final", raw, os.path.join(raw, "labels.csv"), leads), threshold_of(product.package("final")), stated=stated)
    print("\n| set | by | AUROC fp32 | int8 |\n|---|---|---|---|")
    for name, collection, leads, records, table in sets[3:]:
        compare(f"cross-validated {name}", *([row for k in range(data.FOLDS) for row in product.windows(f"{collection}-{leads}", k, records, table, leads, precision) if where[collection][row[0]] == k]
                                             for precision in ("fp32", "int8")))
    for leads in ("12", "I+II", "I"):
        compare(f"held out PTB-XL raw, {leads}", *(product.windows(f"raw-{leads}", "final", raw, os.path.join(raw, "labels.csv"), leads, precision) for precision in ("fp32", "int8")))
    print("\n| | duration Se | +P | episodes Se | +P | false alerts |\n|---|---|---|---|---|---|")
    episodes(product, where["mitdb"])


if __name__ == "__main__":
    main()

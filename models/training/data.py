"""The collections as ten-second prepared windows with labels, cached; and the random batches that training draws from them."""
import csv
import glob
import os

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import sosfiltfilt

import synth
from signals import (BEATS, FUSION, LEADS, RATE, RHYTHM, SEGMENT, SLOT, SOS, VENTRICULAR, WINDOW, find_beats, prepare, read_annotations,
                     read_record, resample, standardise, windows_of)

LABELS = ["Poor data quality", "Sinus rhythm", "Premature ventricular contraction", "Tachycardia", "Atrial fibrillation", "Atrial flutter", "Bradycardia"]
POOR, SINUS, PVC, TACHY, AF, FLUTTER, BRADY = range(7)
AGGREGATION = {name: "max" if name in ("Poor data quality", "Premature ventricular contraction") else "mean" for name in LABELS}

# Cross-validation goes by person: three folds; 201 and 202 are one person. ptbxl-raw is in no fold: it is for testing as a whole.
FOLDS = 3
MITDB_FOLDS = ({"201", "202", "106", "118", "124", "208", "209"}, {"203", "109", "112", "119", "215", "220", "223"},
               {"101", "108", "114", "115", "116", "122", "205", "207", "230"})

NAN = np.nan
RHYTHM_CODES = {"(N": 1, "(SBR": 1, "(AFIB": 2, "(AFL": 3}       # everything else is 4: neither sinus nor AF


def folder():
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "data")
    return os.environ.get("ECGFM_DATA", default)


class Windows:
    """x [n, leads, 5000] with the slots its leads take; y [n, labels] (nan: not known); beats [n, 48] in samples (nan: none).
    rhythm [n, 100] says the rhythm at every tenth of a second where a record has such annotations; beat_types says whether
    `ventricular` is known, so that premature beats can be labelled per segment."""
    def __init__(self, x, slots, y, beats, ventricular=None, rhythm=None, record=None, kinds=None):
        self.x, self.slots, self.y, self.beats = x, slots, y, beats
        self.ventricular = np.zeros(beats.shape, bool) if ventricular is None else ventricular
        self.beat_types = ventricular is not None
        self.rhythm, self.kinds = rhythm, kinds
        self.record = np.array([""] * len(x)) if record is None else np.array(record)

    def __len__(self):
        return len(self.x)

    def part(self, keep):
        keep = np.arange(len(self))[keep]
        pick = lambda a: None if a is None else a[keep]
        w = Windows(self.x[keep], self.slots[keep], self.y[keep], self.beats[keep], pick(self.ventricular), pick(self.rhythm), pick(self.record), pick(self.kinds))
        w.beat_types = self.beat_types
        return w


def pad_beats(at):
    out = np.full(48, NAN, np.float32)
    out[:min(48, len(at))] = at[:48]
    return out


def labels(**known):
    y = np.full(len(LABELS), NAN, np.float32)
    for name, value in known.items():
        y[globals()[name]] = value
    return y


def class_of_ptbxl(c, rhythm):
    if c in ("SR", "SARRH", "SBRAD", "STACH"):
        return labels(POOR=0, SINUS=1, AF=0, FLUTTER=0)
    if c == "AF":
        return labels(POOR=0, SINUS=0, AF=1, FLUTTER=0)
    if c == "AFL":
        return labels(POOR=0, SINUS=0, AF=0, FLUTTER=1)
    if c == "PACE":
        return labels(POOR=0, SINUS=0, AF=0, FLUTTER=0)
    if rhythm == "unknown-nonAF":
        return labels(POOR=0, AF=0)
    return labels(POOR=0)           # "none" is not a clean negative


def load_ptbxl_filtered():
    base = os.path.join(folder(), "ptbxl-filtered")
    rows = list(csv.DictReader(open(os.path.join(base, "labels.csv"))))
    raw = np.memmap(os.path.join(base, "ecg_250hz_int16.bin"), "<i2", "r", shape=(len(rows), 12, 2500))
    x, y, beats = np.zeros((len(rows), 12, WINDOW), np.float16), [], []
    for i, row in enumerate(rows):                    # published filtered already: only resampled and standardised again
        full = standardise(resample(raw[i].astype(np.float64) / 1000, 250))
        x[i] = full
        y.append(class_of_ptbxl(row["class"], row["rhythm"]))
        beats.append(pad_beats(find_beats(full)))
    slots = np.tile(np.arange(12, dtype=np.int8), (len(rows), 1))
    return Windows(x, slots, np.array(y), np.array(beats), record=[row["ecg_id"] for row in rows], kinds=np.array([row["class"] for row in rows]))


def load_ptbxl_raw():
    base = os.path.join(folder(), "ptbxl-raw")
    rows = list(csv.DictReader(open(os.path.join(base, "labels.csv"))))
    x, y, beats = np.zeros((len(rows), 12, WINDOW), np.float32), [], []
    for j, row in enumerate(rows):
        signal, header = read_record(os.path.join(base, row["record"]))
        order = [[s["lead"].upper() for s in header["signals"]].index(name.upper()) for name in LEADS]
        x[j] = prepare(resample(signal, header["rate"])[order])
        y.append(class_of_ptbxl(row["class"], row["rhythm"]))
        beats.append(pad_beats(find_beats(x[j])))
    slots = np.tile(np.arange(12, dtype=np.int8), (len(rows), 1))
    return Windows(x, slots, np.array(y), np.array(beats), record=[row["record"] for row in rows], kinds=np.array([row["class"] for row in rows]))


def load_annotated(where, stride):
    """Records with beats and rhythms in their .atr; the leads by name. MITDB, and what `ecgfm-edge simulate` writes."""
    x, slots, y, beats, ventricular, rhythm, record = [], [], [], [], [], [], []
    for path in sorted(glob.glob(os.path.join(where, "*.hea"))):
        path = path[:-4]
        signal, header = read_record(path)
        notes = read_annotations(path + ".atr")
        scale = RATE / header["rate"]
        at = np.array([n[0] * scale for n in notes if n[1] in BEATS])
        is_v = np.array([n[1] in (VENTRICULAR, FUSION) for n in notes if n[1] in BEATS])
        changes = [(n[0] * scale, RHYTHM_CODES.get(n[2], 4)) for n in notes if n[1] == RHYTHM]
        signal = resample(signal, header["rate"])
        track = np.zeros(signal.shape[1] // 50 + 1, np.int8)
        for sample, code in changes:
            track[int(sample / 50):] = code
        lead_slots = [SLOT[s["lead"].upper()] for s in header["signals"]]
        for start, piece in windows_of(signal, stride):
            inside = (at >= start) & (at < start + WINDOW)
            x.append(prepare(piece).astype(np.float16))
            slots.append(lead_slots)
            y.append(labels(POOR=0))
            beats.append(pad_beats(at[inside] - start))
            flags = np.zeros(48, bool)
            flags[:min(48, inside.sum())] = is_v[inside][:48]
            ventricular.append(flags)
            rhythm.append(track[start // 50:start // 50 + 100])
            record.append(os.path.basename(path))
    return Windows(np.array(x), np.array(slots, np.int8), np.array(y), np.array(beats), np.array(ventricular), np.array(rhythm), record)


def load_mitdb(stride):
    return load_annotated(os.path.join(folder(), "mitdb"), stride)


CINC_LABELS = {"N": dict(POOR=0, SINUS=1, AF=0, FLUTTER=0), "A": dict(POOR=0, SINUS=0, AF=1), "O": dict(POOR=0, AF=0), "~": dict(POOR=1, AF=0)}


def cinc_rows():
    """{record: class}, in the order of the names"""
    base = os.path.join(folder(), "cinc2017")
    rows = [r for r in csv.reader(open(os.path.join(base, "REFERENCE-v3.csv"))) if len(r) == 2]
    return dict(sorted(r for r in rows if os.path.exists(os.path.join(base, r[0] + ".hea"))))


def load_cinc(stride):
    x, y, beats, record, kinds = [], [], [], [], []
    for name, c in cinc_rows().items():
        signal, header = read_record(os.path.join(folder(), "cinc2017", name))
        for _, piece in windows_of(resample(signal, header["rate"]), stride):
            w = prepare(piece)
            x.append(w.astype(np.float16))
            y.append(labels(**CINC_LABELS[c]))
            beats.append(pad_beats(find_beats(w) if c != "~" else np.zeros(0)))
            record.append(name)
            kinds.append(c)
    return Windows(np.array(x), np.zeros((len(x), 1), np.int8), np.array(y), np.array(beats), record=record, kinds=np.array(kinds))


def in_turn(names, classes):
    """{name: fold}: each class is dealt out in the order of the names, so that every fold has its share."""
    seen, out = {}, {}
    for name, c in zip(names, classes):
        seen[c] = seen.get(c, 0) + 1
        out[name] = seen[c] % FOLDS
    return out


def folds():
    """collection -> {record: fold}"""
    rows = list(csv.DictReader(open(os.path.join(folder(), "ptbxl-filtered", "labels.csv"))))
    cinc = cinc_rows()
    return {"ptbxl": in_turn([r["ecg_id"] for r in rows], [r["class"] for r in rows]), "cinc": in_turn(cinc, cinc.values()),
            "mitdb": {record: fold for fold, records in enumerate(MITDB_FOLDS) for record in records}}


def load_synthetic(count, seed):
    x, kinds, beats, ventricular = synth.bank(count, seed)
    y = []
    for kind in kinds:
        sinus, af, flutter, pvc, poor = synth.TRUTH[kind]
        y.append(labels(SINUS=sinus, AF=af, FLUTTER=flutter, POOR=poor, PVC=NAN if pvc else (0 if kind == "noise" else NAN)))
    w = Windows(x, np.tile(np.arange(12, dtype=np.int8), (count, 1)), np.array(y), beats, ventricular, kinds=kinds)
    return w


def noise_bank(count, seed):
    """Unit-variance noise after the same band-pass: wander, muscle, motion, mains."""
    r = np.random.default_rng(seed)
    out = np.zeros((count, WINDOW), np.float32)
    for i in range(count):
        what = i % 4
        if what == 0:
            n = synth.slow_noise(r, int(r.integers(150, 800)))
        elif what == 1:
            n = r.normal(size=WINDOW)
        elif what == 2:
            n = synth.slow_noise(r, int(r.integers(8, 80))) * np.clip(synth.slow_noise(r, int(r.integers(200, 900))), 0, None) ** 2
        else:
            n = np.sin(2 * np.pi * r.uniform(35, 62) * synth.TIME + r.random() * 6) * (1 + .3 * synth.slow_noise(r, 500))
        out[i] = standardise(sosfiltfilt(SOS, n))
    return out


def cached(cache, name, build):
    """Windows from the cache folder, else built and stored there."""
    path = os.path.join(cache, name + ".npz")
    fields = ("x", "slots", "y", "beats", "ventricular", "rhythm", "record", "kinds")
    if os.path.exists(path):
        with np.load(path) as z:
            w = Windows(z["x"], z["slots"], z["y"], z["beats"], z["ventricular"], z["rhythm"] if "rhythm" in z else None, z["record"], z["kinds"] if "kinds" in z else None)
            w.beat_types = bool(z["beat_types"])
        return w
    w = build()
    os.makedirs(cache, exist_ok=True)
    np.savez(path, beat_types=w.beat_types, **{f: getattr(w, f) for f in fields if getattr(w, f) is not None})
    return w


# ---------------------------------------------------------------- labels of a stretch of signal

def labels_of(w, i, start, length, speed=1.0):
    """Labels of samples start..start+length of window i, played at `speed`; and the beats in it (source samples from start)."""
    y = w.y[i].copy()
    b = w.beats[i]
    known = np.isfinite(b)
    b, v = b[known], w.ventricular[i][known]
    if w.rhythm is not None:
        part = w.rhythm[i][int(start / 50):max(int(start / 50) + 1, int(np.ceil((start + length) / 50)))]
        for label, code in ((SINUS, 1), (AF, 2), (FLUTTER, 3)):
            share = (part == code).mean()
            y[label] = 1 if share >= .9 else 0 if share <= .03 else NAN
        if y[FLUTTER] == 1:
            y[AF] = NAN
    inside = (b >= start) & (b < start + length)
    if w.beat_types and not np.isfinite(y[PVC]) and (w.kinds is None or synth.TRUTH[w.kinds[i]][3]):
        clear = (b >= start + 60) & (b < start + length - 60)
        y[PVC] = 1 if v[clear].any() else NAN if v[inside].any() else 0
    if len(b) >= 4:                                        # the rate of the whole window decides; nothing is said near the limits
        rate = 60 * RATE * (len(b) - 1) / (b[-1] - b[0]) * speed
        y[TACHY] = 1 if rate > 103 else 0 if rate < 97 else NAN
        y[BRADY] = 1 if rate < 57 else 0 if rate > 63 else NAN
    return y, b[inside] - start, v[inside]


# ---------------------------------------------------------------- real beats at other intervals

def retimed(r, beats, pattern):
    """A monotone map (source, target positions) that plays real beats at other intervals: P, QRS and T keep their speed, only the pause between
    T and the next P is stretched or squeezed. Sinus rhythm with early or uneven beats and a visible P wave is what looks most like fibrillation."""
    rr = np.diff(beats)
    free = rr - RATE * (.22 + .34 * np.sqrt(np.clip(rr / RATE / .85, .3, 1.3)))       # P and PR before the beat, QT after it
    k, at = np.ones(len(rr)), np.arange(len(rr))
    if pattern == "early":
        every, chance, lead = r.choice([0, 0, 2, 3]), r.uniform(.1, .5), r.uniform(.55, .8)
        early = (at % every == 0) if every else (r.random(len(rr)) < chance)
        k[early] = lead * r.uniform(.93, 1.07, early.sum())
        after = np.r_[False, early[:-1]] & ~early
        k[after] = r.uniform(1.0, 1.3, after.sum())
    elif pattern == "breath":
        k = 1 + r.uniform(.05, .25) * np.sin(2 * np.pi * (r.uniform(.1, .35) * at + r.random()))
    else:
        k = np.exp(r.normal(0, .12, len(rr)))
    pause = np.maximum(free + rr * (k - 1), .02 * RATE)
    source, target, shift = [0.0], [0.0], 0.0
    for i in np.flatnonzero(free > .06 * RATE):
        end = beats[i + 1] - .22 * RATE
        source += [end - free[i], end]
        target.append(end - free[i] + shift)
        shift += pause[i] - free[i]
        target.append(end + shift)
    return np.array(source + [WINDOW - 1.0]), np.array(target + [WINDOW - 1 + shift])


# ---------------------------------------------------------------- random batches

LIMB = np.arange(6)
TOKENS, TOKEN_SAMPLES = 156, 16


class Sampler:
    """parts: list of (windows, share, share of AF or None). A batch is x, y, weights of the auxiliary targets and these."""
    def __init__(self, parts, noise, seed):
        self.r = np.random.default_rng(seed)
        self.noise, self.parts = noise, [p[0] for p in parts]
        self.shares = np.array([p[1] for p in parts]) / sum(p[1] for p in parts)
        self.groups = [self._groups(w, af) for w, _, af in parts]

    @staticmethod
    def _groups(w, af_share):
        """[(indices, probability)]: AF windows, and the others so that records (persons) count by the root of their length."""
        if w.rhythm is not None:
            af = (w.rhythm == 2).mean(1) >= .5
        else:
            af = w.y[:, AF] == 1
        out = [(np.flatnonzero(af), af_share)]
        rest = np.flatnonzero(~af)
        if w.rhythm is not None:                            # windows with anything but sinus rhythm are rarer: draw them more
            odd = (w.rhythm[rest] != 1).mean(1) > .3
            busy = w.ventricular[rest].any(1) & ~odd
            out += [(rest[odd], (1 - af_share) * .25), (rest[busy], (1 - af_share) * .35), (rest[~odd & ~busy], (1 - af_share) * .4)]
        else:
            other = ~(w.y[rest, SINUS] == 1)
            out += [(rest[other], (1 - af_share) * (.45 if other.mean() > .2 else .15)), (rest[~other], (1 - af_share) * (.55 if other.mean() > .2 else .85))]
        return [(i, p) for i, p in out if len(i)]

    def _draw(self):
        r = self.r
        k = r.choice(len(self.parts), p=self.shares)
        p = np.array([g[1] for g in self.groups[k]])
        group = self.groups[k][r.choice(len(p), p=p / p.sum())][0]
        return self.parts[k], group[r.integers(len(group))]

    def _leads(self, x, slots):
        """Source leads in the twelve slots, under a random mask; -> [12, samples] and which are present."""
        r = self.r
        out = np.zeros((12, x.shape[1]), np.float32)
        if len(slots) == 12:
            u = r.random()
            if u < .27:
                keep = np.arange(12)
            elif u < .42:
                keep = LIMB                                 # I and II given: the run time derives the four others
            elif u < .44:
                keep = np.array([0, 1])
            elif u < .64:                                   # the run time puts a single lead into slot I, wherever its electrodes are
                v = r.random()
                out[0] = x[0] if v < .4 else x[r.integers(12)] if v < .75 else standardise(r.normal(size=12).astype(np.float32) @ x)
                return out, np.array([0])
            elif u < .74:
                keep = np.array([6 if r.random() < .3 else r.integers(12)])
            elif u < .88:                                   # a limb lead and a chest lead, as a two-channel recorder has
                keep = np.array([r.choice([1, 1, 1, 0]), r.choice([6, 6, 6, 9, 10, 7])])
            else:
                keep = np.flatnonzero(r.random(12) < r.uniform(.2, .9))
                if len(keep) == 0:
                    keep = np.array([1])
            out[keep] = x[keep]
            if len(keep) >= 6 and r.random() < .02:         # arms swapped
                out[:6] = np.stack([-out[0], out[2], out[1], out[4], out[3], out[5]])
            return out, keep
        if len(slots) == 1:
            slot = 1 if r.random() < .15 else 0
            out[slot] = x[0]
            return out, np.array([slot])
        u = r.random()
        if u < .58:
            out[slots] = x
            return out, np.array(slots)
        which = r.integers(2)
        slot = 0 if u < .77 else slots[which]
        if u > .94:                                         # the limb lead as lead I or II of a pair
            out[r.choice([0, 1])] = x[0 if slots[0] < 6 else 1]
            out[6] = x[1 if slots[0] < 6 else 0]
            return out, np.flatnonzero(out.any(1))
        out[slot] = x[which]
        return out, np.array([slot])

    def _pattern(self, w, i):
        """How the beats of window i are to be played, None: as they are."""
        r, beats = self.r, w.beats[i]
        if r.random() > .35 or np.isfinite(beats).sum() < 5 or w.ventricular[i].any():
            return None
        sinus, af = ((w.rhythm[i] == 1).all(), (w.rhythm[i] == 2).all()) if w.rhythm is not None else (w.y[i, SINUS] == 1, w.y[i, AF] == 1)
        return r.choice(["early", "early", "breath"]) if sinus else "uneven" if af else None

    def sample(self):
        r = self.r
        w, i = self._draw()
        speed = r.uniform(.82, 1.2) if r.random() < .8 else 1.0
        length = min(SEGMENT * speed, WINDOW - 2)
        pattern = self._pattern(w, i)
        source, target = retimed(r, w.beats[i][np.isfinite(w.beats[i])], pattern) if pattern else (np.array([0, WINDOW - 1.0]),) * 2
        if target[-1] < length + 1:
            pattern, source, target = None, np.array([0, WINDOW - 1.0]), np.array([0, WINDOW - 1.0])
        start = r.uniform(0, target[-1] - length)
        at = np.interp(start + np.arange(SEGMENT) * (length / SEGMENT), target, source)
        left = at.astype(np.int64)
        part = (at - left).astype(np.float32)
        lo, hi = left[0], left[-1] + 2
        x, keep = self._leads(w.x[i][:, lo:hi].astype(np.float32), w.slots[i].tolist())
        z = np.zeros((12, SEGMENT), np.float32)
        z[keep] = x[keep][:, left - lo] * (1 - part) + x[keep][:, left - lo + 1] * part
        y, beats, ventricular = labels_of(w, i, at[0], at[-1] - at[0], speed)
        if pattern:
            y[[TACHY, BRADY]] = NAN
            if pattern == "early":
                y[SINUS] = NAN
            beats = np.interp(beats + at[0], source, target) - start
        beats = beats / speed

        if r.random() < .25:                                # a recorder of less bandwidth
            k = r.integers(3, 13)
            z[keep] = uniform_filter1d(z[keep], k, axis=1)
        strength = 0.0
        if r.random() < .6:
            strength = r.exponential(.18)
            if r.random() < .1:
                strength = r.uniform(1.5, 5) if r.random() < .4 else r.uniform(.5, 1.3)
            for lead in keep:
                s = strength * r.exponential(1.0) if r.random() < .7 else 0
                if s > 0:
                    n = self.noise[r.integers(len(self.noise))]
                    o = r.integers(WINDOW - SEGMENT)
                    z[lead] = (z[lead] + s * n[o:o + SEGMENT]) / np.sqrt(1 + s * s)
            if strength >= 1.5:
                bad = strength >= 2.2
                y[:] = NAN
                y[POOR] = 1 if bad else NAN
                beats = beats[:0]
        if r.random() < (.2 if len(keep) == 1 else .04):
            z = -z
        if r.random() < .04 and len(keep) > 2:              # one lead fallen off
            z[r.choice(keep)] = 0
        z *= np.exp(r.normal(0, .08))
        if len(keep) > 1:
            z[keep] *= np.exp(r.normal(0, .05, (len(keep), 1))).astype(np.float32)

        tokens = np.zeros((2, TOKENS), np.float32)
        where = np.clip((beats / TOKEN_SAMPLES).astype(int), 0, TOKENS - 1)
        for offset, value in ((-1, .4), (1, .4), (0, 1.0)):
            j = np.clip(where + offset, 0, TOKENS - 1)
            tokens[0, j] = np.maximum(tokens[0, j], value)
            tokens[1, j[ventricular[:len(j)]]] = np.maximum(tokens[1, j[ventricular[:len(j)]]], value)
        rr = np.full(3, NAN, np.float32)
        if len(beats) >= 4:
            d = np.diff(beats) / RATE
            rr[:] = d.mean() * 2, np.abs(np.diff(d)).mean() / d.mean() * 4, d.std() / d.mean() * 4
        flags = (len(beats) > 0 or y[POOR] == 1, w.beat_types and len(beats) > 0)
        return z, y, tokens, flags, rr

    def batch(self, size):
        rows = [self.sample() for _ in range(size)]
        return [np.stack([np.asarray(row[k], np.float32) for row in rows]) for k in range(5)]

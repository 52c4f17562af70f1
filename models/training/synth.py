"""Synthetic twelve-lead windows for rhythms that the recordings lack or hold on one person only.

A beat is a sum of Gaussians in three dimensions (a heart vector), projected to the leads with Dower's matrix.
Not an ECG simulator to learn medicine from: it has to be varied, not pretty.
"""
import numpy as np

from signals import RATE, WINDOW, prepare

DOWER = np.array([[0.632, -0.235, 0.059], [0.235, 1.066, -0.132], [-0.515, 0.157, -0.917], [0.044, 0.164, -1.387],
                  [0.882, 0.098, -1.277], [1.213, 0.127, -0.601], [1.125, 0.127, -0.086], [0.831, 0.076, 0.230]])
SECONDS = WINDOW / RATE
TIME = np.arange(WINDOW) / RATE

# name -> share of the bank; the sampler draws AF more often
KINDS = {"sinus": .09, "sinus_arrhythmia": .05, "pac": .10, "atrial_runs": .04, "multifocal": .02, "junctional": .03, "af": .21, "af_pvc": .05, "af_paced": .05,
         "flutter": .06, "flutter_variable": .03, "pvc": .05, "pvc_multiform": .05, "bigeminy": .05, "vt": .03, "paced": .06, "svt": .03, "wenckebach": .03,
         "pause": .03, "noise": .03}
# rows of labels are (sinus, af, flutter, pvc may be read from the beats, poor); nan is "not said"
N = np.nan
TRUTH = {"sinus": (1, 0, 0, 1, 0), "sinus_arrhythmia": (1, 0, 0, 1, 0), "pac": (N, 0, 0, 1, 0), "atrial_runs": (N, 0, 0, 1, 0),
         "multifocal": (0, 0, 0, 1, 0), "junctional": (0, 0, 0, 1, 0), "af": (0, 1, 0, 1, 0), "af_pvc": (0, 1, 0, 1, 0), "af_paced": (0, 1, 0, 0, 0), "pvc_multiform": (N, 0, 0, 1, 0),
         "flutter": (0, 0, 1, 1, 0), "flutter_variable": (0, N, 1, 1, 0), "pvc": (1, 0, 0, 1, 0), "bigeminy": (N, 0, 0, 1, 0), "vt": (0, 0, 0, 0, 0),
         "paced": (0, 0, 0, 0, 0), "svt": (0, 0, 0, 1, 0), "wenckebach": (N, 0, 0, 1, 0), "pause": (1, 0, 0, 1, 0), "noise": (N, 0, 0, 0, 1)}


def unit(r, base, spread):
    v = np.asarray(base, float) + r.normal(0, spread, 3)
    return v / np.linalg.norm(v)


def shape(r):
    """One person: waves as (offset from R in s, width in s, vector)."""
    axis = unit(r, (.75, .65, -.1), .35)
    wide = r.choice([1.0, 1.0, 1.0, 1.6, 2.0, 2.4])              # bundle branch block
    qrs = [(-.028 * wide, .008 * wide, unit(r, (-.3, .1, -.7), .4) * r.uniform(.05, .3)),
           (0.0, .011 * wide, axis * r.uniform(.7, 1.7)),
           (.028 * wide, .011 * wide, unit(r, (-.3, -.4, .8), .4) * r.uniform(.1, .7))]
    if wide > 1:
        qrs.append((.05 * wide, .016 * wide, unit(r, (0, 0, 0), 1) * r.uniform(.2, .8)))
    t_axis = unit(r, axis, .5) * r.uniform(.08, .5) * r.choice([1, 1, 1, 1, -.6])
    p_size = r.uniform(.05, .2) if r.random() < .85 else r.uniform(.01, .05)         # some are hardly to be seen
    return dict(qrs=qrs, p=(r.uniform(.014, .028), unit(r, (.5, .8, -.15), .35) * p_size), pr=r.uniform(.12, .24),
                t=(r.uniform(.22, .3), r.uniform(.035, .06), t_axis), u=r.uniform(0, .04) * (r.random() < .3))


def ventricular_shape(r):
    """A wide beat with its opposed T wave."""
    a, w = unit(r, (0, 0, 0), 1) * r.uniform(1.0, 2.4), r.uniform(.024, .042)
    b = unit(r, a, .6) * r.uniform(.3, 1.2)
    return [(-.02, w, a), (.045, w, b)], (r.uniform(.24, .32), r.uniform(.05, .08), -a * r.uniform(.2, .5))


class Canvas:
    def __init__(self):
        self.v = np.zeros((3, WINDOW))

    def add(self, at, width, vector):
        lo, hi = max(0, int((at - 4 * width) * RATE)), min(WINDOW, int((at + 4 * width) * RATE) + 1)
        if lo < hi:
            self.v[:, lo:hi] += np.outer(vector, np.exp(-.5 * ((TIME[lo:hi] - at) / width) ** 2))


def draw_beat(c, r, s, at, rr_before, p=True, aberrant=False, p_scale=1.0, pr=None):
    k = r.normal(1, .03)
    stretch = 1.35 if aberrant else 1.0
    for off, w, v in s["qrs"]:
        c.add(at + off * stretch, w * stretch, v * k)
    qt = np.sqrt(np.clip(rr_before, .35, 1.2))
    off, w, v = s["t"]
    c.add(at + off * qt * 1.1, w * qt * 1.2, v * k)
    c.add(at + off * qt * 1.1 + .04 * qt, w * qt * .7, v * k * .4)
    if p:
        w, v = s["p"]
        c.add(at - (pr or s["pr"]), w, v * p_scale * r.normal(1, .05))


def draw_ventricular(c, r, v, at):
    for off, w, a in v[0]:
        c.add(at + off, w, a * r.normal(1, .04))
    off, w, a = v[1]
    c.add(at + off, w, a)


def slow_noise(r, smooth):
    n = r.normal(size=WINDOW // smooth + 3)
    return np.interp(np.arange(WINDOW) / smooth, np.arange(len(n)), n)


def fibrillation(c, r):
    """f-waves: two oscillators between 4 and 9 Hz whose rate and size wander. Some are too small to see."""
    size = np.exp(r.normal(np.log(.05), .7))
    for _ in range(2):
        phase = 2 * np.pi * np.cumsum(np.clip(r.uniform(4.5, 8.5) + .8 * slow_noise(r, 150), 3, 10)) / RATE
        wave = (np.sin(phase) + .35 * np.sin(2 * phase + r.random() * 6)) * (1 + .4 * slow_noise(r, 200))
        c.v += np.outer(unit(r, (-.2, .5, -.7), .5) * size, wave)


def flutter_waves(c, r, rate):
    phase = (TIME * rate + r.random()) % 1
    skew = r.uniform(.55, .85)
    saw = np.where(phase < skew, phase / skew, (1 - phase) / (1 - skew)) - .5
    c.v += np.outer(unit(r, (.1, -.9, -.3), .3) * r.uniform(.08, .35), saw)


def rr_series(r, mean, spread, count=70, rho=0.0):
    n = r.normal(size=count)
    for i in range(1, count):
        n[i] = rho * n[i - 1] + np.sqrt(1 - rho * rho) * n[i]
    return np.maximum(.27, mean * np.exp(spread * n - spread ** 2 / 2))


def sinus_rr(r, mean):
    if r.random() < .35:
        mean = r.uniform(.33, .6) if r.random() < .6 else r.uniform(1.0, 1.8)      # tachycardia, bradycardia
    return rr_series(r, mean, r.uniform(.005, .04), rho=.6)


def window(r, kind):
    """-> millivolts [12, WINDOW], beat times (s), which are ventricular."""
    c, s, v = Canvas(), shape(r), ventricular_shape(r)
    beats, ventricular = [], []
    at = -r.uniform(0, .8)
    mean = r.uniform(.55, 1.05)

    def put(t, is_v=False, **more):
        if is_v:
            draw_ventricular(c, r, v, t)
        else:
            draw_beat(c, r, s, t, more.pop("rr", mean), **more)
        beats.append(t); ventricular.append(is_v)

    def paced_beat(t):
        c.add(t - .05, .0015, spike)
        draw_ventricular(c, r, v, t)
        beats.append(t); ventricular.append(False)

    spike = unit(r, v[0][0][2], .3) * np.exp(r.uniform(np.log(.05), np.log(4)))
    if kind in ("sinus", "sinus_arrhythmia", "pause"):
        rr = sinus_rr(r, mean)
        if kind == "sinus_arrhythmia":
            breath, depth = r.uniform(.12, .35), r.uniform(.06, .2)
        gap = r.integers(2, 9) if kind == "pause" else -1
        for i, d in enumerate(rr):
            if kind == "sinus_arrhythmia":
                d *= 1 + depth * np.sin(2 * np.pi * breath * at)
            at += d * (r.uniform(2, 3.6) if i == gap else 1)
            put(at, rr=d)
    elif kind in ("pac", "pvc", "bigeminy"):
        rr = sinus_rr(r, mean)
        every = r.integers(2, 4) if kind == "bigeminy" else 0
        chance = r.uniform(.06, .6) if kind == "pac" else r.uniform(.06, .3)
        atrial_bigeminy = kind == "pac" and r.random() < .25
        i = 0
        while at < SECONDS + 1 and i < 65:
            d = rr[i]; i += 1
            early = (every and i % every == 0) or (atrial_bigeminy and i % 2 == 0) or (not every and not atrial_bigeminy and r.random() < chance)
            if early and kind == "pac":
                d2 = d * r.uniform(.5, .8)
                if r.random() < .12:                        # blocked: a P wave and no beat
                    c.add(at + d2 - s["pr"], s["p"][0], s["p"][1] * 1.2)
                    at += d * r.uniform(1.3, 1.7)
                    put(at)
                    continue
                at += d2
                put(at, rr=d2, p_scale=r.choice([.8, 1.3, -.7]), aberrant=r.random() < .1)
                at += d * r.uniform(1.0, 1.25)
                put(at)
            elif early:
                at += d * r.uniform(.5, .78)
                put(at, True)
                at = at + (d * r.uniform(1.15, 1.5) if r.random() < .85 else d * .6)
                put(at, p=r.random() < .85)
            else:
                at += d
                put(at)
    elif kind in ("af", "af_pvc", "af_paced"):
        fibrillation(c, r)
        mean = r.choice([r.uniform(.34, .55), r.uniform(.5, .9), r.uniform(.7, 1.3)])
        ectopic = r.uniform(.08, .3) if kind == "af_pvc" else 0
        escape = mean * r.uniform(.85, 1.25) if kind == "af_paced" else np.inf       # a pacemaker that fills the pauses
        for d in rr_series(r, mean, r.uniform(.1, .3), rho=r.uniform(-.2, .15)):
            at += min(d, escape)
            if at > SECONDS + 1:
                break
            if d > escape:
                paced_beat(at)
            else:
                put(at, r.random() < ectopic, p=False, rr=d, aberrant=r.random() < .03)
    elif kind in ("flutter", "flutter_variable"):
        rate = r.uniform(3.7, 5.7)
        flutter_waves(c, r, rate)
        block = r.choice([2, 2, 3, 4])
        for _ in range(60):
            at += (r.choice([2, 3, 4]) if kind == "flutter_variable" else block) / rate * r.normal(1, .004)
            put(at, p=False, rr=.6)
    elif kind == "vt":
        start = r.uniform(-3, 5)
        stop = start + r.uniform(2, 14)
        fast = r.uniform(.28, .55)
        for i in range(70):
            inside = start < at < stop
            at += fast * r.normal(1, .015) if inside else mean
            put(at, inside)
    elif kind == "paced":
        mean = r.uniform(.75, 1.05)
        atrial, sensed, spread = r.random() < .5, r.random() < .4, r.uniform(.01, .1)
        own = r.choice([0, 0, .15, .3])
        for _ in range(20):
            at += mean * (r.normal(1, spread) if sensed else 1)
            if own and r.random() < own:                    # the heart's own beat comes first
                at -= mean * r.uniform(.05, .4)
                put(at, r.random() < .4)
                continue
            if atrial:
                c.add(at - .2, .0015, unit(r, (1, 1, 0), .3) * r.uniform(.5, 3))
            if sensed or atrial:
                c.add(at - .17, *s["p"])
            paced_beat(at)
    elif kind == "atrial_runs":                             # sinus rhythm with runs of fast, uneven atrial beats; often slow between
        rr, left, fast = rr_series(r, r.uniform(.6, 1.3), r.uniform(.01, .06), rho=.6), 0, r.uniform(.36, .6)
        focus = unit(r, s["p"][1], 1) * np.linalg.norm(s["p"][1])
        for d in rr:
            if at > SECONDS + 1:
                break
            if left == 0 and r.random() < .3:
                left = r.integers(1, 9)
            if left:
                left -= 1
                d = fast * r.normal(1, .06)
                c.add(at + d - s["pr"] * .9, s["p"][0], focus * r.normal(1, .05))
                at += d
                put(at, rr=d, p=False, aberrant=r.random() < .1)
                if left == 0:
                    at += r.uniform(.05, .5)
            else:
                at += d
                put(at, rr=d)
    elif kind == "multifocal":                              # as uneven as fibrillation, a P wave before each beat, each from elsewhere
        for d in rr_series(r, r.uniform(.4, .75), r.uniform(.08, .2)):
            at += d
            if at > SECONDS + 1:
                break
            c.add(at - s["pr"] * r.uniform(.8, 1.1), s["p"][0], unit(r, (0, 0, 0), 1) * np.linalg.norm(s["p"][1]) * 1.3)
            put(at, rr=d, p=False)
    elif kind == "junctional":                              # even, no P wave before the beat
        mean, retro = r.choice([r.uniform(.5, .8), r.uniform(.9, 1.6)]), r.random() < .5
        for d in rr_series(r, mean, r.uniform(.005, .03), count=25):
            at += d
            put(at, rr=d, p=retro, pr=-.1, p_scale=-.8)
    elif kind == "pvc_multiform":                           # frequent, of several shapes, in pairs, some between two beats in time
        shapes, chance = [v, ventricular_shape(r), ventricular_shape(r)], r.uniform(.15, .5)
        rr = sinus_rr(r, mean)
        for d in rr:
            if at > SECONDS + 1:
                break
            at += d
            put(at, rr=d)
            if r.random() < chance:
                early = d * r.uniform(.38, .75)
                for _ in range(r.choice([1, 1, 1, 2, 3])):
                    v = shapes[r.integers(3)]
                    put(at + early, True)
                    early += d * r.uniform(.4, .8)
                at += early - d * (1 if r.random() < .2 else r.uniform(.1, .6))
    elif kind == "svt":
        mean = r.uniform(.29, .42)
        retro = r.random() < .5
        for _ in range(45):
            at += mean * r.normal(1, .006)
            put(at, rr=mean, p=retro, pr=-.1, p_scale=-1)
    elif kind == "wenckebach":
        pp, ratio, i = r.uniform(.6, .95), r.integers(3, 6), 0
        first, step = r.uniform(.14, .22), r.uniform(.04, .12)
        for _ in range(25):
            at += pp * r.normal(1, .012)
            if i == ratio - 1:
                c.add(at, *s["p"])
                i = 0
            else:
                pr = first + step * (1 - .5 ** i) * 2
                put(at + pr, pr=pr)
                i += 1
    x8 = DOWER * np.exp(r.normal(0, .15, (8, 1))) @ c.v
    x = np.zeros((12, WINDOW))
    x[0], x[1] = x8[0], x8[1]
    x[2], x[3], x[4], x[5] = x[1] - x[0], -(x[0] + x[1]) / 2, x[0] - x[1] / 2, x[1] - x[0] / 2
    x[6:] = x8[2:]
    x += np.exp(r.normal(np.log(.01), .5)) * r.normal(size=x.shape)
    if kind == "noise":
        x = noise_only(r)
        beats, ventricular = [], []
    return x, np.array(beats), np.array(ventricular, bool)


def noise_only(r):
    x = np.zeros((12, WINDOW))
    for i in range(12):
        what = r.integers(4)
        if what == 0:
            x[i] = r.normal(size=WINDOW)
        elif what == 1:
            x[i] = slow_noise(r, int(r.integers(10, 120)))
        elif what == 2:
            x[i] = np.sin(2 * np.pi * r.choice([50, 60, 25, 30]) * TIME) + .2 * r.normal(size=WINDOW)
        else:
            x[i] = slow_noise(r, 30) * (r.random(WINDOW // 500 + 1).repeat(500)[:WINDOW] < .4) + .05 * r.normal(size=WINDOW)
    return x


def bank(count, seed):
    """Prepared windows float16 [count, 12, WINDOW], kinds, beat positions (samples, nan-padded), ventricular flags."""
    r = np.random.default_rng(seed)
    kinds = r.choice(list(KINDS), count, p=np.array(list(KINDS.values())) / sum(KINDS.values()))
    x = np.zeros((count, 12, WINDOW), np.float16)
    beats, ventricular = np.full((count, 48), np.nan, np.float32), np.zeros((count, 48), bool)
    for i, kind in enumerate(kinds):
        raw, at, v = window(r, kind)
        x[i] = prepare(raw)
        inside = np.flatnonzero((at >= 0) & (at < SECONDS))[:48]
        beats[i, :len(inside)] = at[inside] * RATE
        ventricular[i, :len(inside)] = v[inside]
    return x, kinds, beats, ventricular

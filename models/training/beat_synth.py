"""Interval sequences of rhythms that the recordings lack or have in few persons, each with how alike its beats are."""
import numpy as np

KINDS = ["sinus", "pvc", "pac", "bigeminy", "trigeminy", "couplets", "wenckebach", "flutter", "paced", "dropped", "svt", "af", "af+pvc"]
LENGTH = 80


def sinus(rng, mean):
    """Respiratory and slower variability; strong sinus arrhythmia in one of ten."""
    t = np.arange(LENGTH)
    depth = rng.choice([.01, .03, .06, .12], p=[.35, .35, .2, .1])
    slow = np.cumsum(rng.normal(0, .004, LENGTH))
    breath = np.sin(2 * np.pi * rng.uniform(.12, .35) * t * mean + rng.uniform(0, 2 * np.pi))
    return mean * (1 + depth * breath + slow - slow.mean() + rng.normal(0, .006, LENGTH))


def fibrillation(rng, mean):
    """Without memory, skewed, never shorter than the atrioventricular node can conduct."""
    spread = rng.uniform(.12, .3)
    x = rng.gamma(.6 / spread ** 2, 1, LENGTH)
    return np.maximum(mean * (1 + spread * (x - x.mean()) / x.std()), .26)


def with_ectopics(rng, rr, is_ectopic, early, alike, compensated):
    """Beats that come early, with a compensatory pause or without, of another shape or of the same."""
    rr, like = rr.copy(), np.ones(len(rr))
    i = 1
    while i < len(rr) - 1:
        if is_ectopic(i):
            lead = rr[i] * (1 - early * rng.uniform(.92, 1.08))
            rr[i] -= lead
            rr[i + 1] = rr[i + 1] + lead if compensated else rr[i + 1] * rng.uniform(1, 1.15)
            like[i] = 1 - alike
            i += 1
        i += 1
    return rr, like


def sequence(rng, kind):
    """(intervals in seconds, likeness of the beat at each interval's end, whether it is atrial fibrillation)"""
    mean = 60 / rng.uniform(45, 120)
    unlike = 1 - rng.choice([.3, .6, .85, 1.0], p=[.3, .3, .2, .2])
    early, ones = rng.uniform(.55, .8), np.ones(LENGTH)
    if kind == "sinus":
        return sinus(rng, mean), ones, 0
    if kind == "pvc":
        share = rng.uniform(.05, .35)
        return *with_ectopics(rng, sinus(rng, mean), lambda i: rng.random() < share, early, unlike, rng.random() < .8), 0
    if kind == "pac":
        share = rng.uniform(.05, .3)
        return *with_ectopics(rng, sinus(rng, mean), lambda i: rng.random() < share, rng.uniform(.6, .85), 0, False), 0
    if kind in ("bigeminy", "trigeminy"):
        every, missed = (2 if kind == "bigeminy" else 3), rng.uniform(0, .25)
        return *with_ectopics(rng, sinus(rng, mean), lambda i: i % every == 0 and rng.random() > missed, early, unlike, rng.random() < .7), 0
    if kind == "couplets":
        rr, like, share, i = sinus(rng, mean), np.ones(LENGTH), rng.uniform(.04, .15), 1
        while i < LENGTH - 4:
            if rng.random() < share:
                run = rng.integers(2, 4)
                rr[i:i + run] = mean * early * rng.uniform(.85, 1.15, run)
                like[i:i + run] = 1 - unlike
                rr[i + run] *= 1 + (1 - early) * rng.uniform(.5, 1)
                i += run
            i += 1
        return rr, like, 0
    if kind == "wenckebach":
        cycle, rr = rng.integers(3, 7), []
        while len(rr) < LENGTH:
            beats, step = max(2, cycle + rng.integers(-1, 2)), rng.uniform(.02, .12)
            rr += [mean * (1 + step * max(0, .6 - .3 * k)) for k in range(beats - 2)]
            rr.append(mean * (1.6 - step) * rng.uniform(.95, 1.15))
        return np.array(rr[:LENGTH]) * rng.uniform(.7, 1), ones, 0
    if kind == "flutter":
        cycle = 60 / rng.uniform(250, 330)
        ratio = np.where(np.arange(LENGTH) % 2 == 0, 2, 4) if rng.random() < .4 else rng.choice([2, 3, 4])
        return cycle * ratio + rng.normal(0, .007, LENGTH), ones, 0
    if kind == "paced":
        rr, like, own = 60 / rng.uniform(55, 85) + rng.normal(0, .004, LENGTH), np.ones(LENGTH), rng.choice([0, .05, .2])
        at = rng.random(LENGTH) < own
        rr[at] *= rng.uniform(.55, .95, at.sum())
        like[at] = 1 - unlike
        return rr, like, 0
    if kind == "dropped":
        rr = sinus(rng, mean)
        return np.where(rng.random(LENGTH) < rng.uniform(.02, .08), rr * rng.uniform(1.6, 2.1), rr), ones, 0
    if kind == "svt":
        rr, begins = 60 / rng.uniform(130, 200) + rng.normal(0, .006, LENGTH), rng.integers(10, 60)
        rr[:begins] = sinus(rng, mean)[:begins]
        return rr, ones, 0
    rr = fibrillation(rng, 60 / rng.uniform(50, 165))
    if kind == "af":
        return rr, np.where(rng.random(LENGTH) < .05, .7, 1.0), 1
    share = rng.uniform(.05, .25)
    return *with_ectopics(rng, rr, lambda i: rng.random() < share, rng.uniform(.6, .8), unlike, True), 1


def make(count, seed):
    """[(kind, intervals, how alike the beat at the end of each is, 0 or 1)], of ten, twenty or thirty seconds."""
    rng, out = np.random.default_rng(seed), []
    for _ in range(count):
        kind = KINDS[rng.integers(len(KINDS))]
        rr, like, af = sequence(rng, kind)
        rr = np.clip(rr + rng.normal(0, rng.choice([.002, .005, .012]), LENGTH), .22, 2.9)
        n = max(7, np.searchsorted(np.cumsum(rr), rng.choice([10, 20, 30])))
        out.append((kind, rr[:n], like[:n], af))
    return out

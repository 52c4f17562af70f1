"""Figures, and windows through the network as the run time does it."""
import numpy as np
import torch

import data


def auroc(score, truth):
    """Probability that a positive scores above a negative, ties half."""
    from scipy.stats import rankdata
    truth = np.asarray(truth, bool)
    if truth.all() or not truth.any():
        return None
    positive = truth.sum()
    return float((rankdata(score)[truth].sum() - positive * (positive + 1) / 2) / (positive * (~truth).sum()))


def average_precision(score, truth):
    truth = np.asarray(truth, bool)[np.argsort(-np.asarray(score), kind="stable")]
    if not truth.any():
        return None
    return float((np.cumsum(truth) / np.arange(1, len(truth) + 1))[truth].mean())


def counts(score, truth, threshold):
    said, truth = np.asarray(score) >= threshold, np.asarray(truth, bool)
    tp, fp, fn, tn = int((said & truth).sum()), int((said & ~truth).sum()), int((~said & truth).sum()), int((~said & ~truth).sum())
    ratio = lambda a, b: round(a / b, 4) if b else None
    return dict(tp=tp, fp=fp, fn=fn, tn=tn, sensitivity=ratio(tp, tp + fn), specificity=ratio(tn, tn + fp), ppv=ratio(tp, tp + fp), f1=ratio(2 * tp, 2 * tp + fp + fn))


def in_slots(w, mask=None):
    """[n, 12, 5000]: the leads in their slots; mask keeps only these slots, "single" moves slot I's lead alone."""
    x = np.zeros((len(w), 12, w.x.shape[2]), np.float32)
    for lead in range(w.slots.shape[1]):
        x[np.arange(len(w)), w.slots[:, lead]] = w.x[:, lead]
    if mask is not None:
        x[:, [i for i in range(12) if i not in mask]] = 0
    return x


def parts(x):
    """The views beside the whole that the run time shows to the network (LeadParts.cs): limb and chest leads, without chest leads I and II; zeros where there are none."""
    there = (x != 0).any(2)
    limb, chest = there[:, :6].any(1), there[:, 6:].any(1)
    out = np.zeros((2,) + x.shape, np.float32)
    both, pair = limb & chest, ~chest & there[:, 0] & there[:, 1]
    out[0, both, :6], out[1, both, 6:] = x[both, :6], x[both, 6:]
    out[0, pair, 0], out[1, pair, 1] = x[pair, 0], x[pair, 1]
    return out, both | pair


def viewed_logits(net, x):
    """[n, 12, 5000] -> [n, 3, labels], the mean over the views; the third segment, across the seam of the two, is nan for windows that are shown in parts"""
    logits = segment_logits(net, x)
    views, there = parts(x)
    for view in views:
        if there.any():
            logits[there] += segment_logits(net, view[there])
    logits[there] /= 3
    seam = np.full((len(x), 1, logits.shape[2]), np.nan, logits.dtype)
    if (~there).any():
        seam[~there, 0] = segment_logits(net, np.roll(x[~there], -data.SEGMENT // 2, axis=2))[:, 0]
    return np.concatenate([logits, seam], 1)


@torch.no_grad()
def segment_logits(net, x, batch=64):
    """[n, 12, 5000] -> [n, 2, labels]"""
    segments = np.stack([x[:, :, :data.SEGMENT], x[:, :, data.SEGMENT:]], 1).reshape(-1, 12, data.SEGMENT)
    out = [net(torch.from_numpy(np.ascontiguousarray(segments[i:i + batch]))).numpy() for i in range(0, len(segments), batch)]
    return np.concatenate(out).reshape(len(x), 2, -1)


def combine(logits):
    """Segment logits [n, segments, labels] -> a window's probabilities; a segment that is nan is none."""
    p = 1 / (1 + np.exp(-logits))
    out = np.nanmean(p, 1)
    for k, name in enumerate(data.LABELS):
        if data.AGGREGATION[name] == "max":
            out[:, k] = np.nanmax(p[:, :, k], 1)
    return out


def probabilities(net, x):
    return combine(viewed_logits(net, x))


def truth_of(w):
    """[n, labels] for whole windows, nan where nothing is known."""
    return np.array([data.labels_of(w, i, 0, data.WINDOW)[0] for i in range(len(w))])

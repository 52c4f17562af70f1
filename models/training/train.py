#!/usr/bin/python3
"""Trains the small ECG-FM network. See README.md; `train.sh` runs the whole recipe."""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import data
from network import NANO, EcgFm, save_checkpoint

LABEL_WEIGHT = torch.ones(len(data.LABELS))
LABEL_WEIGHT[data.AF] = 2.0
SMOOTHING = .02                 # labels are not always right, and thresholds near 1 carry badly


class Auxiliary(nn.Module):
    """Heads that only training needs: beats per token after layer 2, RR statistics from the embedding. Not exported."""
    def __init__(self, dim):
        super().__init__()
        self.beats = nn.Linear(dim, 2)
        self.rr = nn.Linear(dim, 3)


def loss_of(net, aux, batch, device):
    x, y, tokens, flags, rr = (torch.from_numpy(a).to(device) for a in batch)
    logits, hidden, embedding = net(x, tap=2)
    known = torch.isfinite(y)
    weight = known * LABEL_WEIGHT.to(device)
    target = torch.where(known, y, torch.zeros_like(y)) * (1 - 2 * SMOOTHING) + SMOOTHING
    classes = (F.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight).sum() / weight.sum()
    beats = F.binary_cross_entropy_with_logits(aux.beats(hidden).transpose(1, 2), tokens, reduction="none").mean(2)
    beats = (beats * flags).sum() / flags.sum().clamp(min=1)
    rr_known = torch.isfinite(rr)
    rr_loss = (F.smooth_l1_loss(aux.rr(embedding), torch.where(rr_known, rr, torch.zeros_like(rr)), reduction="none") * rr_known).sum() / rr_known.sum().clamp(min=1)
    return classes + beats + .5 * rr_loss, (classes.item(), beats.item(), rr_loss.item())


def collections(cache, synthetic, seed, fold, simulated, mitdb_af):
    """What is trained on: everything but the persons of this fold; PTB-XL raw never. "synthetic": no person's recording at all."""
    made = (data.cached(cache, f"synthetic-{synthetic}-{seed}", lambda: data.load_synthetic(synthetic, seed)), .26, .33)
    if fold == "synthetic":
        return [made]
    where = data.folds()
    out = [made]
    if simulated:
        out.append((data.cached(cache, "simulated", lambda: data.load_annotated(simulated, data.SEGMENT)), .04, .33))
    for name, build, share in (("ptbxl", data.load_ptbxl_filtered, .30), ("mitdb", lambda: data.load_mitdb(data.SEGMENT), .20), ("cinc", lambda: data.load_cinc(data.SEGMENT), .20)):
        w = data.cached(cache, name, build)
        held = np.array([str(where[name][r]) == fold for r in w.record])
        out.append((w.part(~held), share, mitdb_af if name == "mitdb" else .42))
    return out


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--out", help="folder for checkpoint.pt, state.pt and the log")
    a.add_argument("--cache", required=True, help="prepared signals, about 1 GB, made once")
    a.add_argument("--start", help="state.pt of an earlier run to start from")
    a.add_argument("--fold", default="none", help="0, 1, 2: hold these persons out; none: train on all; synthetic: on no person at all")
    a.add_argument("--prepare", action="store_true", help="fill the cache and train nothing")
    a.add_argument("--steps", type=int)
    a.add_argument("--decay", type=int, help="steps at the end over which the learning rate goes to zero; constant before")
    a.add_argument("--batch", type=int, default=64)
    a.add_argument("--rate", type=float, default=1.4e-3, help="peak learning rate")
    a.add_argument("--warmup", type=int, default=150)
    a.add_argument("--ema", type=float, default=.997)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--simulated", help="folder of records that simulate.sh wrote")
    a.add_argument("--mitdb-af", type=float, default=.2, help="share of AF among the samples of MITDB, whose AF is that of two persons")
    a.add_argument("--synthetic", type=int, default=9000, help="windows in the synthetic bank")
    a = a.parse_args()
    if a.prepare:
        collections(a.cache, a.synthetic, a.seed, a.fold, a.simulated, a.mitdb_af)
        return
    if None in (a.out, a.steps, a.decay):
        raise SystemExit("train.py needs --out, --steps and --decay")
    os.makedirs(a.out, exist_ok=True)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))       # two collapse when anything else runs
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_flush_denormal(True)
    torch.manual_seed(a.seed)

    began = time.time()
    parts = collections(a.cache, a.synthetic, a.seed, a.fold, a.simulated, a.mitdb_af)
    sampler = data.Sampler(parts, data.noise_bank(400, a.seed), a.seed)
    print("windows", [len(p[0]) for p in parts], "prepared in %.0f s" % (time.time() - began), flush=True)

    net, aux = EcgFm(len(data.LABELS)).to(device), Auxiliary(NANO["dim"]).to(device)
    if a.start:
        state = torch.load(a.start, map_location="cpu")
        net.load_state_dict(state["net"])
        aux.load_state_dict(state["aux"])
    ema = {k: v.detach().clone() for k, v in net.state_dict().items()}
    decay = [p for p in list(net.parameters()) + list(aux.parameters()) if p.dim() > 1]
    plain = [p for p in list(net.parameters()) + list(aux.parameters()) if p.dim() <= 1]
    optimiser = torch.optim.AdamW([dict(params=decay, weight_decay=.05), dict(params=plain, weight_decay=0.0)], lr=a.rate, betas=(.9, .98))
    shape = lambda s: min(1.0, (s + 1) / a.warmup, max(.01, (a.steps - s) / max(1, a.decay)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, shape)
    log = open(os.path.join(a.out, "log.jsonl"), "w")
    began, sums = time.time(), np.zeros(3)
    for step in range(1, a.steps + 1):
        loss, parts_of_loss = loss_of(net, aux, sampler.batch(a.batch), device)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(list(net.parameters()) + list(aux.parameters()), 1.0)
        optimiser.step()
        schedule.step()
        keep = min(a.ema, step / (step + 10))
        with torch.no_grad():
            for k, v in net.state_dict().items():
                ema[k].mul_(keep).add_(v, alpha=1 - keep)
        sums += parts_of_loss
        if step % 50 == 0:
            row = dict(step=step, seconds=round(time.time() - began), **dict(zip(("labels", "beats", "rr"), (sums / 50).round(4).tolist())))
            log.write(json.dumps(row) + "\n")
            log.flush()
            sums[:] = 0
        if step % 500 == 0 or step == a.steps:
            save_checkpoint(os.path.join(a.out, "checkpoint.pt"), ema, NANO, data.LABELS, step)
            torch.save(dict(net=ema, aux=aux.state_dict()), os.path.join(a.out, "state.pt"))


if __name__ == "__main__":
    main()

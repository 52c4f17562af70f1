#!/usr/bin/python3
"""Trains the small ECG-FM network. See README.md; `train.sh` runs the whole recipe."""
import argparse
import json
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import data
import metrics
from network import NANO, EcgFm, save_checkpoint

LABEL_WEIGHT = torch.ones(len(data.LABELS))
LABEL_WEIGHT[data.AF] = 2.0


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
    target = torch.where(known, y, torch.zeros_like(y))
    classes = (F.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight).sum() / weight.sum()
    beats = F.binary_cross_entropy_with_logits(aux.beats(hidden).transpose(1, 2), tokens, reduction="none").mean(2)
    beats = (beats * flags).sum() / flags.sum().clamp(min=1)
    rr_known = torch.isfinite(rr)
    rr_loss = (F.smooth_l1_loss(aux.rr(embedding), torch.where(rr_known, rr, torch.zeros_like(rr)), reduction="none") * rr_known).sum() / rr_known.sum().clamp(min=1)
    return classes + beats + .5 * rr_loss, (classes.item(), beats.item(), rr_loss.item())


def collections(cache, synthetic, seed):
    get = lambda name, build: data.cached(cache, name, build)
    mitdb = get("mitdb-5s", lambda: data.load_mitdb(data.SEGMENT))
    held = np.isin(mitdb.record, list(data.MITDB_VALIDATION))
    parts = [(get("ptbxl-train", lambda: data.load_ptbxl_filtered("train")), .30, .42),
             (mitdb.part(~held), .20, .42),
             (get("cinc-train", lambda: data.load_cinc(False, data.SEGMENT)), .20, .42),
             (get(f"synthetic-{synthetic}-{seed}", lambda: data.load_synthetic(synthetic, seed)), .30, .33)]
    checks = {"ptbxl": get("ptbxl-val", lambda: data.load_ptbxl_filtered("val")), "mitdb": mitdb.part(held).part(slice(None, None, 4))}
    return parts, checks


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--out", required=True, help="folder for checkpoint.pt and the log")
    a.add_argument("--cache", default=os.path.join("artifacts", "training-cache"), help="prepared signals, about 0.7 GB, made once")
    a.add_argument("--start", help="state.pt of an earlier run to start from")
    a.add_argument("--steps", type=int, default=4200)
    a.add_argument("--batch", type=int, default=32)
    a.add_argument("--rate", type=float, default=1.2e-3, help="peak learning rate")
    a.add_argument("--warmup", type=int, default=150)
    a.add_argument("--ema", type=float, default=.997)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--synthetic", type=int, default=3000, help="windows in the synthetic bank")
    a.add_argument("--check-every", type=int, default=500)
    a = a.parse_args()
    os.makedirs(a.out, exist_ok=True)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))       # two collapse when anything else runs
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(a.seed)

    began = time.time()
    parts, checks = collections(a.cache, a.synthetic, a.seed)
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
    shape = lambda s: min((s + 1) / a.warmup, .5 * (1 + math.cos(math.pi * min(1.0, s / a.steps))) + .01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, shape)
    smoothed = EcgFm(len(data.LABELS)).eval()
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
            print("step %d  labels %.3f  beats %.3f  rr %.3f  %.0f s" % (step, *(sums / 50), time.time() - began), flush=True)
            sums[:] = 0
        if step % a.check_every == 0 or step == a.steps:
            smoothed.load_state_dict({k: v.cpu() for k, v in ema.items()})
            row = dict(step=step, seconds=round(time.time() - began), **metrics.quick(smoothed, checks))
            print(row, flush=True)
            log.write(json.dumps(row) + "\n")
            log.flush()
            save_checkpoint(os.path.join(a.out, "checkpoint.pt"), ema, NANO, data.LABELS, step)
            torch.save(dict(net=net.state_dict(), aux=aux.state_dict()), os.path.join(a.out, "state.pt"))


if __name__ == "__main__":
    main()

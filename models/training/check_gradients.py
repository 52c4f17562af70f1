#!/usr/bin/python3
"""Compares float32 gradients with float64 ones: some builds of PyTorch compute wrong ones. Exits 1 where they differ."""
import copy
import sys

import torch

from network import EcgFm


def worst_difference(seed=1):
    torch.manual_seed(seed)
    net = EcgFm(7, dropout=0.0)
    double = copy.deepcopy(net).double()
    x = torch.randn(8, 12, 2500)
    for n, v in ((net, x), (double, x.double())):
        logits, hidden, _ = n(v, tap=2)
        ((logits ** 2).sum() + (hidden ** 2)[:, ::7].mean()).backward()
    worst = 0.0
    for p, q in zip(net.parameters(), double.parameters()):
        if q.grad.norm() > 1e-9:                     # a key bias has no gradient: softmax does not see it
            worst = max(worst, float((p.grad - q.grad).norm() / q.grad.norm()))
    return worst


if __name__ == "__main__":
    difference = worst_difference()
    print("largest relative difference of a gradient: %.1e" % difference)
    sys.exit(difference > 1e-3)

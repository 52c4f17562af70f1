"""What the run time does to a window, and readers for the public file formats. numpy and scipy only."""
import os
import struct

import numpy as np
from scipy.signal import butter, sosfiltfilt

RATE = 500                  # Hz
WINDOW = 10 * RATE          # what is filtered and standardised
SEGMENT = 5 * RATE          # what the network sees
LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
SLOT = {name.upper(): i for i, name in enumerate(LEADS)}
SLOT.update({"MLI": 0, "MLII": 1, "MLIII": 2})

# The run time must apply exactly this: four second-order sections (an order 4 band-pass has eight poles),
# forward and backward. sosfiltfilt's defaults: odd extension by PADDING samples at both ends, and each pass starts
# from the step response's steady state (sosfilt_zi) times its first sample.
# PADDING = 3 * (2 * sections + 1 - min(b2 that are 0, a2 that are 0)) = 3 * (2*4 + 1) = 27.
FILTER_ORDER, FILTER_LOW, FILTER_HIGH = 4, 0.5, 40.0
SOS = butter(FILTER_ORDER, [FILTER_LOW, FILTER_HIGH], "bandpass", fs=RATE, output="sos")
PADDING = 3 * (2 * len(SOS) + 1 - min((SOS[:, 2] == 0).sum(), (SOS[:, 5] == 0).sum()))


def resample(x, rate):
    """To 500 Hz along the last axis by linear interpolation with both ends aligned."""
    n = x.shape[-1]
    m = int(n * RATE / rate)
    if m == n:
        return x
    at = np.arange(m) * ((n - 1) / (m - 1))
    left = np.minimum(at.astype(np.int64), n - 2)
    part = at - left
    return x[..., left] * (1 - part) + x[..., left + 1] * part


def fill_missing(x):
    """NaN by linear interpolation in time, the ends held; a lead that is wholly missing becomes zero."""
    x = np.array(x, np.float64)
    for lead in x.reshape(-1, x.shape[-1]):
        bad = ~np.isfinite(lead)
        if bad.all():
            lead[:] = 0
        elif bad.any():
            lead[bad] = np.interp(np.flatnonzero(bad), np.flatnonzero(~bad), lead[~bad])
    return x


def band_pass(x):
    return sosfiltfilt(SOS, x, axis=-1)


def standardise(x):
    """Per lead: minus the mean, over the population standard deviation; a constant lead becomes zero."""
    x = x - x.mean(-1, keepdims=True)
    std = x.std(-1, keepdims=True)
    return np.where(std > 1e-9, x / np.maximum(std, 1e-9), 0.0)


def derive_limb_leads(x):
    """The four other limb leads in place, from I (slot 0) and II (slot 1), before filtering."""
    x[2] = x[1] - x[0]
    x[3] = -(x[0] + x[1]) / 2
    x[4] = x[0] - x[1] / 2
    x[5] = x[1] - x[0] / 2
    return x


def prepare(x):
    """[leads, 5000] at 500 Hz in any unit -> what the network's segments are cut from."""
    x = fill_missing(x)
    constant = x.std(-1, keepdims=True) <= 1e-9
    return np.where(constant, 0.0, standardise(band_pass(x)))


def windows_of(x, stride=WINDOW):
    """Starts of the ten-second windows; a strip shorter than one is padded with its last sample."""
    if x.shape[-1] < WINDOW:
        x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, WINDOW - x.shape[-1])], mode="edge")
    starts = range(0, x.shape[-1] - WINDOW + 1, stride)
    return [(s, x[..., s:s + WINDOW]) for s in starts]


# ---------------------------------------------------------------- files

def read_header(path):
    with open(path) as f:
        lines = [line.split() for line in f if line.strip() and not line.startswith("#")]
    name, n_signals, rate, samples = lines[0][0], int(lines[0][1]), float(lines[0][2].split("/")[0]), int(lines[0][3])
    signals = []
    for fields in lines[1:1 + n_signals]:
        gain_text = fields[2].split("/")[0]
        gain = float(gain_text.split("(")[0]) or 200.0
        baseline = float(gain_text.split("(")[1].rstrip(")")) if "(" in gain_text else float(fields[4])
        signals.append(dict(file=fields[0], format=fields[1], gain=gain, baseline=baseline, lead=fields[8] if len(fields) > 8 else "?"))
    return dict(name=name, rate=rate, samples=samples, signals=signals)


def read_record(path):
    """path without extension -> (signal in mV [leads, samples], header). Formats 16, 212 and 16+24 (MATLAB v4)."""
    header = read_header(path + ".hea")
    signals = header["signals"]
    kind = signals[0]["format"]
    raw = np.fromfile(os.path.join(os.path.dirname(path), signals[0]["file"]), np.uint8)
    if kind == "212":
        b = raw[:len(raw) // 3 * 3].reshape(-1, 3).astype(np.int16)
        both = np.stack([b[:, 0] | (b[:, 1] & 15) << 8, b[:, 2] | (b[:, 1] >> 4) << 8], 1).ravel()
        values = np.where(both > 2047, both - 4096, both).astype(np.float64)
        missing = values == -2048
    elif kind in ("16", "16+24"):
        values = raw[24 if kind == "16+24" else 0:].view("<i2").astype(np.float64)
        missing = values == -32768
    else:
        raise ValueError(f"{path}: format {kind} is not read here")
    values[missing] = np.nan
    values = values[:header["samples"] * len(signals)].reshape(-1, len(signals)).T
    gain = np.array([[s["gain"]] for s in signals])
    baseline = np.array([[s["baseline"]] for s in signals])
    return (values - baseline) / gain, header


BEATS = set(range(1, 14)) | {25, 30, 34, 35, 38, 41}    # WFDB annotation codes that are beats
VENTRICULAR, FUSION, RHYTHM = 5, 6, 28


def read_annotations(path):
    """MIT annotation file -> list of (sample, code, text)."""
    data = open(path, "rb").read()
    out, time, at = [], 0, 0
    while at + 2 <= len(data):
        word, = struct.unpack_from("<H", data, at)
        at += 2
        code, step = word >> 10, word & 1023
        if word == 0:
            break
        if code == 59:                                   # SKIP: a long interval, high half first
            high, low = struct.unpack_from("<HH", data, at)
            step = high << 16 | low
            time += step - (1 << 32) if step >> 31 else step
            at += 4
        elif code == 63:                                 # AUX: text of the annotation before
            text = data[at:at + step].split(b"\0")[0].decode("latin1")
            at += step + (step & 1)
            sample, c, _ = out[-1]
            out[-1] = (sample, c, text)
        elif code < 50:
            time += step
            out.append((time, code, ""))
    return out


# ---------------------------------------------------------------- beats, for the auxiliary targets only

_QRS = butter(2, [8, 24], "bandpass", fs=RATE, output="sos")


def find_beats(x):
    """R-peaks of a prepared window [leads, samples]: a simple energy detector, good enough for training targets."""
    from scipy.ndimage import uniform_filter1d
    from scipy.signal import find_peaks
    x = x[np.abs(x).max(-1) > 0]
    if len(x) == 0:
        return np.zeros(0)
    energy = uniform_filter1d(np.abs(sosfiltfilt(_QRS, x, axis=-1)).mean(0), int(0.09 * RATE))
    peaks, _ = find_peaks(energy, distance=int(0.25 * RATE))
    if len(peaks) == 0:
        return np.zeros(0)
    level = np.median(np.sort(energy[peaks])[-8:])
    keep, _ = find_peaks(energy, distance=int(0.25 * RATE), height=0.4 * level, prominence=0.3 * level)
    return keep.astype(np.float64)

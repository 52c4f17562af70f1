import type { Interpretation } from "../contract/messages";
import type { Bed } from "./bed";
import { now } from "./clock";
import { age } from "./condition";
import { liveVitals, standing } from "./standing";

/** The rhythm of a bed in words: what the network called the last ten seconds, or why there is nothing to say. */
export function rhythm(bed: Bed): string {
  if (standing(bed).value.condition !== "live") return "Rhythm unknown";
  const vitals = liveVitals(bed);
  if (vitals?.source === "heartRateSensor") return vitals.beats === undefined ? "No ECG" : `No ECG; beat intervals say AF ${Math.round(vitals.beats.atrialFibrillation * 100)} %`;
  const interpretation = bed.interpretation.value;
  if (interpretation === undefined) return "Not judged yet";
  if (vitals === undefined) return "Rhythm unknown";
  return outdated(bed) ? `Not judged for ${age(now.value - bed.judged)}` : name(interpretation);
}

/** Whether what the network said last no longer holds: it has stopped, or cannot keep up. */
export function outdated(bed: Bed): boolean {
  return now.value - bed.judged > patience(bed.trend.times);
}

/** How long the last judgement holds, in milliseconds: three times the pace at which they came, and half a minute at least. */
export function patience(times: readonly number[]): number {
  const pace = times.length < 2 ? 0 : times[times.length - 1] - times[times.length - 2];
  return Math.max(30, 3 * Math.min(pace, 60)) * 1000;
}

/** The labels that count as present, the clearest first. */
export function name({ labels, thresholds, quality }: Interpretation): string {
  if (!quality.usable) return "Poor signal, not judged";
  const present = Object.entries(labels)
    .map(([label, probability]) => ({ label, margin: margin(probability, thresholds?.[label] ?? 0.5) }))
    .filter(({ label, margin }) => margin >= 0 && label !== "Poor data quality")
    .sort((a, b) => b.margin - a.margin);
  return present.length === 0 ? "No label present" : present.slice(0, 2).map(({ label }) => label).join(" · ");
}

/** How far a probability is above its threshold, as a share of what lies above it. */
function margin(probability: number, threshold: number): number {
  return threshold < 1 ? (probability - threshold) / (1 - threshold) : probability - threshold;
}

import { signal } from "@preact/signals";
import type { Interpretation } from "../contract/messages";

/** The probability of each label over the hours since the page was opened. */
export class Trend {
  /** Twelve hours of windows of ten seconds. */
  private static readonly most = 4320;

  /** Seconds since 1970: the end of each window. */
  readonly times: number[] = [];
  /** The probability of each label in each window; null where a window does not have it. */
  readonly labels = new Map<string, (number | null)[]>();
  readonly heartRates: (number | null)[] = [];
  /** Counts what has come. */
  readonly version = signal(0);

  add(interpretation: Interpretation): void {
    const time = Date.parse(interpretation.end) / 1000;
    const before = this.times.length;
    if (before > 0 && time <= this.times[before - 1]) return; // It came twice, or its clock was set back.
    this.times.push(time);
    this.heartRates.push(interpretation.heartRate ?? null);
    for (const label of Object.keys(interpretation.labels)) if (!this.labels.has(label)) this.labels.set(label, new Array<null>(before).fill(null));
    // What was not fit for analysis is no point of a trend.
    for (const [label, values] of this.labels) values.push(interpretation.quality.usable ? (interpretation.labels[label] ?? null) : null);
    if (this.times.length > Trend.most) for (const column of [this.times, this.heartRates, ...this.labels.values()]) column.shift();
    this.version.value++;
  }
}

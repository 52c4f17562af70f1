import { signal } from "@preact/signals";
import type { Interpretation } from "../contract/messages";

/** The probability of each label over the hours since the page was opened. */
export class Trend {
  /** Twelve hours, in seconds, and as many windows of ten seconds. */
  private static readonly span = 43_200;
  private static readonly most = Trend.span / 10;

  /** Seconds since 1970: the end of each window. */
  readonly times: number[] = [];
  /** The probability of each label in each window; null where a window does not have it. */
  readonly labels = new Map<string, (number | null)[]>();
  readonly heartRates: (number | null)[] = [];
  /** Counts what has come. */
  readonly version = signal(0);

  add(interpretation: Interpretation): void {
    const time = Date.parse(interpretation.end) / 1000;
    const newest = this.times.at(-1) ?? -Infinity;
    if (time === newest) return; // It came twice.
    // A clock that was set back makes all times wrong that it gave before.
    if (time < newest) this.forget(this.times.length);
    const before = this.times.length;
    this.times.push(time);
    this.heartRates.push(interpretation.heartRate ?? null);
    for (const label of Object.keys(interpretation.labels)) if (!this.labels.has(label)) this.labels.set(label, new Array<null>(before).fill(null));
    // What was not fit for analysis is no point of a trend.
    for (const [label, values] of this.labels) values.push(interpretation.quality.usable ? (interpretation.labels[label] ?? null) : null);
    const kept = this.times.findIndex((each) => time - each < Trend.span);
    this.forget(Math.max(kept, this.times.length - Trend.most));
    this.version.value++;
  }

  /** Takes the oldest windows away. */
  private forget(count: number): void {
    if (count > 0) for (const column of [this.times, this.heartRates, ...this.labels.values()]) column.splice(0, count);
  }
}

/** Percentiles of the newest values. */
export class Percentiles {
  private readonly values = new Float64Array(4096);
  private count = 0;

  add(value: number): void {
    this.values[this.count++ & 4095] = value;
  }

  /** The value below which the share of the values lies; undefined without any. */
  at(share: number): number | undefined {
    const sorted = this.values.slice(0, Math.min(this.count, 4096)).sort();
    return sorted.length === 0 ? undefined : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}

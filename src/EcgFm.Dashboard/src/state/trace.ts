import { leads, missing } from "../contract/lead";
import type { WaveBlock } from "../contract/wave";

/** Blocks are 200 ms long and come when they are full; the rest is for those that come late. */
const delayMs = 240;

/** The share of the way to the signal that its slow part goes with each sample: a high-pass of 0.05 Hz, as diagnostic ECGs have it, which takes an electrode's offset away. */
const slowness = (2 * Math.PI * 0.05) / 500;

/**
 * The newest samples of one bed, and which of them is due now. A position numbers the samples on a grid of time, so that gaps and restarts are as wide as they were long.
 * Nothing is allocated once it is made.
 */
export class Trace {
  /** Samples kept of each lead: 33 s at 500 Hz. A power of two. */
  static readonly capacity = 1 << 14;

  sampleRate = 500;
  /** The positions kept are from here … */
  begin = 0;
  /** … to before here. */
  end = 0;
  /** How often it was begun anew: what is drawn of it then begins anew too. */
  generation = 0;
  /** When the newest block came, in milliseconds of the page's clock. */
  received = -Infinity;

  private readonly samples = new Int16Array(leads.length * Trace.capacity);
  private readonly off = new Uint16Array(Trace.capacity);
  private readonly slow = new Float64Array(leads.length);
  private settled = 0;
  private wasOff = 0;
  private base = 0;
  private next = -1;
  private lag = Infinity;
  private endTime = 0;
  private readonly blockEnds = new Float64Array(8);
  private readonly blockArrivals = new Float64Array(8);
  private blocks = 0;

  /** Takes a block that came at a time of the page's clock. */
  add(block: WaveBlock, arrival: number): void {
    const due = Math.round((block.start * block.sampleRate) / 1000);
    if (this.next < 0 || block.sampleRate !== this.sampleRate) this.restart(block, due);
    else if (block.first < this.next) this.rebase(block, due);
    if (this.base + block.first - this.end > Trace.capacity) this.restart(block, due);
    this.skip(this.base + block.first);
    this.write(block);
    this.next = block.first + block.length;
    this.received = arrival;
    this.endTime = block.start + (block.length * 1000) / block.sampleRate;
    this.begin = Math.max(this.begin, this.end - Trace.capacity);
    this.meet(arrival);
  }

  /** Whether samples came within the last two seconds: traces without any stand still. */
  isFlowing(now: number): boolean {
    return now - this.received < 2000;
  }

  /** The position up to which samples are due, so late that they flow evenly although they come in blocks. */
  due(now: number): number {
    const at = Math.floor(((now - delayMs) * this.sampleRate) / 1000 - this.lag);
    return Math.max(this.begin, Math.min(at, this.end));
  }

  /** Microvolts, or the contract's value for a missing sample. */
  at(lead: number, position: number): number {
    return this.samples[lead * Trace.capacity + (position & (Trace.capacity - 1))];
  }

  /** Whether the lead's electrode was off. */
  isOff(lead: number, position: number): boolean {
    return ((this.off[position & (Trace.capacity - 1)] >> lead) & 1) === 1;
  }

  /** When the sample was taken, in milliseconds since 1970 by the box's clock. */
  timeOf(position: number): number {
    return this.endTime - ((this.end - position) * 1000) / this.sampleRate;
  }

  /** When the sample came, by the page's clock; undefined for one that came long ago. */
  arrivalOf(position: number): number | undefined {
    let arrival: number | undefined;
    for (let i = this.blocks - 1; i >= Math.max(0, this.blocks - 8) && this.blockEnds[i & 7] > position; i--) arrival = this.blockArrivals[i & 7];
    return arrival;
  }

  private restart(block: WaveBlock, due: number): void {
    this.sampleRate = block.sampleRate;
    this.base = due - block.first;
    this.begin = this.end = due;
    this.lag = Infinity;
    this.settled = 0;
    this.blocks = 0;
    this.generation++;
  }

  /** The stream began again: its samples go where their time says, never before what is there. */
  private rebase(block: WaveBlock, due: number): void {
    this.base = Math.max(due, this.end) - block.first;
    this.lag = Infinity;
  }

  private skip(to: number): void {
    for (; this.end < to; this.end++) {
      const at = this.end & (Trace.capacity - 1);
      for (let lead = 0; lead < leads.length; lead++) this.samples[lead * Trace.capacity + at] = missing;
      this.off[at] = 0;
      this.settled = 0;
    }
  }

  private write(block: WaveBlock): void {
    // What comes or goes brings another offset: its slow part is found anew.
    this.settled &= block.carried & ~(this.wasOff ^ block.leadOff);
    this.wasOff = block.leadOff;
    let from = 0;
    for (let lead = 0; lead < leads.length; lead++) {
      const carried = ((block.carried >> lead) & 1) === 1;
      for (let i = 0; i < block.length; i++) {
        const raw = carried ? block.samples.getInt16((from + i) * 2, true) : missing;
        this.samples[lead * Trace.capacity + ((this.end + i) & (Trace.capacity - 1))] = raw === missing ? missing : this.settle(lead, raw);
      }
      if (carried) from += block.length;
    }
    for (let i = 0; i < block.length; i++) this.off[(this.end + i) & (Trace.capacity - 1)] = block.leadOff;
    this.end += block.length;
  }

  /** The sample without the slow part of its lead. */
  private settle(lead: number, raw: number): number {
    const bit = 1 << lead;
    if ((this.settled & bit) === 0) {
      this.slow[lead] = raw;
      this.settled |= bit;
    }
    this.slow[lead] += (raw - this.slow[lead]) * slowness;
    return Math.max(-32767, Math.min(32767, Math.round(raw - this.slow[lead])));
  }

  /** The block that travelled fastest says how the clocks stand to each other; slower ones only waited. A clock that drifts is followed by 1 ms a second. */
  private meet(arrival: number): void {
    const lag = (arrival * this.sampleRate) / 1000 - this.end;
    this.lag = Math.min(lag, this.lag + 0.1);
    this.blockEnds[this.blocks & 7] = this.end;
    this.blockArrivals[this.blocks & 7] = arrival;
    this.blocks++;
  }
}

import { missing } from "../contract/lead";
import type { Trace } from "../state/trace";

/** One lead's place on a canvas, in CSS pixels. */
export interface Lane {
  readonly lead: number;
  readonly left: number;
  readonly width: number;
  /** Where the trace may draw: from here … */
  readonly top: number;
  readonly height: number;
  /** Where zero volts are. */
  readonly zero: number;
}

export interface Pens {
  readonly trace: string;
  /** Of a lead whose electrode is off. */
  readonly off: string;
  readonly width: number;
}

/** Space before the trace's newest sample in which the last sweep is erased, in CSS pixels. */
const eraser = 14;

/**
 * Sweeps traces over a canvas from left to right, as monitors do: the newest samples erase the oldest. Only what is new is drawn, so a frame costs a few strokes.
 * All lanes of one width share their place in time.
 */
export class Sweep {
  private drawn = 0;
  private generation = -1;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly trace: Trace,
    private readonly lanes: readonly Lane[],
    private readonly pixelsPerSecond: number,
    private readonly pixelsPerMillivolt: number,
    private readonly pens: Pens,
  ) {}

  /** Draws what is due and not drawn yet; returns the newest position drawn, or undefined when nothing was. */
  draw(now: number): number | undefined {
    const due = this.trace.due(now);
    if (this.generation !== this.trace.generation) {
      this.generation = this.trace.generation;
      this.drawn = this.trace.begin;
    }
    if (due <= this.drawn) return undefined;
    for (const lane of this.lanes) this.sweep(lane, due);
    this.drawn = due;
    return due - 1;
  }

  private sweep(lane: Lane, due: number): void {
    const { context, trace } = this;
    const step = this.pixelsPerSecond / trace.sampleRate;
    const span = Math.max(1, Math.floor(lane.width / step));
    // What a whole sweep has overtaken needs no drawing, nor what is no more kept.
    const from = Math.max(this.drawn, due - span + Math.ceil(eraser / step), trace.begin);
    this.erase(lane, from, due, step, span);

    context.beginPath();
    context.lineWidth = this.pens.width;
    context.lineJoin = context.lineCap = "round";
    let off = trace.isOff(lane.lead, from);
    context.strokeStyle = off ? this.pens.off : this.pens.trace;
    let down = false;
    // It goes on from the last sample drawn, so that the line does not tear between two frames.
    for (let position = Math.max(from - 1, trace.begin); position < due; position++) {
      const sample = trace.at(lane.lead, position);
      const at = position % span;
      if (sample === missing) {
        down = false;
        continue;
      }
      const x = lane.left + at * step;
      const y = Math.max(lane.top, Math.min(lane.top + lane.height, lane.zero - (sample / 1000) * this.pixelsPerMillivolt));
      if (down && at !== 0) context.lineTo(x, y);
      else context.moveTo(x, y);
      down = true;
      if (trace.isOff(lane.lead, position) !== off) {
        context.stroke();
        off = !off;
        context.strokeStyle = off ? this.pens.off : this.pens.trace;
        context.beginPath();
        context.moveTo(x, y);
      }
    }
    context.stroke();
  }

  private erase(lane: Lane, from: number, due: number, step: number, span: number): void {
    const start = lane.left + (from % span) * step + this.pens.width;
    const end = start + (due - from) * step + eraser;
    const right = lane.left + lane.width;
    this.clear(lane, start, Math.min(end, right));
    if (end > right) this.clear(lane, lane.left, lane.left + end - right);
  }

  private clear(lane: Lane, from: number, to: number): void {
    if (to > from) this.context.clearRect(from, lane.top - 1, to - from, lane.height + 2);
  }
}

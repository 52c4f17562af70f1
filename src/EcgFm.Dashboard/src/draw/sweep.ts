import { missing } from "../contract/lead";
import type { Trace } from "../state/trace";

/** One lead's place on a surface, in CSS pixels. */
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

/** An upright slice of the surface, with an opaque canvas of its own: the browser composes anew only what moved, and nothing below it. */
export interface Slice {
  readonly context: CanvasRenderingContext2D;
  readonly left: number;
  readonly width: number;
}

/** What lies below the traces of the whole surface: paper, names. Its pixels are the screen's. */
export interface Ground {
  readonly image: CanvasImageSource;
  /** Device pixels of a CSS pixel. */
  readonly ratio: number;
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
 * Sweeps traces over a surface from left to right, as monitors do: the newest samples erase the oldest. Only what is new is drawn, so a frame costs a few strokes.
 * All lanes of one width share their place in time.
 */
export class Sweep {
  private drawn = 0;
  private generation = -1;

  constructor(
    private readonly slices: readonly Slice[],
    private readonly ground: Ground,
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
    const { trace, pens } = this;
    const step = this.pixelsPerSecond / trace.sampleRate;
    const span = Math.max(1, Math.floor(lane.width / step));
    // What a whole sweep has overtaken needs no drawing, nor what is no more kept.
    const from = Math.max(this.drawn, due - span + Math.ceil(eraser / step), trace.begin);
    const start = lane.left + (from % span) * step + pens.width;
    const end = start + (due - from) * step + eraser;
    const right = lane.left + lane.width;
    for (const slice of this.slices) {
      // What is beyond the right edge goes on at the left.
      const here = start - step - pens.width * 2 < slice.left + slice.width && Math.min(end, right) > slice.left;
      const wrapped = end > right && lane.left + end - right > slice.left && lane.left < slice.left + slice.width;
      if (!here && !wrapped) continue;
      if (here) this.erase(slice, lane, start, Math.min(end, right));
      if (wrapped) this.erase(slice, lane, lane.left, lane.left + end - right);
      this.stroke(slice.context, lane, from, due, step, span, lane.left - slice.left);
    }
  }

  private stroke(context: CanvasRenderingContext2D, lane: Lane, from: number, due: number, step: number, span: number, left: number): void {
    const { trace, pens } = this;
    context.beginPath();
    context.lineWidth = pens.width;
    context.lineJoin = context.lineCap = "round";
    let off = trace.isOff(lane.lead, from);
    context.strokeStyle = off ? pens.off : pens.trace;
    let down = false;
    // It goes on from the last sample drawn, so that the line does not tear between two frames.
    for (let position = Math.max(from - 1, trace.begin); position < due; position++) {
      const sample = trace.at(lane.lead, position);
      if (sample === missing) {
        down = false;
        continue;
      }
      const at = position % span;
      const x = left + at * step;
      const y = Math.max(lane.top, Math.min(lane.top + lane.height, lane.zero - (sample / 1000) * this.pixelsPerMillivolt));
      if (down && at !== 0) context.lineTo(x, y);
      else context.moveTo(x, y);
      down = true;
      if (trace.isOff(lane.lead, position) === off) continue;
      context.stroke();
      off = !off;
      context.strokeStyle = off ? pens.off : pens.trace;
      context.beginPath();
      context.moveTo(x, y);
    }
    context.stroke();
  }

  /** Brings the ground back, in whole device pixels: part of one would blur it. */
  private erase({ context, left: edge, width }: Slice, lane: Lane, from: number, to: number): void {
    const { image, ratio } = this.ground;
    const left = Math.floor(Math.max(from, edge) * ratio);
    const right = Math.ceil(Math.min(to, edge + width) * ratio);
    const top = Math.floor((lane.top - 1) * ratio);
    const bottom = Math.ceil((lane.top + lane.height + 1) * ratio);
    if (right <= left) return;
    context.drawImage(image, left, top, right - left, bottom - top, left / ratio - edge, top / ratio, (right - left) / ratio, (bottom - top) / ratio);
  }
}


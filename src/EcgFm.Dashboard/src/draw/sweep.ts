import { missing } from "../contract/lead";
import type { Trace } from "../state/trace";
import type { Context } from "./surface";

/** One lead's place on a surface, in CSS pixels. Traces may reach into their neighbours' places, as on paper. */
export interface Lane {
  readonly lead: number;
  readonly left: number;
  readonly width: number;
  /** Where zero volts are, from the top. */
  readonly zero: number;
}

/** An upright slice of the surface, with an opaque canvas of its own: the browser composes anew only what moved, and nothing below it. */
export interface Slice {
  readonly context: Context;
  readonly left: number;
  readonly width: number;
}

/** What lies below the traces of the whole surface: paper, names. Its pixels are the screen's. */
export interface Ground {
  readonly image: HTMLCanvasElement | OffscreenCanvas;
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
 * Lanes that begin at the same place from the left are one column: they have one width, and are erased together.
 */
export class Sweep {
  private drawn: number;
  private generation: number;
  private readonly columns: readonly (readonly Lane[])[];

  constructor(
    private readonly slices: readonly Slice[],
    private readonly ground: Ground,
    private readonly trace: Trace,
    lanes: readonly Lane[],
    private readonly pixelsPerSecond: number,
    private readonly pixelsPerMillivolt: number,
    private readonly pens: Pens,
    now: number,
  ) {
    // What has stood still for a while is not shown again as if it were live.
    this.drawn = trace.isFlowing(now) ? trace.begin : trace.end;
    this.generation = trace.generation;
    this.columns = [...new Set(lanes.map(({ left }) => left))].map((left) => lanes.filter((lane) => lane.left === left));
  }

  /** Draws what is due and not drawn yet; returns the newest position drawn, or undefined when nothing was. */
  draw(now: number): number | undefined {
    const due = this.trace.due(now);
    if (this.generation !== this.trace.generation) {
      this.generation = this.trace.generation;
      this.drawn = this.trace.begin;
    }
    if (due <= this.drawn) return undefined;
    for (const column of this.columns) this.sweep(column, due);
    this.drawn = due;
    return due - 1;
  }

  private sweep(column: readonly Lane[], due: number): void {
    const { trace, pens } = this;
    const [{ left, width }] = column;
    const step = this.pixelsPerSecond / trace.sampleRate;
    const span = Math.max(1, Math.floor(width / step));
    // What a whole sweep has overtaken needs no drawing, nor what is no more kept.
    const from = Math.max(this.drawn, due - span + Math.ceil(eraser / step), trace.begin);
    const start = left + (from % span) * step + pens.width;
    const end = start + (due - from) * step + eraser;
    const right = left + width;
    for (const slice of this.slices) {
      // What is beyond the right edge goes on at the left.
      const here = start - step - pens.width * 2 < slice.left + slice.width && Math.min(end, right) > slice.left;
      const wrapped = end > right && left + end - right > slice.left && left < slice.left + slice.width;
      if (here) this.erase(slice, start, Math.min(end, right));
      if (wrapped) this.erase(slice, left, left + end - right);
      if (here || wrapped) for (const lane of column) this.stroke(slice.context, lane, from, due, step, span, left - slice.left);
    }
  }

  private stroke(context: Context, lane: Lane, from: number, due: number, step: number, span: number, left: number): void {
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
      const y = lane.zero - (sample / 1000) * this.pixelsPerMillivolt;
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
  private erase({ context, left: edge, width }: Slice, from: number, to: number): void {
    const { image, ratio } = this.ground;
    const left = Math.floor(Math.max(from, edge) * ratio);
    const right = Math.ceil(Math.min(to, edge + width) * ratio);
    if (right > left) context.drawImage(image, left, 0, right - left, image.height, left / ratio - edge, 0, (right - left) / ratio, image.height / ratio);
  }
}

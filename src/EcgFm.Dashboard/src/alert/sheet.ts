/** The ten seconds of an alert laid out as on paper, in millimetres: one description, drawn as SVG on the page and in print, and on a canvas for the picture to save. */

import { leads as standardLeads, missing, type Lead } from "../contract/lead";
import type { Snippet } from "../contract/messages";
import { runs } from "./runs";

/** What there is to lay out. */
export type Recorded = Pick<Snippet, "leads" | "sampleRate" | "length" | "leadOff" | "beats" | "saliency">;

/** `standard`: three rows of four columns and a rhythm strip; `rows`: each lead that there is over the whole time. */
export type Layout = "standard" | "rows";

/** A word on the sheet. */
export interface Caption {
  readonly kind: "lead" | "note" | "interval" | "scale" | "axis";
  /** Millimetres from the left, to the text's start or, for intervals and the scale, its middle. */
  readonly x: number;
  /** Millimetres from the top, to the text's baseline. */
  readonly y: number;
  readonly text: string;
}

/** Millimetres and SVG path data. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly fine: string;
  readonly coarse: string;
  /** What the network attended, from faint to strong: bands over the height of all traces. */
  readonly shades: readonly { readonly strength: number; readonly d: string }[];
  /** The same as a curve below the traces; empty where the network does not say. */
  readonly attention: string;
  /** Where samples are missing. */
  readonly gaps: string;
  readonly traces: readonly { readonly lead: Lead; readonly off: boolean; readonly d: string }[];
  /** Calibration pulses, borders of columns, beats and seconds. */
  readonly marks: string;
  readonly captions: readonly Caption[];
}

/** Millimetres for a second. */
export const speed = 25;

/** Millimetres for a millivolt. */
export const gain = 10;

/** Steps in which the shading is drawn. */
export const shadeSteps = 10;

const left = 10;
const right = 5;
const strip = 8;
const foot = 5;

const columns: readonly (readonly Lead[])[] = [["I", "II", "III"], ["aVR", "aVL", "aVF"], ["V1", "V2", "V3"], ["V4", "V5", "V6"]];

/** The layout that shows most: the standard one wants all twelve leads. */
export const naturalLayout = (snippet: Recorded): Layout => (present(snippet).length === standardLeads.length ? "standard" : "rows");

/** The leads that the source has, in their order. */
export const present = (snippet: Pick<Snippet, "leads">): readonly Lead[] => standardLeads.filter((lead) => lead in snippet.leads);

/** Lays the ten seconds out. */
export function sheet(recorded: Recorded, layout: Layout): Sheet {
  const { sampleRate, length, saliency } = recorded;
  const { cells, rows, spacing } = layout === "standard" ? standard(recorded) : inRows(recorded);
  const dense = spacing < 20;
  const top = dense ? 5 : 0;
  // Far enough apart, the base lines lie on thick lines of the grid.
  const base = (row: number) => top + row * spacing + (dense ? spacing / 2 : spacing * 0.6);
  const bottom = top + rows * spacing + (dense ? 5 : 0);
  const height = bottom + (saliency ? strip : 0) + foot;
  const width = left + (length / sampleRate) * speed + right;
  const x = (sample: number) => left + (sample / sampleRate) * speed;

  const traces: Sheet["traces"][number][] = [];
  const captions: Caption[] = [];
  let gaps = "";
  let marks = "";
  for (const { lead, row, from, to } of cells) {
    const [samples, off, y] = [recorded.leads[lead] as Int16Array | undefined, recorded.leadOff.includes(lead), base(row)];
    const above = round(y - Math.min(spacing * 0.36, 10.5));
    captions.push({ kind: "lead", x: round(x(from) + 1), y: above, text: lead });
    if (samples === undefined || off) captions.push({ kind: "note", x: round(x(from) + 9.5), y: above, text: off ? "electrode off" : "absent" });
    if (from > 0) marks += `M${round(x(from))} ${round(y - 5)}v3m0 4v3`;
    if (samples === undefined) continue;
    traces.push({ lead, off, d: trace(samples, from, to, x, y) });
    for (const run of runs(samples.subarray(from, to), (sample) => Number(sample === missing)))
      if (run.level === 1) {
        gaps += box(x(from + run.from), y - spacing * 0.4, x(run.to) - x(run.from), spacing * 0.8);
        if (x(run.to) - x(run.from) > 15) captions.push({ kind: "note", x: round(x(from + run.from) + 2), y: round(y + 1), text: "missing" });
      }
  }

  for (let row = 0; row < rows; row += dense ? rows - 1 : 1) marks += `M1 ${round(base(row))}h1.5v${-gain}h5v${gain}h1.5`;
  for (let sample = 0; sample <= length; sample += sampleRate) {
    marks += `M${round(x(sample))} ${round(height - foot)}v1.2`;
    captions.push({ kind: "scale", x: round(x(sample)), y: round(height - 0.6), text: `${sample / sampleRate}${sample === length ? " s" : ""}` });
  }

  captions.push({ kind: "axis", x: left + 2.5, y: round(height - 0.6), text: `${speed} mm/s · ${gain} mm/mV` });
  if (recorded.beats.length > 1) captions.push({ kind: "axis", x: 1, y: round(bottom - 1.2), text: "RR ms" });
  if (saliency) captions.push({ kind: "axis", x: 0.4, y: round(bottom + strip - 2), text: "attention" });
  return {
    width,
    height,
    ...grid(width, bottom),
    shades: saliency ? shades(saliency, x, top, bottom) : [],
    attention: saliency ? attention(saliency, x, bottom + strip - 1, strip - 2) : "",
    gaps,
    traces,
    marks: marks + beats(recorded, x, round(bottom - 1), captions),
    captions,
  };
}

/** A stretch of a lead in its row. */
interface Cell {
  readonly lead: Lead;
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

interface Arrangement {
  readonly cells: readonly Cell[];
  readonly rows: number;
  readonly spacing: number;
}

function standard(recorded: Recorded): Arrangement {
  const part = recorded.length / columns.length;
  const cells = columns.flatMap((names, column) => names.map((lead, row) => ({ lead, row, from: column * part, to: (column + 1) * part })));
  return { cells: [...cells, { lead: rhythmLead(recorded), row: 3, from: 0, to: recorded.length }], rows: 4, spacing: 25 };
}

function inRows(recorded: Recorded): Arrangement {
  const cells = present(recorded).map((lead, row) => ({ lead, row, from: 0, to: recorded.length }));
  const rows = Math.max(cells.length, 1);
  return { cells, rows, spacing: rows <= 3 ? 30 : rows <= 6 ? 20 : 10 };
}

/** The usual one, or the first that there is. */
const rhythmLead = (input: Recorded): Lead => ("II" in input.leads ? "II" : (present(input)[0] ?? "II"));

/** A line that breaks where samples are missing; a sample that stands alone is a dot. */
function trace(samples: Int16Array, from: number, to: number, x: (sample: number) => number, base: number): string {
  const parts: string[] = [];
  let pen = false;
  for (let i = from; i < to; i++) {
    const value = samples[i];
    if (value === undefined || value === missing) {
      pen = false;
      continue;
    }
    const point = `${round(x(i))} ${round(base - (value / 1000) * gain)}`;
    const lonely = !pen && (i + 1 >= to || samples[i + 1] === missing);
    parts.push(pen ? `L${point}` : lonely ? `M${point}h0` : `M${point}`);
    pen = true;
  }
  return parts.join("");
}

/** A stroke for each beat, and between them the milliseconds. */
function beats({ beats, sampleRate }: Recorded, x: (sample: number) => number, y: number, captions: Caption[]): string {
  beats.slice(1).forEach((beat, i) => {
    const milliseconds = Math.round(((beat - beats[i]) / sampleRate) * 1000);
    // Below 200 ms there is no room for three digits, and there are no such beats.
    if (milliseconds >= 200) captions.push({ kind: "interval", x: round((x(beats[i]) + x(beat)) / 2), y: round(y - 0.2), text: `${milliseconds}` });
  });
  return beats.map((beat) => `M${round(x(beat))} ${y}v-2`).join("");
}

/**
 * One path for each strength, so that thousands of instants are ten elements. Shaded is what lies above the median: attention never comes to rest,
 * and with all of it shaded nothing would stand out.
 */
function shades(saliency: Uint8Array, x: (sample: number) => number, top: number, bottom: number): Sheet["shades"] {
  const median = saliency.slice().sort()[saliency.length >> 1];
  const span = Math.max(255 - median, 1);
  const paths = new Array<string>(shadeSteps + 1).fill("");
  for (const run of runs(saliency, (value) => Math.max(0, Math.round(((value - median) / span) * shadeSteps))))
    if (run.level > 0) paths[run.level] += box(x(run.from), top, x(run.to) - x(run.from), bottom - top);
  return paths.map((d, step) => ({ strength: step / shadeSteps, d })).filter(({ d }) => d !== "");
}

function attention(saliency: Uint8Array, x: (sample: number) => number, base: number, height: number): string {
  let d = `M${round(x(0))} ${round(base)}`;
  saliency.forEach((value, i) => {
    // Every fifth: 10 ms, finer than the network's own step.
    if (i % 5 === 0 || i === saliency.length - 1) d += `L${round(x(i))} ${round(base - (value / 255) * height)}`;
  });
  return `${d}L${round(x(saliency.length - 1))} ${round(base)}Z`;
}

function grid(width: number, height: number): { fine: string; coarse: string } {
  let [fine, coarse] = ["", ""];
  for (let x = 0; x <= width; x++) {
    const line = `M${x} 0V${round(height)}`;
    if (x % 5 === 0) coarse += line;
    else fine += line;
  }
  for (let y = 0; y <= height; y++) {
    const line = `M0 ${y}H${round(width)}`;
    if (y % 5 === 0) coarse += line;
    else fine += line;
  }
  return { fine, coarse };
}

const box = (x: number, y: number, width: number, height: number): string => `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;

const round = (millimetres: number): number => Math.round(millimetres * 100) / 100;

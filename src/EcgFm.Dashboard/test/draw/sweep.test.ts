import { describe, expect, it } from "vitest";
import { missing } from "../../src/contract/lead";
import { Sweep } from "../../src/draw/sweep";
import { Trace } from "../../src/state/trace";
import { wave } from "../examples";

/** A canvas that notes what is drawn: each stroke as its colour and runs of points. */
class Notes {
  strokes: { colour: string; runs: [number, number][][] }[] = [];
  cleared: [number, number][] = [];
  strokeStyle = "";
  lineWidth = 1;
  lineJoin = "";
  lineCap = "";
  private runs: [number, number][][] = [];
  beginPath = () => (this.runs = []);
  moveTo = (x: number, y: number) => this.runs.push([[x, y]]);
  lineTo = (x: number, y: number) => this.runs.at(-1)!.push([x, y]);
  stroke = () => this.strokes.push({ colour: this.strokeStyle, runs: this.runs });
  drawImage = (_image: unknown, x: number, _y: number, width: number) => this.cleared.push([x, x + width]);
}

const lane = { lead: 1, left: 10, width: 500, zero: 50 };

const ground = { image: { height: 100 } as HTMLCanvasElement, ratio: 1 };
const slice = (notes: Notes, left = 0, width = 520) => ({ context: notes as unknown as CanvasRenderingContext2D, left, width });

/** Draws all that came: one CSS pixel a sample, 50 a millivolt. */
function drawn(blocks: ReturnType<typeof wave>[]): Notes {
  const notes = new Notes();
  const trace = new Trace();
  blocks.forEach((block, i) => trace.add(block, i * 200));
  new Sweep([slice(notes)], ground, trace, [lane], 500, 50, { trace: "trace", off: "off", width: 1 }, 0).draw(1e9);
  return notes;
}

// 1 700 000 000 s is a multiple of 500 samples: the first is at the left.
describe("a sweep", () => {
  it("draws what came as one line, upwards for positive volts", () => {
    const [{ runs }] = drawn([wave({ value: (i) => (i === 50 ? 400 : 0) })]).strokes;
    expect(runs).toHaveLength(1);
    expect(runs[0]).toHaveLength(100);
    expect([runs[0][0], runs[0][49]]).toEqual([[10, 50], [59, 50]]);
    expect(runs[0][50][1]).toBeCloseTo(30, 0);
  });

  it("leaves a gap empty", () => {
    const [{ runs }] = drawn([wave(), wave({ first: 150 })]).strokes;
    expect(runs.map((run) => [run[0][0], run.at(-1)![0]])).toEqual([[10, 109], [160, 259]]);
  });

  it("draws nothing of an absent lead: no line at zero volts", () => {
    expect(drawn([wave({ carried: 0b1 })]).strokes.flatMap(({ runs }) => runs)).toEqual([]);
  });

  it("leaves single missing samples empty", () => {
    const [{ runs }] = drawn([wave({ value: (i) => (i === 10 ? missing : 0) })]).strokes;
    expect(runs.map((run) => run.length)).toEqual([10, 89]);
  });

  it("draws in another colour while an electrode is off", () => {
    const { strokes } = drawn([wave(), wave({ first: 100, leadOff: 0b10 }), wave({ first: 200 })]);
    expect(strokes.map(({ colour, runs }) => [colour, runs[0][0][0]])).toEqual([["trace", 10], ["off", 110], ["trace", 210]]);
  });

  it("begins at the left again, without a line back", () => {
    const blocks = Array.from({ length: 6 }, (_, i) => wave({ first: i * 100 }));
    const runs = drawn(blocks).strokes[0].runs;
    for (const run of runs) for (let i = 1; i < run.length; i++) expect(run[i][0]).toBeGreaterThan(run[i - 1][0]);
    expect(Math.max(...runs.flat().map(([x]) => x))).toBeLessThanOrEqual(510);
  });

  it("erases what it draws over and a little before it", () => {
    const { cleared } = drawn([wave()]);
    expect(cleared[0][0]).toBeLessThanOrEqual(12);
    expect(cleared[0][1]).toBeGreaterThan(110);
  });

  it("goes on where it ended, and draws nothing twice", () => {
    const notes = new Notes();
    const trace = new Trace();
    const sweep = new Sweep([slice(notes)], ground, trace, [lane], 500, 50, { trace: "trace", off: "off", width: 1 }, 0);
    trace.add(wave(), 0);
    sweep.draw(1e9);
    expect(sweep.draw(1e9 + 16)).toBeUndefined();
    trace.add(wave({ first: 100 }), 200);
    sweep.draw(1e9 + 200);
    expect(notes.strokes[1].runs).toHaveLength(1);
    expect(notes.strokes[1].runs[0]).toHaveLength(101); // The last point drawn, and a hundred more.
  });

  it("does not show again what has stood still", () => {
    const notes = new Notes();
    const trace = new Trace();
    trace.add(wave(), 0);
    const sweep = new Sweep([slice(notes)], ground, trace, [lane], 500, 50, { trace: "trace", off: "off", width: 1 }, 60_000);
    expect(sweep.draw(1e9)).toBeUndefined();
    trace.add(wave({ first: 150 }), 60_100);
    sweep.draw(1e9);
    expect(notes.strokes[0].runs.map((run) => [run[0][0], run.at(-1)![0]])).toEqual([[109, 109], [160, 259]]);
  });

  it("touches only the slices in which something moves", () => {
    const notes = Array.from({ length: 4 }, () => new Notes());
    const trace = new Trace();
    const sweep = new Sweep(notes.map((each, i) => slice(each, i * 130, 130)), ground, trace, [lane], 500, 50, { trace: "trace", off: "off", width: 1 }, 0);
    for (let i = 0; i < 6; i++) {
      trace.add(wave({ first: i * 100 }), i * 200);
      sweep.draw(1e9 + i * 200);
    }
    expect(notes.map(({ strokes }) => strokes.length)).toEqual([4, 2, 2, 2]);
    // Each slice draws in its own coordinates, and over its edges: no tear between two.
    expect(notes[1].strokes[0].runs[0][0][0]).toBeLessThanOrEqual(0);
    expect(notes[1].strokes.at(-1)!.runs[0].at(-1)![0]).toBeGreaterThan(129);
  });

  it("erases a column once for all its lanes, so that a trace may reach into the next", () => {
    const notes = new Notes();
    const trace = new Trace();
    trace.add(wave(), 0);
    const lanes = [lane, { ...lane, lead: 2, zero: 80 }, { ...lane, lead: 3, left: 510 }];
    new Sweep([slice(notes, 0, 1020)], ground, trace, lanes, 500, 50, { trace: "trace", off: "off", width: 1 }, 0).draw(1e9);
    expect([notes.cleared.length, notes.strokes.length]).toEqual([2, 3]);
  });
});

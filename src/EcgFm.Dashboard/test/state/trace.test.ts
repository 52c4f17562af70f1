import { describe, expect, it } from "vitest";
import { missing } from "../../src/contract/lead";
import { Trace } from "../../src/state/trace";
import { wave } from "../examples";

/** A trace that took blocks of 200 ms, each when it was full and a little later. */
function taken(blocks: ReturnType<typeof wave>[], arrivals = blocks.map((_, i) => 1000 + i * 200)): Trace {
  const trace = new Trace();
  blocks.forEach((block, i) => trace.add(block, arrivals[i]));
  return trace;
}

const values = (trace: Trace, from: number, to: number) => Array.from({ length: to - from }, (_, i) => trace.at(1, from + i));

describe("a trace", () => {
  it("keeps samples in order, without an electrode's offset", () => {
    const trace = taken([wave({ value: () => 3000 }), wave({ first: 100, value: (i) => (i === 150 ? 4000 : 3000) })]);
    expect(trace.end - trace.begin).toBe(200);
    expect(trace.at(1, trace.begin + 120)).toBe(0);
    expect(trace.at(1, trace.begin + 150)).toBeCloseTo(1000, -1);
  });

  it("has a gap as wide as it was long", () => {
    const trace = taken([wave(), wave({ first: 250 })]);
    expect(trace.end - trace.begin).toBe(350);
    expect(new Set(values(trace, trace.begin + 100, trace.begin + 250))).toEqual(new Set([missing]));
  });

  it("has missing samples as missing, and leads not carried too", () => {
    const trace = taken([wave({ carried: 0b10, value: (i) => (i === 7 ? missing : 5) })]);
    expect([trace.at(1, trace.begin + 6), trace.at(1, trace.begin + 7), trace.at(0, trace.begin)]).toEqual([0, missing, missing]);
  });

  it("knows which electrode was off when", () => {
    const trace = taken([wave(), wave({ first: 100, leadOff: 0b10 })]);
    expect([trace.isOff(1, trace.begin + 99), trace.isOff(1, trace.begin + 100), trace.isOff(0, trace.begin + 100)]).toEqual([false, true, false]);
  });

  it("goes on after the stream began again, where its time says", () => {
    const trace = taken([wave({ first: 5000 }), wave({ first: 0, start: 1_700_000_000_000 + 5000 * 2 + 1200 })]);
    expect(trace.end - trace.begin).toBe(700);
    expect(new Set(values(trace, trace.begin + 100, trace.begin + 600))).toEqual(new Set([missing]));
  });

  it("goes on after the box's clock was set back", () => {
    const trace = taken([wave({ first: 5000 }), wave({ first: 0, start: 1_600_000_000_000 })]);
    expect(trace.end - trace.begin).toBe(200);
  });

  it("begins anew after a gap longer than it keeps", () => {
    const trace = taken([wave(), wave({ first: 1_000_000 })]);
    expect([trace.end - trace.begin, trace.generation]).toEqual([100, 2]);
  });

  it("keeps the newest", () => {
    const trace = taken(Array.from({ length: 200 }, (_, i) => wave({ first: i * 100, value: () => 0 })));
    expect(trace.end - trace.begin).toBe(Trace.capacity);
  });
});

describe("what is due", () => {
  const blocks = Array.from({ length: 20 }, (_, i) => wave({ first: i * 100 }));

  it("flows evenly although blocks come every 200 ms, and a bit unevenly", () => {
    const trace = new Trace();
    let before: number | undefined;
    for (let ms = 0; ms < 4000; ms += 20) {
      if (ms % 200 === 0) trace.add(blocks[ms / 200], 1000 + ms + (ms % 600 === 0 ? 0 : 30));
      const due = trace.due(1000 + ms + 40);
      if (before !== undefined && ms > 400) expect(Math.abs(due - before - 10)).toBeLessThanOrEqual(1);
      before = due;
    }
  });

  it("is at most a quarter of a second behind what came", () => {
    const trace = taken(blocks);
    expect(trace.due(1000 + 19 * 200)).toBeGreaterThanOrEqual(trace.end - 125);
  });

  it("is never more than has come", () => {
    const trace = taken(blocks);
    expect(trace.due(1e9)).toBe(trace.end);
  });

  it("does not depend on how the box's clock stands", () => {
    const skewed = taken(blocks.map((block) => ({ ...block, start: block.start - 3_600_000 })));
    expect(skewed.end - skewed.due(4900)).toBe(taken(blocks).end - taken(blocks).due(4900));
  });
});

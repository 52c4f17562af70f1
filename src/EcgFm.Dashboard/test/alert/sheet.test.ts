import { describe, expect, it } from "vitest";
import { naturalLayout, sheet, shadeSteps, type Sheet } from "../../src/alert/sheet";
import { missing } from "../../src/contract/lead";
import { gap, snippet } from "../specimen";

/** The points of a trace's path, stroke by stroke. */
function strokes(d: string): { x: number; y: number }[][] {
  return d.split("M").filter(Boolean).map((stroke) => stroke.replace(/h0/g, "").split("L").map((point) => {
    const [x, y] = point.split(" ").map(Number);
    return { x, y };
  }));
}

const texts = (drawn: Sheet, kind: string) => drawn.captions.filter((caption) => caption.kind === kind).map(({ text }) => text);

describe("the sheet", () => {
  it("has a second on 25 mm and a millivolt on 10 mm", () => {
    const { traces } = sheet(snippet({ value: (_, at) => (at < 500 ? 0 : 1000) }).snippet, "rows");
    const [line] = strokes(traces[1].d);
    expect(line).toHaveLength(5000);
    expect(line[500].x - line[0].x).toBeCloseTo(25, 1);
    expect(line[0].y - line[500].y).toBeCloseTo(10, 2);
  });

  it("shows in the standard layout each quarter of the time in another column, and the rhythm strip over all of it", () => {
    const drawn = sheet(snippet().snippet, "standard");
    expect(texts(drawn, "lead")).toEqual(["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "II"]);
    const [first, second] = [strokes(drawn.traces[0].d)[0], strokes(drawn.traces[3].d)[0]];
    expect(first).toHaveLength(1250);
    expect(second[0].x - first[0].x).toBeCloseTo(62.5, 2);
    expect(strokes(drawn.traces[12].d)[0]).toHaveLength(5000);
    expect(drawn.width).toBe(265);
  });

  it("never draws a line over a missing sample", () => {
    for (let seed = 1; seed <= 4; seed++) {
      let random = seed;
      const holes = Array.from({ length: 5000 }, () => (random = (random * 48271) % 2147483647) % 7 === 0);
      const { traces, gaps } = sheet(snippet({ leads: ["II"], value: (_, at) => (holes[at] ? missing : at % 300) }).snippet, "rows");
      const lines = strokes(traces[0].d);
      expect(lines.flat()).toHaveLength(holes.filter((hole) => !hole).length);
      expect(Math.max(...lines.flatMap((line) => line.slice(1).map(({ x }, i) => x - line[i].x)))).toBeLessThan(0.07);
      expect(gaps.split("M").length - 1).toBe(holes.filter((hole, at) => hole && !holes[at - 1]).length);
    }
  });

  it("marks a gap where it is", () => {
    const { gaps } = sheet(snippet({ leads: ["II"], value: gap(1000, 2000, 0) }).snippet, "rows");
    expect(texts(sheet(snippet({ leads: ["II"], value: gap(1000, 2000, 0) }).snippet, "rows"), "note")).toEqual(["missing"]);
    expect(gaps).toMatch(/^M60 [\d.]+h50v[\d.]+h-50z$/);
  });

  it("says that a lead is absent or its electrode off, and draws nothing for an absent one", () => {
    const drawn = sheet(snippet({ leads: ["I", "II"], leadOff: ["I"] }).snippet, "standard");
    expect(drawn.traces.map(({ lead, off }) => `${lead}${off ? " off" : ""}`)).toEqual(["I off", "II", "II"]);
    expect(texts(drawn, "note")).toEqual(["electrode off", ...Array<string>(10).fill("absent")]);
  });

  it("takes the layout that suits the leads", () => {
    expect(naturalLayout(snippet().snippet)).toBe("standard");
    expect(naturalLayout(snippet({ leads: ["I"] }).snippet)).toBe("rows");
  });

  it("writes the time between beats in milliseconds", () => {
    expect(texts(sheet(snippet().snippet, "standard"), "interval")).toEqual(["800", "960"]);
  });

  it("shades only what is above the median, the strongest most", () => {
    const peak = (at: number) => (at >= 2500 && at < 2550 ? 255 : at % 2 === 0 ? 100 : 101);
    const { shades } = sheet(snippet({ saliency: peak }).snippet, "rows");
    expect(shades).toEqual([{ strength: 1, d: expect.stringMatching(/^M135 [\d.]+h2.5v/) as string }]);
    const even = sheet(snippet({ saliency: (at) => at % 200 }).snippet, "rows").shades.map(({ strength }) => strength);
    expect(even.every((strength, i) => strength > 0 && strength <= 1 && (i === 0 || strength > even[i - 1]))).toBe(true);
    expect(even.length).toBeLessThanOrEqual(shadeSteps);
  });

  it("shades nothing where the network looked everywhere alike, or does not say", () => {
    expect(sheet(snippet({ saliency: () => 255 }).snippet, "rows").shades).toEqual([]);
    const silent = sheet(snippet({ saliency: null }).snippet, "rows");
    expect([silent.shades, silent.attention]).toEqual([[], ""]);
  });

  it("fits on a page of A4 with what stands around it", () => {
    for (const layout of ["standard", "rows"] as const) {
      const { width, height } = sheet(snippet().snippet, layout);
      expect(width).toBeLessThanOrEqual(273);
      expect(height).toBeLessThanOrEqual(145);
    }
  });
});

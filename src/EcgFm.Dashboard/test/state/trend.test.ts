import { expect, it } from "vitest";
import type { Interpretation } from "../../src/contract/messages";
import { Trend } from "../../src/state/trend";

function judged(second: number, labels: Record<string, number>, usable = true): Interpretation {
  return {
    type: "interpretation", bed: "bed-1", window: second / 10, start: new Date(second * 1000).toISOString(), end: new Date((second + 10) * 1000).toISOString(), labels,
    quality: { usable, leads: [], issues: {}, missingSamples: 0, interpolatedSamples: 0 }, inferenceMilliseconds: 1, skippedWindows: 0,
    model: { name: "n", version: "1", precision: "fp32", sha256: "" },
  };
}

it("has a column for each label, with holes where there was nothing to judge", () => {
  const trend = new Trend();
  trend.add(judged(0, { A: 0.1 }));
  trend.add(judged(10, { A: 0.2 }, false));
  trend.add(judged(20, { B: 0.3 }));
  expect(trend.times).toEqual([10, 20, 30]);
  expect([...trend.labels]).toEqual([["A", [0.1, null, null]], ["B", [null, null, 0.3]]]);
});

it("does not go back in time", () => {
  const trend = new Trend();
  trend.add(judged(10, { A: 0.1 }));
  trend.add(judged(10, { A: 0.1 }));
  trend.add(judged(0, { A: 0.1 }));
  expect(trend.times).toEqual([20]);
});

it("keeps twelve hours", () => {
  const trend = new Trend();
  for (let i = 0; i < 4400; i++) trend.add(judged(i * 10, { A: 0.5 }));
  expect([trend.times.length, trend.labels.get("A")!.length, trend.times.at(-1)]).toEqual([4320, 4320, 44_000]);
});

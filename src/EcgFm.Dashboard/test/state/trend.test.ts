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

it("takes what comes twice once", () => {
  const trend = new Trend();
  trend.add(judged(10, { A: 0.1 }));
  trend.add(judged(10, { A: 0.1 }));
  expect(trend.times).toEqual([20]);
});

it("begins anew when the clock of the box is set back", () => {
  const trend = new Trend();
  for (const second of [3600, 3610, 0, 10]) trend.add(judged(second, { A: second / 10_000 }));
  expect([trend.times, [...trend.labels], trend.heartRates]).toEqual([[10, 20], [["A", [0, 0.001]]], [null, null]]);
});

it("does not keep what is older than twelve hours, as after a clock that ran from 1970", () => {
  const trend = new Trend();
  for (const second of [0, 43_000, 43_200, 900_000]) {
    trend.add(judged(second, { A: 0.5 }));
    expect(trend.labels.get("A")).toHaveLength(trend.times.length);
  }
  expect(trend.times).toEqual([900_010]);
});

it("keeps twelve hours", () => {
  const trend = new Trend();
  for (let i = 0; i < 4400; i++) trend.add(judged(i * 10, { A: 0.5 }));
  expect([trend.times.length, trend.labels.get("A")!.length, trend.times.at(-1)]).toEqual([4320, 4320, 44_000]);
});

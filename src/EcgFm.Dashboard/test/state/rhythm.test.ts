import { expect, it } from "vitest";
import type { Interpretation } from "../../src/contract/messages";
import { name, patience } from "../../src/state/rhythm";

function judged(labels: Record<string, number>, thresholds?: Record<string, number>, usable = true): Interpretation {
  return {
    type: "interpretation", bed: "bed-1", window: 0, start: "2026-11-26T00:00:00Z", end: "2026-11-26T00:00:10Z", labels, thresholds,
    quality: { usable, leads: [], issues: {}, missingSamples: 0, interpolatedSamples: 0 }, inferenceMilliseconds: 1, skippedWindows: 0,
    model: { name: "n", version: "1", precision: "fp32", sha256: "" },
  };
}

it.each([
  ["the label above its threshold", { "Sinus rhythm": 0.4, "Atrial fibrillation": 0.5 }, { "Sinus rhythm": 0.3, "Atrial fibrillation": 0.6 }, "Sinus rhythm"],
  ["the clearest first", { "Sinus rhythm": 0.4, "Premature ventricular contraction": 0.9 }, { "Sinus rhythm": 0.3, "Premature ventricular contraction": 0.3 }, "Premature ventricular contraction · Sinus rhythm"],
  ["one half where no threshold is known", { "Sinus rhythm": 0.51, "Atrial fibrillation": 0.49 }, undefined, "Sinus rhythm"],
  ["no rhythm of poor data", { "Poor data quality": 0.9, "Sinus rhythm": 0.1 }, undefined, "No label present"],
])("is %s", (_, labels, thresholds, expected) => expect(name(judged(labels as Record<string, number>, thresholds as Record<string, number> | undefined))).toBe(expected));

it("is none of ten seconds that were not fit", () => expect(name(judged({ "Sinus rhythm": 0.9 }, undefined, false))).toBe("Poor signal, not judged"));

it.each([[[], 30_000], [[10, 20], 30_000], [[10, 11], 30_000], [[10, 40], 90_000], [[10, 4000], 180_000]])("after windows that ended at %j s holds for %s ms", (times, expected) =>
  expect(patience(times)).toBe(expected));

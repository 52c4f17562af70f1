import { expect, it } from "vitest";
import { arrange } from "../../src/bed/lanes";
import { leads } from "../../src/contract/lead";
import { layouts } from "../../src/bed/settings";

it.each(layouts)("%s has each lead once, in columns from the left, inside the panel", (layout) => {
  const lanes = arrange(layout, 1000, 600, 40);
  expect(lanes.map(({ lead }) => leads[lead])).toEqual(leads);
  for (const { left, width, top, zero } of lanes) {
    expect(left).toBeGreaterThanOrEqual(40);
    expect(left + width).toBeLessThanOrEqual(1000);
    expect(zero).toBeGreaterThan(top);
    expect(zero).toBeLessThan(600);
  }
  const [, columns] = layout.split(" × ").map(Number);
  expect(new Set(lanes.map(({ left }) => left)).size).toBe(columns);
});

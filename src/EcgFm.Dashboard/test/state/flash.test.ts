import { expect, it } from "vitest";
import type { Priority } from "../../src/contract/messages";
import { lit, untilChange } from "../../src/state/flash";

/** How often an alarm lights up in a second, and the share of the time it is lit, over a minute of milliseconds. */
function measure(priority: Priority): { hertz: number; duty: number } {
  let [flashes, on] = [0, 0];
  for (let ms = 1; ms <= 60_000; ms++) {
    if (lit(priority, ms)) on++;
    if (lit(priority, ms) && !lit(priority, ms - 1)) flashes++;
  }
  return { hertz: flashes / 60, duty: on / 60_000 };
}

// IEC 60601-1-8, table 2.
it.each([["high", 1.4, 2.8], ["medium", 0.4, 0.8]] as const)("%s flashes %s to %s times a second, lit 20 to 60 % of the time", (priority, from, to) => {
  const { hertz, duty } = measure(priority);
  expect(hertz).toBeGreaterThanOrEqual(from);
  expect(hertz).toBeLessThanOrEqual(to);
  expect(duty).toBeGreaterThanOrEqual(0.2);
  expect(duty).toBeLessThanOrEqual(0.6);
});

it("low is steady", () => expect(measure("low")).toEqual({ hertz: 0, duty: 1 }));

it.each(["high", "medium"] as const)("%s changes when it is said to", (priority) => {
  for (let now = 0.5; now < 5000; now += 37) {
    const change = now + untilChange(priority, now);
    expect(lit(priority, change - 0.1)).toBe(lit(priority, now));
    expect(lit(priority, change + 0.1)).not.toBe(lit(priority, now));
  }
});

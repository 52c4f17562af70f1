import { describe, expect, it } from "vitest";
import { bursts, edge, harmonics, lengthOf } from "../../src/sound/bursts";
import { Repeater } from "../../src/sound/repeater";

describe("the bursts of IEC 60601-1-8, tables 3 and 4", () => {
  const limits = { high: { pulse: [0.075, 0.2], space: [0.05, 0.125], pause: [2.5, 15], count: 10 }, medium: { pulse: [0.125, 0.25], space: [0.125, 0.25], pause: [2.5, 30], count: 3 }, low: { pulse: [0.125, 0.25], space: [0.125, 0.25], pause: [15.001, Infinity], count: 2 } };
  for (const priority of ["high", "medium", "low"] as const)
    it(`are within the limits: ${priority}`, () => {
      const { pulses, pause } = bursts[priority];
      const { pulse, space, pause: pauses, count } = limits[priority];
      expect(pulses).toHaveLength(count);
      within(pause, pauses);
      pulses.forEach(({ at, duration, frequency }, i) => {
        // Taken at the foot, and between nine tenths of the height.
        const slope = 2 * edge * 0.9;
        within(duration, pulse);
        within(duration - slope, pulse);
        within(edge * 0.8, [0.1 * duration, 0.4 * (duration - slope)]);
        within(frequency, [150, 1000]);
        if (i === 0) return;
        const before = at - pulses[i - 1].at - pulses[i - 1].duration;
        if (priority === "high" && i === 5) return within(before, [0.35, 1.3]);
        const longer = priority === "high" && (i === 3 || i === 8);
        const allowed = longer ? [2 * space[0] + pulse[0], 2 * space[1] + pulse[1]] : space;
        within(before, allowed);
        within(before + slope, allowed);
      });
    });

  it("have four harmonics between 300 and 4000 Hz within 15 dB of the fundamental", () => {
    const lowest = bursts.high.pulses[0].frequency;
    const heard = harmonics.filter((strength, i) => strength >= 10 ** (-15 / 20) && lowest * (i + 1) >= 300 && lowest * (i + 1) <= 4000);
    expect(heard.length).toBeGreaterThanOrEqual(4);
  });
});

describe("the repeater", () => {
  /** When bursts begin in so many seconds, asked four times a second. */
  function played(signals: (now: number) => "high" | "medium" | "low" | undefined, seconds: number): [number, string][] {
    const repeater = new Repeater();
    const found: [number, string][] = [];
    for (let now = 0; now < seconds; now += 0.25) {
      const due = repeater.due(signals(now), now);
      if (due !== undefined) found.push([now, due]);
    }
    return found;
  }

  it("repeats after the pause of the priority", () => {
    const times = played(() => "high", 30).map(([at]) => at);
    const period = lengthOf(bursts.high) + bursts.high.pause;
    expect(times.length).toBe(Math.ceil(30 / (Math.ceil(period * 4) / 4)));
    for (let i = 1; i < times.length; i++) expect(times[i] - times[i - 1] - period).toBeLessThan(0.25);
  });

  it("lets a graver alarm sound at the end of the running burst, without its pause", () => {
    const heard = played((now) => (now < 3 ? "low" : "high"), 5);
    expect(heard).toEqual([[0, "low"], [3, "high"]]);
    expect(played((now) => (now < 0.25 ? "low" : "high"), 2)[1][0]).toBeGreaterThanOrEqual(lengthOf(bursts.low));
  });

  it("is silent while nothing signals, and begins at once afterwards", () => {
    expect(played((now) => (now >= 1 && now < 1.25 ? undefined : "medium"), 3).map(([at]) => at)).toEqual([0, 1.25]);
    expect(played(() => undefined, 60)).toEqual([]);
  });
});

function within(value: number, [least, most]: readonly number[]): void {
  expect(value).toBeGreaterThanOrEqual(least - 1e-9);
  expect(value).toBeLessThanOrEqual(most + 1e-9);
}

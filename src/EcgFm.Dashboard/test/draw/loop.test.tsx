import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { frames, onFrame } from "../../src/draw/loop";

// A screen of 60 Hz.
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw, 1000 / 60 - (performance.now() % (1000 / 60))));
});

function show(visible: boolean): void {
  Object.defineProperty(document, "hidden", { value: !visible, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

// The loop comes to its end.
afterEach(() => void vi.advanceTimersByTime(1000));

describe.each([true, false])("with the page's frames: %s", (withPage) => {
  it("draws at the pace asked for, all of one pace in the same frames, and only as long as somebody wants it", () => {
    const times: number[][] = [[], []];
    const stops = times.map((mine) => onFrame(20, withPage, (now) => mine.push(now)));
    vi.advanceTimersByTime(2000);
    expect(times[0].length).toBeGreaterThanOrEqual(38);
    expect(times[0].length).toBeLessThanOrEqual(41);
    expect(times[1].slice(-20)).toEqual(times[0].slice(-20));
    for (const stop of stops) stop();
    vi.advanceTimersByTime(1000);
    expect(times[0].length).toBeLessThanOrEqual(41);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("draws on after a pause, with one loop", () => {
    let count = 0;
    onFrame(20, withPage, () => count++)();
    const stop = onFrame(20, withPage, () => count++);
    vi.advanceTimersByTime(1000);
    expect(count).toBeLessThanOrEqual(21);
    stop();
  });

  it("counts how evenly frames came, but not the time that the page was hidden", () => {
    const before = { ...frames };
    let draws = 0;
    const stop = onFrame(20, withPage, () => draws++);
    vi.advanceTimersByTime(1000);
    show(false);
    vi.advanceTimersByTime(100);
    const drawn = draws;
    vi.advanceTimersByTime(60_000);
    expect(draws).toBe(drawn);
    show(true);
    vi.advanceTimersByTime(1000);
    expect(draws).toBeGreaterThan(drawn + 18);
    expect(frames.count).toBeGreaterThan(before.count + 30);
    expect(frames.over100).toBe(before.over100);
    expect(frames.meanMs).toBeGreaterThan(30);
    expect(frames.meanMs).toBeLessThan(60);
    stop();
  });
});

import { describe, expect, it } from "vitest";
import { judge } from "../../src/state/condition";
import { Order, urgency } from "../../src/state/urgency";
import { alert } from "../examples";

describe("urgency", () => {
  it("goes from a patient in danger over silence to health", () => {
    const ladder = [
      urgency("live", [alert({ priority: "low" }), alert({ priority: "high" })], 0),
      urgency("live", [alert({ priority: "high", kind: "technical" })], 0),
      urgency("stale", [], 0),
      urgency("live", [alert()], 0),
      urgency("live", [alert({ kind: "technical" })], 0),
      urgency("live", [alert({ priority: "low" })], 0),
      urgency("live", [alert({ priority: "high", state: "ongoing", acknowledgedBy: "station" })], 0),
      urgency("live", [], 0),
      urgency("stopped", [], 0),
    ];
    expect(ladder).toEqual([...ladder].sort((a, b) => a - b));
    expect(new Set(ladder).size).toBe(ladder.length);
  });

  it("of an offline bed is that of a silent one", () => expect(urgency("offline", [], 0)).toBe(urgency("stale", [], 0)));
  it("of a latched alert stays, for nobody has seen it", () => expect(urgency("live", [alert({ state: "latched" })], 0)).toBe(urgency("live", [alert()], 0)));
});

describe("the order of beds", () => {
  const bed = (name: string, urgency: number) => ({ key: name, name, urgency });
  const names = (beds: { name: string }[]) => beds.map(({ name }) => name);

  it("is by name among those alike, with numbers as people count", () =>
    expect(names(new Order().sort([bed("bed-10", 7), bed("bed-9", 7), bed("bed-1", 7)], 0))).toEqual(["bed-1", "bed-9", "bed-10"]));

  it("lets a bed up at once, and down only after ten seconds", () => {
    const order = new Order();
    order.sort([bed("a", 7), bed("b", 7)], 0);
    expect(names(order.sort([bed("a", 7), bed("b", 0)], 1000))).toEqual(["b", "a"]);
    expect(names(order.sort([bed("a", 7), bed("b", 7)], 10_999))).toEqual(["b", "a"]);
    expect(names(order.sort([bed("a", 7), bed("b", 7)], 11_000))).toEqual(["a", "b"]);
  });
});

describe("a bed", () => {
  it.each([
    ["live", "connected", "online", 4000, 60_000],
    ["stale", "connected", "online", 5001, 60_000],
    ["stale", "connected", "online", undefined, 20_000],
    ["waiting", "connected", "online", undefined, 5000],
    ["live", "connected", undefined, 100, 60_000],
    ["offline", "connected", "offline", 100, 60_000],
    ["stopped", "connected", "stopped", 100, 60_000],
    ["unknown", "lost", "online", 100, 60_000],
  ] as const)("is %s: page %s, box %s, silent for %s ms", (expected, link, status, silence, known) => expect(judge(link, status, silence, known)).toBe(expected));
});

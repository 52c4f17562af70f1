import { describe, expect, it } from "vitest";
import { Announcer } from "../../src/alerts/announcements";
import { course } from "../../src/alerts/course";
import { signals, statusOf } from "../../src/alerts/status";
import { span } from "../../src/alerts/time";
import { byUrgency } from "../../src/alerts/AlertSummary";
import { alert } from "../examples";

const now = Date.parse("2026-11-26T00:10:00Z");
const id = (number: number) => `0199a2f0-0000-7000-8000-${String(number).padStart(12, "0")}`;

describe("what an alert is to who looks at it", () => {
  it.each([
    ["active", alert({ state: "onset" }), true],
    ["active", alert({ state: "ongoing", pausedUntil: "2026-11-26T00:09:59Z" }), true],
    ["acknowledged", alert({ state: "acknowledged", acknowledgedBy: "station 3" }), true],
    // A reminder after it was acknowledged.
    ["acknowledged", alert({ state: "ongoing", acknowledgedBy: "station 3" }), true],
    ["paused", alert({ state: "paused", pausedUntil: "2026-11-26T00:11:00Z" }), true],
    ["paused", alert({ state: "onset", pausedUntil: "2026-11-26T00:11:00Z" }), true],
    ["latched", alert({ state: "latched", ended: "2026-11-26T00:05:00Z" }), true],
    ["over", alert({ state: "cleared" }), false],
    ["over", alert({ state: "cleared", historical: true }), false],
    ["over", alert({ state: "ongoing" }), false],
    ["past", alert({ state: "onset", historical: true }), false],
  ] as const)("is %s", (status, given, isActive) => expect(statusOf(given, isActive, now)).toBe(status));

  it("signals until somebody has seen it, also when it is over but latched", () => {
    expect((["active", "acknowledged", "paused", "latched", "over", "past"] as const).filter(signals)).toEqual(["active", "latched"]);
  });

  it("puts first what signals, then priority, then what goes on, then patients, then age", () => {
    const all = [
      alert({ id: id(1), priority: "high", acknowledgedBy: "x" }), alert({ id: id(2), priority: "low" }), alert({ id: id(3), priority: "medium", kind: "technical" }),
      alert({ id: id(4), priority: "medium" }), alert({ id: id(5), priority: "medium", onset: "2026-11-25T23:00:00Z" }), alert({ id: id(6), priority: "high", kind: "technical" }), alert({ id: id(7), priority: "high", state: "latched" }),
    ];
    expect(byUrgency(all, now).map((alert) => Number(alert.id.slice(-1)))).toEqual([6, 7, 5, 4, 3, 2, 1]);
  });
});

describe("the course of an alert", () => {
  const says = (steps: Parameters<typeof course>[0]) => course(steps).map(({ says }) => says);

  it("is told from its steps", () => {
    const steps = [
      alert(), alert({ sequence: 2, state: "acknowledged", acknowledgedBy: "station 3", time: "2026-11-26T00:01:00Z" }),
      alert({ sequence: 4, state: "cleared", acknowledgedBy: "station 3", ended: "2026-11-26T00:03:00Z", time: "2026-11-26T00:03:30Z" }),
    ];
    expect(says(steps)).toEqual(["The condition began", "Alert raised", "Acknowledged by station 3", "The condition ended", "Alert cleared"]);
    expect(course(steps).map(({ time }) => time?.slice(14, 19))).toEqual(["00:00", "00:30", "01:00", "03:00", "03:30"]);
  });

  it("does not invent a time for what was before the page was opened", () => {
    const [, acknowledged] = course([alert({ sequence: 5, state: "ongoing", acknowledgedBy: "station 3" })]);
    expect(acknowledged).toEqual({ says: "Acknowledged by station 3, before this page was opened" });
  });

  it("says what came late", () => {
    expect(says([alert({ historical: true }), alert({ sequence: 2, state: "cleared", historical: true })])).toEqual(["The condition began", "Alert raised, delivered late", "Alert cleared, delivered late"]);
  });

  it("writes spans short", () => {
    expect([0, 59_999, 60_000, 185_000, 3_600_000, 7_620_000, -5].map(span)).toEqual(["0 s", "59 s", "1:00 min", "3:05 min", "1:00 h", "2:07 h", "0 s"]);
  });
});

describe("announcements", () => {
  const at = (number: number, change: Parameters<typeof alert>[0] = {}) => ({ place: `Bed ${number}`, alert: alert({ id: id(number), ...change }) });

  it("interrupt for high priority only, and say each alert once", () => {
    const announcer = new Announcer();
    const all = [at(1, { priority: "high", title: "Asystole" }), at(2, { priority: "low", title: "Data lost" })];
    expect(announcer.take(all)).toEqual({ assertive: "Bed 1: High priority, Asystole.", polite: "Bed 2: Low priority, Data lost." });
    expect(announcer.take(all)).toBeUndefined();
    expect(announcer.take([...all, at(3)])).toEqual({ assertive: "", polite: "Bed 3: Medium priority, Atrial fibrillation." });
  });

  it("say an alert again that signals again", () => {
    const announcer = new Announcer();
    announcer.take([at(1)]);
    expect(announcer.take([])).toBeUndefined();
    expect(announcer.take([at(1)])?.polite).toBe("Bed 1: Medium priority, Atrial fibrillation.");
  });

  it("only count many at once", () => {
    expect(new Announcer().take([1, 2, 3, 4, 5].map((number) => at(number)))?.polite).toBe("5 new alerts, at Bed 1, Bed 2, Bed 3, Bed 4.");
  });
});

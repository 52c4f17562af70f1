import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/contract/messages";
import { list, noAlarms, step } from "../../src/state/alarms";
import { alert } from "../examples";

const active = (...alerts: Alert[]) => ({ type: "alerts" as const, bed: "bed-1", alerts });
const states = (alerts: readonly Alert[]) => alerts.map(({ state }) => state);

describe("the steps of an alert", () => {
  it("make it active, change it, and end it", () => {
    let alarms = step(noAlarms, alert());
    expect(states(alarms.active)).toEqual(["onset"]);
    alarms = step(alarms, alert({ sequence: 2, state: "acknowledged", acknowledgedBy: "station" }));
    expect(states(alarms.active)).toEqual(["acknowledged"]);
    alarms = step(alarms, alert({ sequence: 3, state: "cleared" }));
    expect([states(alarms.active), states(alarms.past)]).toEqual([[], ["cleared"]]);
  });

  it("that come twice, or late, change nothing", () => {
    const cleared = step(step(noAlarms, alert()), alert({ sequence: 3, state: "cleared" }));
    expect(step(cleared, alert())).toBe(cleared);
    expect(step(cleared, alert({ sequence: 2, state: "ongoing" }))).toBe(cleared);
  });

  it("that tell of the past make nothing active", () => {
    const alarms = step(noAlarms, alert({ historical: true }));
    expect([states(alarms.active), states(alarms.past)]).toEqual([[], ["onset"]]);
    expect(states(list(alarms, active(alert({ historical: true }))).active)).toEqual(["onset"]);
  });
});

describe("the list of active alerts", () => {
  it("is what is active, the oldest first", () => {
    const later = alert({ id: "0199a2f0-0000-7000-8000-000000000002", onset: "2026-11-26T00:05:00Z" });
    expect(list(noAlarms, active(later, alert())).active.map(({ id }) => id.slice(-1))).toEqual(["1", "2"]);
  });

  it("does not take back a step that came before it", () => {
    const acknowledged = step(list(noAlarms, active(alert())), alert({ sequence: 2, state: "acknowledged" }));
    expect(states(list(acknowledged, active(alert())).active)).toEqual(["acknowledged"]);
    const cleared = step(acknowledged, alert({ sequence: 3, state: "cleared" }));
    expect(list(cleared, active(alert())).active).toEqual([]);
  });

  it("ends what it does not have", () => {
    const alarms = list(list(noAlarms, active(alert())), active());
    expect([alarms.active.length, alarms.past.length]).toEqual([0, 1]);
    expect(states(step(alarms, alert({ sequence: 2, state: "cleared" })).past)).toEqual(["cleared"]);
  });
});

describe("the steps of an alert", () => {
  const seen = (...steps: Parameters<typeof alert>[0][]) => steps.map(alert).reduce(step, noAlarms).steps.get(alert().id)!.map(({ sequence, state }) => `${sequence} ${state}`);

  it("are kept in order, each once, of reminders only the newest", () => {
    expect(seen({}, {}, { sequence: 2, state: "ongoing" }, { sequence: 3, state: "acknowledged" }, { sequence: 4, state: "ongoing" }, { sequence: 5, state: "ongoing" }, { sequence: 6, state: "cleared" }))
      .toEqual(["1 onset", "3 acknowledged", "6 cleared"]);
    expect(seen({}, { sequence: 4, state: "ongoing" })).toEqual(["1 onset", "4 ongoing"]);
  });

  it("begin with the list's last step where the page was opened later", () => {
    expect(list(noAlarms, active(alert({ sequence: 7, state: "ongoing" }))).steps.get(alert().id)!.map(({ sequence }) => sequence)).toEqual([7]);
  });

  it("are forgotten with the alert", () => {
    let alarms = noAlarms;
    for (let i = 0; i < 250; i++) alarms = step(alarms, alert({ id: `0199a2f0-0000-7000-8000-${String(i).padStart(12, "0")}`, state: "cleared" }));
    expect([alarms.past.length, alarms.steps.size]).toEqual([200, 200]);
  });
});

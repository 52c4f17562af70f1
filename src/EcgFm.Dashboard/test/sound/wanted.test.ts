import { afterEach, beforeEach, expect, it } from "vitest";
import { link } from "../../src/connection/link";
import { wanted } from "../../src/sound/wanted";
import { step } from "../../src/state/alarms";
import { now } from "../../src/state/clock";
import type { Bed } from "../../src/state/bed";
import { Ward } from "../../src/state/ward";
import { alert } from "../examples";

const time = Date.parse("2026-11-26T00:01:00Z");
let ward: Ward;
let bed: Bed;

beforeEach(() => {
  ward = new Ward(() => Promise.reject(new Error("Nobody answers.")));
  bed = ward.bed("ward-3", "box-1", "bed-1");
  link.value = { state: "connected", url: "ws://broker" };
  bed.heard.value = now.value;
});

afterEach(() => void (link.value = { state: "unset" }));

const told = (...alerts: Parameters<typeof alert>[0][]) => void (bed.alarms.value = alerts.map(alert).reduce(step, bed.alarms.value));

it("is the highest priority of what nobody has acknowledged", () => {
  expect(wanted(ward, time)).toBeUndefined();
  told({ priority: "low" }, { id: "0199a2f0-0000-7000-8000-000000000002", priority: "high" });
  expect(wanted(ward, time)).toBe("high");
  told({ id: "0199a2f0-0000-7000-8000-000000000002", priority: "high", sequence: 2, state: "acknowledged", acknowledgedBy: "station 3" });
  expect(wanted(ward, time)).toBe("low");
});

it("rests while a bed is paused, and not a moment longer", () => {
  told({ state: "paused", pausedUntil: "2026-11-26T00:01:30Z" });
  expect([wanted(ward, time), wanted(ward, time + 30_000)]).toEqual([undefined, "medium"]);
});

it("is medium at least while the page is cut off", () => {
  told({ priority: "low" });
  link.value = { state: "lost", url: "ws://broker", since: 0, reason: "The connection to the broker is lost." };
  expect(wanted(ward, time)).toBe("medium");
});

it("is medium too once a broker that came back refuses the page", () => {
  link.value = { state: "refused", url: "ws://broker", reason: "The broker refuses this user name or password." };
  expect(wanted(ward, time)).toBe("medium");
});

it("is medium for two minutes when a bed falls silent", () => {
  const heard = bed.heard.value!;
  const at = (seconds: number) => ((now.value = heard + seconds * 1000), wanted(ward, time));
  expect([4, 6, 119, 121].map(at)).toEqual([undefined, "medium", "medium", undefined]);
});

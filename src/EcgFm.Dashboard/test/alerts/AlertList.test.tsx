import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AlertList } from "../../src/alerts/AlertList";
import { AlertSummary } from "../../src/alerts/AlertSummary";
import { asking } from "../../src/alerts/asking";
import { LiveRegion } from "../../src/alerts/LiveRegion";
import type { Alert } from "../../src/contract/messages";
import { followKeys } from "../../src/keys/shortcuts";
import { link } from "../../src/connection/link";
import { list, step } from "../../src/state/alarms";
import type { Bed } from "../../src/state/bed";
import { now } from "../../src/state/clock";
import { Ward } from "../../src/state/ward";
import { alert } from "../examples";
import { at, button, key, page, press, show } from "../dom";

const id = (number: number) => `0199a2f0-0000-7000-8000-${String(number).padStart(12, "0")}`;
const item = (number: number) => page.querySelector<HTMLElement>(`[data-alert="${id(number)}"]`)!;

let ward: Ward;
let bed: Bed;

/** What a box says is taken as the intake takes it. */
const told = (of: { alarms: Bed["alarms"] }, ...alerts: Alert[]) => act(() => void (of.alarms.value = alerts.reduce(step, of.alarms.value)));

followKeys();

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-26T00:02:05Z"), toFake: ["Date"] });
  ward = new Ward(() => Promise.reject(new Error("Nobody answers.")));
  bed = ward.bed("ward-3", "box-1", "bed-1");
});

afterEach(() => {
  vi.useRealTimers();
  asking.value = undefined;
  link.value = { state: "unset" };
});

describe("the list of alerts", () => {
  it("follows an alert from onset over acknowledgement to clear", async () => {
    link.value = { state: "connected", url: "ws://broker" };
    bed.heard.value = now.value;
    show(<AlertList bed={bed} />);
    expect(at("alert-list").textContent).toContain("No alert about the patient is active.");
    await told(bed, alert({ id: id(1) }));
    expect(item(1).dataset).toMatchObject({ status: "active", priority: "medium" });
    expect(item(1).textContent).toMatch(/Atrial fibrillation.*Active · since \d\d:00:00, 2:05 min · probability 0.97/);
    expect(item(1).querySelector(".chip")!.hasAttribute("data-quiet")).toBe(false);
    await told(bed, alert({ id: id(1), sequence: 2, state: "acknowledged", acknowledgedBy: "station 3" }), alert({ id: id(1), sequence: 3, state: "ongoing", acknowledgedBy: "station 3" }));
    expect(item(1).dataset.status).toBe("acknowledged");
    expect(item(1).textContent).toContain("seen by station 3");
    expect(item(1).querySelector(".chip")!.hasAttribute("data-quiet")).toBe(true);
    expect(item(1).querySelector("button")).toBeNull();
    await told(bed, alert({ id: id(1), sequence: 4, state: "cleared", acknowledgedBy: "station 3", ended: "2026-11-26T00:01:00Z" }));
    expect(item(1).dataset.status).toBe("over");
    expect(item(1).closest("details")!.querySelector("summary")!.textContent).toBe("Over (1)");
  });

  it("does not say that there is none where nothing comes from the bed", () => {
    link.value = { state: "lost", url: "ws://broker", since: 0, reason: "The connection to the broker is lost." };
    bed.heard.value = now.value;
    show(<AlertList bed={bed} />);
    expect(at("alert-list").textContent).toContain("None known, and nothing comes from this bed.");
    expect(at("alert-list").textContent).not.toContain("No alert");
  });

  it("keeps alerts about the equipment apart, the box's own among them", async () => {
    await told(bed, alert({ id: id(1) }), alert({ id: id(2), kind: "technical", title: "Electrode off", code: { own: "leads-off" } }));
    await told(bed.box, alert({ id: id(3), bed: undefined, kind: "technical", title: "Broker lost", priority: "high", code: { own: "broker-lost" } }));
    show(<AlertList bed={bed} />);
    const groups = [...page.querySelectorAll("h4")].map((heading) => [heading.textContent, [...heading.nextElementSibling!.querySelectorAll("strong")].map(({ textContent }) => textContent)]);
    expect(groups).toEqual([["Patient", ["Atrial fibrillation"]], ["Equipment", ["Broker lost", "Electrode off"]]]);
  });

  it("asks the box about its own alert, and the bed about the bed's", async () => {
    await told(bed, alert({ id: id(1) }));
    await told(bed.box, alert({ id: id(3), bed: undefined, kind: "technical", title: "Broker lost" }));
    show(<AlertList bed={bed} />);
    await press(button(/Acknowledge/, item(3)));
    expect(asking.value!.of.title).toBe("Box box-1 · ward-3");
    await press(button(/Acknowledge/, item(1)));
    expect(asking.value!.of.title).toBe("Bed bed-1 · ward-3 · box-1");
  });

  it("says until when a bed is paused, offers to end it, and does not flash meanwhile", async () => {
    await told(bed, alert({ id: id(1), state: "paused", pausedUntil: "2026-11-26T00:04:00Z" }));
    bed.pausedUntil.value = "2026-11-26T00:04:00Z";
    show(<AlertList bed={bed} />);
    expect(at("paused").textContent).toMatch(/^Paused until \d\d:04:00, 1:55 min left$/);
    expect(item(1).dataset.status).toBe("paused");
    await press(button("End the pause …"));
    expect(asking.value!.what).toBe("resume");
  });

  it("acknowledges by key what is most urgent, and pauses", async () => {
    await told(bed, alert({ id: id(1) }), alert({ id: id(2), priority: "high", title: "Asystole" }), alert({ id: id(3), priority: "high", acknowledgedBy: "x", onset: "2026-11-25T00:00:00Z" }));
    show(<AlertList bed={bed} />);
    await key("a");
    expect(asking.value).toMatchObject({ what: "acknowledge", alert: { id: id(2) } });
    await key("p");
    expect(asking.value!.what).toBe("pause");
  });

  it("shows what came late as late, and never as active", async () => {
    await told(bed, alert({ id: id(1), historical: true }));
    show(<AlertList bed={bed} />);
    expect(item(1).dataset.status).toBe("past");
    act(() => void (bed.alarms.value = list(bed.alarms.value, { type: "alerts", bed: "bed-1", alerts: [alert({ id: id(1), historical: true })] })));
    expect(item(1).dataset.status).toBe("active");
    expect(item(1).textContent).toContain("delivered late");
  });
});

describe("the summary on a tile", () => {
  it("has the alerts with symbol and word, the most urgent first, and how many they are", async () => {
    await told(bed, alert({ id: id(1), priority: "low", title: "Data lost" }), alert({ id: id(2), priority: "high", title: "Asystole" }), alert({ id: id(3), title: "Atrial fibrillation" }));
    show(<AlertSummary bed={bed} />);
    expect([...page.querySelectorAll("li")].map(({ textContent }) => textContent)).toEqual(["!!!High priority: Asystole", "!!Medium priority: Atrial fibrillation", "!Low priority: Data lost"]);
    expect(page.querySelector(".count")!.textContent).toBe("3 alerts");
    await told(bed, alert({ id: id(2), sequence: 2, priority: "high", title: "Asystole", state: "latched" }));
    expect(page.querySelector("li")!.textContent).toBe("!!!High priority: Asystole over");
  });
});

describe("the live region", () => {
  it("announces an alert once, high priority at once, and nothing about one that is acknowledged", async () => {
    show(<LiveRegion ward={ward} />);
    await told(bed, alert({ id: id(1) }));
    expect([at("polite").textContent, at("assertive").textContent]).toEqual(["Bed bed-1: Medium priority, Atrial fibrillation.", ""]);
    await told(bed, alert({ id: id(1), sequence: 2, state: "acknowledged", acknowledgedBy: "x" }));
    await told(bed, alert({ id: id(2), priority: "high", title: "Asystole" }));
    expect([at("polite").textContent, at("assertive").textContent]).toEqual(["", "Bed bed-1: High priority, Asystole."]);
  });
});

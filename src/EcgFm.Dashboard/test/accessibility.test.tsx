import axe from "axe-core";
import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { asking, ofBed } from "../src/alerts/asking";
import { link } from "../src/connection/link";
import { helping } from "../src/keys/Help";
import { Shell } from "../src/Shell";
import { step } from "../src/state/alarms";
import { href, parseRoute, route, type Route } from "../src/state/route";
import { Ward } from "../src/state/ward";
import { alert } from "./examples";
import { page, show } from "./dom";
import { interpretation, snippet } from "./specimen";

// A chart needs a canvas, which jsdom has not; its place in the page is judged all the same.
vi.mock("uplot", () => ({ default: class { static paths = { stepped: () => undefined, linear: () => undefined, spline: () => undefined }; setData() {} setSize() {} destroy() {} } }));

// Ten seconds are a large picture for axe in jsdom: seconds on a small machine.
vi.setConfig({ testTimeout: 120_000 });

const id = (number: number) => `0199a2f0-0000-7000-8000-${String(number).padStart(12, "0")}`;

let ward: Ward;

beforeEach(() => {
  document.documentElement.lang = "en";
  document.title = "EcgFm dashboard";
  ward = new Ward(() => Promise.reject(new Error("Nobody answers.")));
  for (const name of ["bed-1", "bed-2"]) {
    const bed = ward.bed("ward-3", "box-1", name);
    bed.alarms.value = [alert({ bed: name }), alert({ bed: name, id: id(2), priority: "high", title: "Asystole" }), alert({ bed: name, id: id(3), kind: "technical", priority: "low", title: "Data lost", state: "cleared" })].reduce(step, bed.alarms.value);
    bed.vitals.value = { type: "vitals", bed: name, time: "2026-11-26T00:00:30Z", source: "ecg", heartRate: 91, leadOff: ["V1"], absent: [] };
    bed.interpretation.value = { ...interpretation, bed: name, quality: { ...interpretation.quality, leads: ["I", "II"] } };
    bed.keep(snippet({ bed: name }));
  }
});

/** The faults that axe finds in what the route shows. Colours want a browser that paints: the tests in a real one judge them. */
async function faults(shown: Route, state: "connected" | "unset" = "connected"): Promise<string[]> {
  link.value = state === "unset" ? { state } : { state, url: "ws://broker" };
  route.value = parseRoute(href(shown));
  show(<Shell ward={ward} settings={{ url: "", root: "ecgfm/v1" } as never} connect={() => {}} />);
  const { violations } = await axe.run(document, { rules: { "color-contrast": { enabled: false } } });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ""}`));
}

describe("accessibility as axe sees it", () => {
  it("the ward", async () => expect(await faults({ view: "ward" })).toEqual([]));
  it("a bed", async () => expect(await faults({ view: "bed", bed: "bed-1" })).toEqual([]));
  it("an alert with its ten seconds", async () => expect(await faults({ view: "alert", bed: "bed-1", alert: id(1) })).toEqual([]));
  it("an alert without them", async () => expect(await faults({ view: "alert", bed: "bed-1", alert: id(2) })).toEqual([]));
  it("the form for the broker", async () => expect(await faults({ view: "ward" }, "unset")).toEqual([]));

  it("the dialogs", async () => {
    const bed = ward.find("bed-1")!;
    for (const question of [{ what: "pause" }, { what: "resume" }, { what: "snapshot", done: () => {} }] as const) {
      asking.value = { ...question, of: ofBed(bed) };
      expect(await faults({ view: "bed", bed: "bed-1" })).toEqual([]);
    }
    await act(() => void (asking.value = { what: "acknowledge", of: ofBed(bed), alert: alert() }));
    expect(await faults({ view: "bed", bed: "bed-1" })).toEqual([]);
    asking.value = undefined;
    await act(() => void (helping.value = true));
    expect(page.querySelector("dialog")).not.toBeNull();
    expect(await faults({ view: "bed", bed: "bed-1" })).toEqual([]);
    helping.value = false;
  });

  it("axe does find faults here", async () => {
    show(<main><img src="x.png" /><button /></main>);
    const { violations } = await axe.run(document);
    expect(violations.map(({ id }) => id)).toEqual(expect.arrayContaining(["image-alt", "button-name"]));
  });
});

import { act } from "preact/test-utils";
import { beforeEach, expect, it } from "vitest";
import { link } from "../../src/connection/link";
import type { Vitals } from "../../src/contract/messages";
import type { Bed } from "../../src/state/bed";
import { now } from "../../src/state/clock";
import { Ward } from "../../src/state/ward";
import { Tile } from "../../src/ward/Tile";
import { page, show } from "../dom";
import { wave } from "../examples";

const vitals: Vitals = { type: "vitals", bed: "bed-1", time: "2026-11-26T00:00:00Z", source: "ecg", heartRate: 71.6, leadOff: [], absent: [] };
let bed: Bed;

beforeEach(() => {
  link.value = { state: "connected", url: "ws://broker" };
  now.value = performance.now();
  bed = new Ward(() => Promise.reject(new Error("not asked here"))).bed("ward-3", "box-1", "bed-1");
  hear(vitals);
  bed.trace.add(wave(), now.value);
  show(<Tile bed={bed} few={false} />);
});

function hear(message: Vitals): void {
  bed.vitals.value = message;
  bed.heard.value = now.value;
}

const pass = (ms: number, message?: Vitals) => act(() => {
  now.value += ms;
  if (message !== undefined) hear(message);
});

const state = () => ({
  status: page.querySelector("article")!.dataset.status,
  rate: page.querySelector(".digits")!.textContent,
  quality: page.querySelector(".quality")?.textContent,
  old: page.querySelector(".sweep[data-old]") !== null,
});

it("shows what is live", () => expect(state()).toEqual({ status: "live", rate: "72", quality: "", old: false }));

it("never shows an old number or trace as if it were live", () => {
  pass(6000);
  expect(state()).toEqual({ status: "stale", rate: "––", quality: undefined, old: true });
});

it("greys a trace that stands still although vitals come, and says that there is none", () => {
  pass(3000, vitals);
  pass(1000, vitals);
  expect(state()).toMatchObject({ status: "live", rate: "72", old: true });
  pass(3000, vitals);
  pass(1000, vitals);
  expect(state()).toMatchObject({ status: "live", quality: "No trace" });
});

it("does not miss the trace of a bed that has no ECG, but the skin", () => {
  const sensor: Vitals = { ...vitals, source: "heartRateSensor" };
  for (let i = 0; i < 3; i++) pass(3000, sensor);
  expect(state()).toMatchObject({ status: "live", quality: "" });
  pass(1000, { ...sensor, contact: false });
  expect(state()).toMatchObject({ quality: "No skin contact" });
});

it("says which leads are off, and many by number", () => {
  pass(1, { ...vitals, leadOff: ["V1", "V2"] });
  expect(state().quality).toBe("V1, V2 off");
  pass(1, { ...vitals, leadOff: ["I", "II", "III", "aVR"] });
  expect(state().quality).toBe("4 leads off");
});

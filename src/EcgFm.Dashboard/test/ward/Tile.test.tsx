import { act } from "preact/test-utils";
import { beforeEach, expect, it } from "vitest";
import { link } from "../../src/connection/link";
import type { Vitals } from "../../src/contract/messages";
import type { Bed } from "../../src/state/bed";
import { now } from "../../src/state/clock";
import { Intake } from "../../src/state/intake";
import { Ward } from "../../src/state/ward";
import { Tile } from "../../src/ward/Tile";
import { page, show } from "../dom";
import { bytes, wave } from "../examples";
import { interpretation } from "../specimen";

const vitals: Vitals = { type: "vitals", bed: "bed-1", time: "2026-11-26T00:00:00Z", source: "ecg", heartRate: 71.6, leadOff: [], absent: [] };
let bed: Bed;
let intake: Intake;

beforeEach(() => {
  link.value = { state: "connected", url: "ws://broker" };
  now.value = performance.now();
  const ward = new Ward(() => Promise.reject(new Error("not asked here")));
  intake = new Intake("ecgfm/v1", ward, () => {});
  bed = ward.bed("ward-3", "box-1", "bed-1");
  hear(vitals);
  bed.trace.add(wave(), now.value);
  show(<Tile bed={bed} few={false} />);
});

function hear(message: Vitals): void {
  intake.take("ecgfm/v1/ward-3/box-1/bed-1/vitals", bytes(message), now.value);
}

const pass = (ms: number, message?: Vitals) => act(() => {
  now.value += ms;
  if (message !== undefined) hear(message);
});

const state = () => ({
  status: page.querySelector("article")!.dataset.status,
  rate: page.querySelector(".digits")!.textContent,
  quality: page.querySelector(".quality")?.textContent,
  rhythm: page.querySelector(".rhythm")!.textContent,
  old: page.querySelector(".sweep[data-old]") !== null,
});

it("shows what is live", () => expect(state()).toEqual({ status: "live", rate: "72", quality: "", rhythm: "Not judged yet", old: false }));

it("never shows an old number or trace as if it were live", () => {
  pass(6000);
  expect(state()).toEqual({ status: "stale", rate: "––", quality: undefined, rhythm: "Rhythm unknown", old: true });
});

it("does not take what was said before an outage for live when samples flow again, and vitals not yet", () => {
  pass(1000, { ...vitals, leadOff: ["V1"] });
  bed.interpretation.value = interpretation;
  bed.judged = now.value;
  pass(20_000);
  act(() => {
    bed.trace.add(wave({ first: 10_000 }), now.value);
    bed.heard.value = now.value;
  });
  pass(1000);
  expect(state()).toMatchObject({ status: "live", rate: "––", quality: undefined, rhythm: "Rhythm unknown" });
  pass(1000, { ...vitals, heartRate: 80 });
  expect(state()).toMatchObject({ status: "live", rate: "80", quality: "" });
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

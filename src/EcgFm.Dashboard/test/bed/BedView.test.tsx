import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import { BedView } from "../../src/bed/BedView";
import { link } from "../../src/connection/link";
import type { Vitals } from "../../src/contract/messages";
import { now } from "../../src/state/clock";
import { Intake } from "../../src/state/intake";
import { Ward } from "../../src/state/ward";
import { page, show } from "../dom";
import { bytes } from "../examples";
import { interpretation } from "../specimen";

// A chart needs a canvas, which jsdom has not.
vi.mock("../../src/bed/TrendChart", () => ({ TrendChart: () => null }));

const vitals: Vitals = { type: "vitals", bed: "bed-1", time: "2026-11-26T00:00:00Z", source: "ecg", heartRate: 71.6, leadOff: [], absent: [] };

it("does not show as live what the network said before it stopped, while the heart rate goes on", () => {
  link.value = { state: "connected", url: "ws://broker" };
  now.value = performance.now();
  const ward = new Ward(() => Promise.reject(new Error("not asked here")));
  const intake = new Intake("ecgfm/v1", ward, () => {});
  const bed = ward.bed("ward-3", "box-1", "bed-1");
  const hear = (topic: string, message: object) => intake.take(`ecgfm/v1/ward-3/box-1/bed-1/${topic}`, bytes(message), now.value);
  hear("vitals", vitals);
  hear("interpretation", interpretation);
  show(<BedView bed={bed} />);
  const state = () => ({ rate: page.querySelector(".digits")!.textContent, rhythm: page.querySelector(".rhythm")!.textContent, old: page.querySelector(".labels[data-old]") !== null });
  expect(state()).toEqual({ rate: "72", rhythm: "Atrial fibrillation", old: false });
  act(() => {
    now.value += 35_000;
    hear("vitals", vitals);
    now.value += 1000;
  });
  expect(state()).toEqual({ rate: "72", rhythm: "Not judged for 36 s", old: true });
});

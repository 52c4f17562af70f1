import { act } from "preact/test-utils";
import { beforeEach, expect, it } from "vitest";
import { step } from "../../src/state/alarms";
import { route } from "../../src/state/route";
import { Ward } from "../../src/state/ward";
import { Tally } from "../../src/ward/Tally";
import { alert } from "../examples";
import { page, show } from "../dom";

const id = (number: number) => `0199a2f0-0000-7000-8000-${String(number).padStart(12, "0")}`;
const texts = () => [...page.querySelectorAll("a")].map(({ textContent }) => textContent);
let ward: Ward;

beforeEach(() => {
  ward = new Ward(() => Promise.reject(new Error("not asked here")));
  const alarms = [alert({ id: id(1) }), alert({ id: id(2), priority: "low", title: "Few beats" }), alert({ id: id(3), priority: "high", title: "Asystole" }), alert({ id: id(4), acknowledgedBy: "station" })];
  alarms.forEach((each, i) => {
    const bed = ward.bed("ward-3", "box-1", `bed-${i + 1}`);
    bed.alarms.value = step(bed.alarms.value, { ...each, bed: bed.name });
  });
  show(<Tally ward={ward} />);
});

const go = (bed: string) => act(() => void (route.value = { view: "bed", bed }));

it("says beside one bed what wants somebody at the others, the most urgent first", () => {
  go("bed-4");
  expect(texts()).toEqual(["!!!High priority: bed-3 Asystole", "!!Medium priority: bed-1 Atrial fibrillation", "+1 more, at all beds"]);
  expect(page.querySelector("a")!.getAttribute("href")).toBe("#/bed/ward-3%2Fbox-1%2Fbed-3");
});

it("says what is about another box, and leads to a bed of it", () => {
  const box = ward.bed("ward-3", "box-2", "bed-9").box;
  ward.bed("ward-3", "box-2", "bed-10");
  act(() => void (box.alarms.value = step(box.alarms.value, alert({ id: id(5), bed: undefined, kind: "technical", priority: "high", title: "Disk full", onset: "2026-11-25T00:00:00Z" }))));
  go("bed-3");
  expect(texts()[0]).toBe("!!!High priority: box-2 Disk full");
  expect(page.querySelector("a")!.getAttribute("href")).toBe("#/bed/ward-3%2Fbox-2%2Fbed-9");
  go("bed-9");
  expect(texts()[0]).toBe("!!!High priority: bed-3 Asystole");
});

it("does not say what the bed itself shows, nor anything over all beds", () => {
  go("bed-3");
  expect(texts()).toEqual(["!!Medium priority: bed-1 Atrial fibrillation", "!Low priority: bed-2 Few beats"]);
  act(() => void (route.value = { view: "ward" }));
  expect(texts()).toEqual([]);
});

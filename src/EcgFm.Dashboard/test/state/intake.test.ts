import { beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "../../src/contract/messages";
import { Intake } from "../../src/state/intake";
import { Ward } from "../../src/state/ward";
import { alert, bytes } from "../examples";

const root = "ecgfm/v1";
const bed = `${root}/ward-3/box-1/bed-1`;
let ward: Ward;
let answers: [Answer, string | undefined][];
let intake: Intake;

beforeEach(() => {
  ward = new Ward(() => Promise.reject(new Error("not asked here")));
  answers = [];
  intake = new Intake(root, ward, (answer, correlation) => answers.push([answer, correlation]));
});

const vitals = { type: "vitals", bed: "bed-1", time: "2026-11-26T00:00:00Z", source: "ecg", heartRate: 70, leadOff: [], absent: [] };

describe("what comes", () => {
  it("makes boxes and beds known", () => {
    intake.take(`${root}/ward-3/box-1/status`, bytes({ type: "status", state: "online", bootId: "b", version: "1", beds: ["bed-1", "bed-2"], since: "2026-11-26T00:00:00Z" }), 0);
    expect(ward.beds.value.map(({ key }) => key)).toEqual(["ward-3/box-1/bed-1", "ward-3/box-1/bed-2"]);
  });

  it("of a bed that its box has no more does not make it one", () => {
    intake.take(`${bed}/alerts`, bytes({ type: "alerts", bed: "bed-1", alerts: [alert()] }), 0);
    expect(ward.beds.value.map(({ name }) => name)).toEqual(["bed-1"]);
    intake.take(`${root}/ward-3/box-1/status`, bytes({ type: "status", state: "online", bootId: "b", version: "1", beds: ["bed-2"], since: "2026-11-26T00:00:00Z" }), 0);
    expect([ward.beds.value.map(({ name }) => name), ward.find("bed-1")]).toEqual([["bed-2"], undefined]);
  });

  it("goes to its bed, which was heard then", () => {
    intake.take(`${bed}/vitals`, bytes(vitals), 1234);
    expect([ward.find("bed-1")!.vitals.value!.heartRate, ward.find("bed-1")!.heard.value]).toEqual([70, 1234]);
  });

  it("about the box itself goes to the box", () => {
    intake.take(`${root}/ward-3/box-1/alert`, bytes(alert({ bed: undefined, kind: "technical" })), 0);
    expect([ward.boxes.value[0].active.value.length, ward.beds.value.length]).toEqual([1, 0]);
  });

  it("with an answer goes to who asked", () => {
    intake.take(`${bed}/answer/page-1`, bytes({ type: "answer", accepted: true, time: "2026-11-26T00:00:00Z" }), 0, "7");
    expect(answers[0]).toMatchObject([{ accepted: true }, "7"]);
  });
});

describe("what is damaged", () => {
  it.each([
    ["is no JSON", "vitals", new Uint8Array([1, 2, 3])],
    ["is of another bed than its topic says", "vitals", bytes({ ...vitals, bed: "bed-2" })],
    ["is of another kind than its topic says", "vitals", bytes(alert())],
    ["is no wave", "wave", bytes(vitals)],
    ["is an alert of the box on a bed's topic", "alert", bytes(alert({ bed: undefined }))],
  ])("because it %s is counted and changes nothing", (_, topic, payload) => {
    intake.take(`${bed}/${topic}`, payload, 0);
    expect([intake.dropped, intake.taken, ward.beds.value.length]).toEqual([1, 0, 0]);
  });

  it("is not what a broker keeps no more", () => {
    intake.take(`${bed}/alerts`, new Uint8Array(), 0);
    expect(intake.dropped).toBe(0);
  });
});

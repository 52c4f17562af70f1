import { describe, expect, it } from "vitest";
import { decode } from "../../src/contract/decode";
import { alertSchema, snippetSchema, vitalsSchema } from "../../src/contract/messages";
import { alert, bytes } from "../examples";

const vitals = { type: "vitals", bed: "bed-1", time: "2026-11-25T23:59:59.98+00:00", source: "ecg", heartRate: 61.5, leadOff: ["V1"], absent: [] };

describe("vitals", () => {
  it("are read", () => expect(decode(vitalsSchema, bytes(vitals))).toEqual(vitals));
  it("lose what a later version adds", () => expect(decode(vitalsSchema, bytes({ ...vitals, spo2: 98 }))).toEqual(vitals));
  it.each([
    ["a lead that there is not", { ...vitals, leadOff: ["V7"] }],
    ["a heart rate of zero", { ...vitals, heartRate: 0 }],
    ["a time that is none", { ...vitals, time: "yesterday" }],
    ["a bed with markup", { ...vitals, bed: "<b>" }],
    ["nothing", null],
  ])("with %s are dropped", (_, message) => expect(decode(vitalsSchema, bytes(message))).toBeUndefined());
  it("cut in the middle are dropped", () => expect(decode(vitalsSchema, bytes(vitals).subarray(0, 40))).toBeUndefined());
  it("that are not UTF-8 are dropped", () => expect(decode(vitalsSchema, Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined());
});

describe("an alert", () => {
  it("is read", () => expect(decode(alertSchema, bytes(alert()))).toEqual(alert()));
  it("of a priority that there is not is dropped", () => expect(decode(alertSchema, bytes({ ...alert(), priority: "urgent" }))).toBeUndefined());
});

describe("a snippet", () => {
  const lead = Buffer.alloc(10_000);
  lead.writeInt16LE(-1234, 0);
  lead.writeInt16LE(-32768, 9998);
  const snippet = {
    type: "snippet", id: "0199a2f0-0000-7000-8000-000000000001", bed: "bed-1", cause: "onset", start: "2026-11-26T00:00:00Z", sampleRate: 500, length: 5000,
    leads: { II: lead.toString("base64") }, leadOff: [], beats: [12, 400], saliency: Buffer.alloc(5000, 255).toString("base64"),
    quality: { usable: true, leads: ["II"], issues: { I: ["absent"] }, missingSamples: 1, interpolatedSamples: 0 },
  };

  it("gives its samples in microvolts and its saliency in bytes", () => {
    const read = decode(snippetSchema, bytes(snippet))!;
    expect([read.leads.II[0], read.leads.II[1], read.leads.II[4999], read.saliency![4999]]).toEqual([-1234, 0, -32768, 255]);
  });
  it("without saliency is read", () => expect(decode(snippetSchema, bytes({ ...snippet, saliency: undefined }))!.saliency).toBeUndefined());
  it.each([
    ["of another length", { ...snippet, leads: { II: Buffer.alloc(9998).toString("base64") } }],
    ["with a lead that there is not", { ...snippet, leads: { V9: snippet.leads.II } }],
    ["that is not base64", { ...snippet, leads: { II: "%%%%" } }],
    ["with too little saliency", { ...snippet, saliency: "AAAA" }],
  ])("%s is dropped", (_, message) => expect(decode(snippetSchema, bytes(message))).toBeUndefined());
});

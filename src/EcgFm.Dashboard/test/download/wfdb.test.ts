import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { expect, it } from "vitest";
import { fileName, wfdbZip } from "../../src/download/downloads";
import { wfdb } from "../../src/download/wfdb";
import { alert } from "../examples";
import { gap, snippet } from "../specimen";

const shared = new URL("../../../../tests/EcgFm.Acquisition.Tests/Wfdb/dashboard/", import.meta.url);

it("writes, byte for byte, the record that the program's own reader is tested with", () => {
  const recording = { start: "2026-11-26T00:00:20.500Z", sampleRate: 500 as const, length: 4 as never, leads: { II: Int16Array.of(0, 1000, -32768, -1), V1: Int16Array.of(-32768, 32767, -32767, 250) } };
  const { header, signals } = wfdb("bed-1_20261126T000020Z_asystole", recording, ["Asystole · bed bed-1", "Research software, not a medical device, not a primary alarm."]);
  expect(header).toBe(readFileSync(new URL("bed-1_20261126T000020Z_asystole.hea", shared), "utf8"));
  expect([...signals]).toEqual([...readFileSync(new URL("bed-1_20261126T000020Z_asystole.dat", shared))]);
});

it("keeps every sample of every lead, and missing ones as missing", () => {
  const { snippet: ten } = snippet({ value: (lead, at) => (lead === "V3" ? gap(7, 900, 12)(lead, at) : (at * 7) % 3000 - 1500) });
  const { signals } = wfdb("record", ten, []);
  const view = new DataView(signals.buffer);
  Object.values(ten.leads).forEach((samples, channel) => samples.forEach((value, at) => {
    if (view.getInt16((at * 12 + channel) * 2, true) !== value) throw new Error(`lead ${channel} at ${at}`);
  }));
  expect(signals).toHaveLength(5000 * 12 * 2);
});

it("zips header and signals under the record's name, which is a name that WFDB allows", () => {
  const received = snippet({ bed: "bed.1" });
  const files = unzipSync(wfdbZip(received, alert({ title: "Vorhofflimmern\nµ" }), "ward-3 · box-1"));
  const name = fileName(received, alert());
  expect(name).toBe("bed-1_20261126T000020Z_atrial-fibrillation");
  expect(Object.keys(files)).toEqual([`${name}.hea`, `${name}.dat`]);
  const lines = new TextDecoder().decode(files[`${name}.hea`]).split("\n");
  expect(lines[0]).toBe(`${name} 12 500 5000 00:00:20.500 26/11/2026`);
  expect(lines[13]).toBe("# Vorhofflimmern µ (medium priority) · bed bed.1 · ward-3 · box-1");
  expect(lines.slice(13, -1).every((line) => line.startsWith("# "))).toBe(true);
});

it("refuses a name that WFDB does not allow", () => {
  expect(() => wfdb("../x", snippet().snippet, [])).toThrow("letters, digits");
});

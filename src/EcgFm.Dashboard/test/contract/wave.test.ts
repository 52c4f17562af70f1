import { describe, expect, it } from "vitest";
import { decodeWave } from "../../src/contract/wave";

/** A block as device/mqtt/wave.md has it. */
function block({ carried = 0b11, leadOff = 0, length = 3, header = 32, version = 1, bytes = 0 } = {}): Uint8Array {
  const leads = carried.toString(2).replaceAll("0", "").length;
  const payload = new Uint8Array(header + leads * length * 2 + bytes);
  const view = new DataView(payload.buffer);
  payload.set([0x45, 0x43, 0x47, 0x57, version, header]);
  view.setUint16(6, carried, true);
  view.setUint16(8, leadOff, true);
  view.setUint16(10, length, true);
  view.setUint32(12, 500_000, true);
  view.setBigInt64(16, 1_700_000_000_123_456n, true);
  view.setBigInt64(24, 4_294_967_296n, true);
  for (let i = 0; i < leads * length; i++) view.setInt16(header + i * 2, -300 + i, true);
  return payload;
}

describe("a wave block", () => {
  it("is read as wave.md lays it out", () => {
    const wave = decodeWave(block({ leadOff: 0b10 }))!;
    expect(wave).toMatchObject({ carried: 3, leadOff: 2, length: 3, sampleRate: 500, start: 1_700_000_000_123.456, first: 4_294_967_296 });
    expect([0, 1, 2, 3, 4, 5].map((i) => wave.samples.getInt16(i * 2, true))).toEqual([-300, -299, -298, -297, -296, -295]);
  });

  it("of a later header is read from where its samples begin", () => {
    expect(decodeWave(block({ header: 40 }))!.samples.getInt16(0, true)).toBe(-300);
  });

  it("is read at any offset of its buffer, as MQTT packets come", () => {
    const packet = new Uint8Array(99);
    packet.set(block(), 7);
    expect(decodeWave(packet.subarray(7, 7 + 44))!.samples.getInt16(10, true)).toBe(-295);
  });

  it.each([
    ["cut short", block().subarray(0, 43)],
    ["too long", block({ bytes: 2 })],
    ["of another version", block({ version: 2 })],
    ["with a header shorter than the first one", block().fill(31, 5, 6)],
    ["without samples", block({ length: 0 })],
    ["not one at all", new TextEncoder().encode('{"type":"vitals","bed":"a","time":"2026"}')],
    ["empty", new Uint8Array()],
  ])("that is %s is dropped", (_, payload) => expect(decodeWave(payload)).toBeUndefined());
});

import type { Alert } from "../src/contract/messages";
import type { WaveBlock } from "../src/contract/wave";

/** An alert of bed-1 as a box sends it. */
export function alert(change: Partial<Alert> = {}): Alert {
  return {
    type: "alert", id: "0199a2f0-0000-7000-8000-000000000001", sequence: 1, bed: "bed-1", kind: "physiological",
    code: { own: "atrial-fibrillation", snomed: "164889003" }, title: "Atrial fibrillation", priority: "medium", state: "onset",
    onset: "2026-11-26T00:00:00Z", time: "2026-11-26T00:00:30Z", probability: 0.97, historical: false, ...change,
  };
}

/** A block of 100 samples of all twelve leads: each sample's value is what `value` says of its number. */
export function wave({ first = 0, start, length = 100, carried = 0xfff, leadOff = 0, value = () => 0 }: Partial<WaveBlock> & { value?: (at: number) => number } = {}): WaveBlock {
  const leads = carried.toString(2).replaceAll("0", "").length;
  const samples = new DataView(new ArrayBuffer(leads * length * 2));
  for (let lead = 0; lead < leads; lead++) for (let i = 0; i < length; i++) samples.setInt16((lead * length + i) * 2, value(first + i), true);
  return { carried, leadOff, length, sampleRate: 500, start: start ?? 1_700_000_000_000 + first * 2, first, samples };
}

export function bytes(message: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}

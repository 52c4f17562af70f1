import { decode } from "../src/contract/decode";
import { leads as standardLeads, missing, type Lead } from "../src/contract/lead";
import { snippetSchema } from "../src/contract/messages";
import type { ReceivedSnippet } from "../src/state/bed";

/** What a snippet for tests is to be like. */
export interface Wanted {
  readonly id?: string;
  readonly leads?: readonly Lead[];
  /** Microvolts of a lead at an instant. */
  readonly value?: (lead: Lead, at: number) => number;
  readonly saliency?: ((at: number) => number) | null;
  readonly [key: string]: unknown;
}

export const label = { name: "ecgfm-nano", version: "1", precision: "int8", sha256: "88e3046f92892ec363c1596217a92f7ad293dea9a06b32c0737f749a3867466c" };

const fit = { usable: true, leads: [...standardLeads], issues: {}, missingSamples: 0, interpolatedSamples: 0 };

export const interpretation = {
  type: "interpretation", bed: "bed-1", window: 6, start: "2026-11-26T00:00:20Z", end: "2026-11-26T00:00:30Z",
  labels: { "Sinus rhythm": 0.04, "Atrial fibrillation": 0.97, Tachycardia: 0.45 }, thresholds: { "Sinus rhythm": 0.28, "Atrial fibrillation": 0.59, Tachycardia: 0.48 },
  beats: { atrialFibrillation: 0.99, intervals: 46, seconds: 30 }, heartRate: 91, quality: fit, inferenceMilliseconds: 3.6, skippedWindows: 0, model: label,
} as const;

/** A snippet as it comes, read by the page's own decoder. */
export function snippet({ leads = standardLeads, value = (_, at) => Math.round(500 * Math.sin(at / 40)), saliency = (at) => at % 256, ...rest }: Wanted = {}): ReceivedSnippet {
  const message = {
    type: "snippet", id: "0199a2f0-0000-7000-8000-000000000001", bed: "bed-1", cause: "onset", start: "2026-11-26T00:00:20.500Z", sampleRate: 500, length: 5000,
    leads: Object.fromEntries(leads.map((lead) => [lead, base64(new Uint8Array(Int16Array.from({ length: 5000 }, (_, at) => value(lead, at)).buffer))])),
    leadOff: [], quality: fit, heartRate: 91, beats: [100, 500, 980], ...(saliency === null ? {} : { saliency: base64(Uint8Array.from({ length: 5000 }, (_, at) => saliency(at))) }), interpretation, ...rest,
  };
  const payload = new TextEncoder().encode(JSON.stringify(message));
  return { snippet: decode(snippetSchema, payload)!, payload };
}

/** Values with missing stretches: [from, to) of a lead. */
export const gap = (from: number, to: number, value: number) => (_: Lead, at: number) => (at >= from && at < to ? missing : value);

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

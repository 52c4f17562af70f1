import * as v from "valibot";
import { leads } from "./lead";

// The JSON payloads of device/mqtt/schemas. Keys that are not known are left out, as the contract asks of a reader.

const time = v.pipe(v.string(), v.isoTimestamp());
const lead = v.picklist(leads);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const rate = v.pipe(v.number(), v.gtValue(0));
const level = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,64}$/));

const quality = v.object({
  /** Whether an alert may rest on the ten seconds. */
  usable: v.boolean(),
  leads: v.array(lead),
  issues: v.record(v.string(), v.array(v.string())),
  missingSamples: count,
  interpolatedSamples: count,
});

/** What the intervals between the beats say, apart from the network. */
const beats = v.object({ atrialFibrillation: share, intervals: count, seconds: v.number() });

const model = v.object({ name: v.string(), version: v.string(), precision: v.string(), sha256: v.string() });

export const statusSchema = v.object({
  type: v.literal("status"),
  state: v.picklist(["online", "stopped", "offline"]),
  bootId: v.string(),
  version: v.string(),
  beds: v.array(level),
  since: time,
  model: v.optional(v.string()),
  provider: v.optional(v.string()),
});

export const healthSchema = v.object({
  type: v.literal("health"),
  time,
  model: v.string(),
  provider: v.string(),
  queued: count,
  discarded: count,
  storageFault: v.optional(v.string()),
  cpuPercent: v.number(),
  memoryMebibytes: v.number(),
  temperatureCelsius: v.optional(v.number()),
  beds: v.array(v.object({
    bed: level,
    source: v.string(),
    connected: v.boolean(),
    fault: v.optional(v.string()),
    windows: count,
    skippedWindows: count,
    missingSamples: count,
    inferenceMilliseconds: v.optional(v.number()),
  })),
});

export const vitalsSchema = v.object({
  type: v.literal("vitals"),
  bed: level,
  time,
  /** Who has counted the beats: the box, or a sensor that gives no ECG. */
  source: v.picklist(["ecg", "heartRateSensor"]),
  heartRate: v.optional(rate),
  leadOff: v.array(lead),
  absent: v.array(lead),
  /** Whether a sensor without ECG touches the skin. */
  contact: v.optional(v.boolean()),
  beats: v.optional(beats),
});

export const interpretationSchema = v.object({
  type: v.literal("interpretation"),
  bed: level,
  window: count,
  start: time,
  end: time,
  labels: v.record(v.string(), share),
  /** The probability from which each label counts as present. */
  thresholds: v.optional(v.record(v.string(), share)),
  beats: v.optional(beats),
  heartRate: v.optional(rate),
  quality,
  inferenceMilliseconds: v.number(),
  skippedWindows: count,
  model,
});

export const alertSchema = v.object({
  type: v.literal("alert"),
  id: v.pipe(v.string(), v.uuid()),
  sequence: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Absent for an alert about the whole box. */
  bed: v.optional(level),
  kind: v.picklist(["physiological", "technical"]),
  code: v.object({ own: v.string(), snomed: v.optional(v.string()), mdc: v.optional(v.string()) }),
  title: v.string(),
  detail: v.optional(v.string()),
  priority: v.picklist(["high", "medium", "low"]),
  state: v.picklist(["onset", "ongoing", "acknowledged", "paused", "latched", "cleared"]),
  onset: time,
  time,
  ended: v.optional(time),
  acknowledgedBy: v.optional(v.string()),
  pausedUntil: v.optional(time),
  heartRate: v.optional(rate),
  probability: v.optional(share),
  evidence: v.optional(interpretationSchema),
  /** It was stored while the broker could not be reached: it tells of the past. */
  historical: v.boolean(),
});

export const alertsSchema = v.object({
  type: v.literal("alerts"),
  bed: v.optional(level),
  pausedUntil: v.optional(time),
  alerts: v.array(alertSchema),
});

const encoded = v.pipe(v.string(), v.base64());

export const snippetSchema = v.object({
  type: v.literal("snippet"),
  id: v.pipe(v.string(), v.uuid()),
  bed: level,
  cause: v.picklist(["onset", "snapshot"]),
  start: time,
  sampleRate: v.literal(500),
  length: v.literal(5000),
  /** 5000 samples in microvolts for each lead that the source has; -32768 is missing. */
  leads: v.pipe(v.record(v.string(), v.pipe(encoded, v.transform(toSamples), v.check((samples) => samples.length === 5000))), v.check((all) => Object.keys(all).every((name) => leads.includes(name as never)))),
  leadOff: v.array(lead),
  quality,
  heartRate: v.optional(rate),
  /** R peaks as sample numbers from zero. */
  beats: v.array(count),
  /** One byte for each sampling instant, 255 where the network looked most. */
  saliency: v.optional(v.pipe(encoded, v.transform(toBytes), v.check((bytes) => bytes.length === 5000))),
  interpretation: v.optional(interpretationSchema),
});

export const answerSchema = v.object({
  type: v.literal("answer"),
  bed: v.optional(level),
  command: v.optional(v.picklist(["acknowledge", "pause", "resume", "snapshot"])),
  request: v.optional(v.string()),
  accepted: v.boolean(),
  reason: v.optional(v.string()),
  snippet: v.optional(v.string()),
  time,
});

export type Status = v.InferOutput<typeof statusSchema>;
export type Health = v.InferOutput<typeof healthSchema>;
export type Vitals = v.InferOutput<typeof vitalsSchema>;
export type Interpretation = v.InferOutput<typeof interpretationSchema>;
export type Quality = v.InferOutput<typeof quality>;
export type Alert = v.InferOutput<typeof alertSchema>;
export type Priority = Alert["priority"];
export type ActiveAlerts = v.InferOutput<typeof alertsSchema>;
export type Snippet = v.InferOutput<typeof snippetSchema>;
export type Answer = v.InferOutput<typeof answerSchema>;

function toBytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function toSamples(base64: string): Int16Array {
  const view = new DataView(toBytes(base64).buffer);
  return Int16Array.from({ length: view.byteLength >> 1 }, (_, i) => view.getInt16(i * 2, true));
}

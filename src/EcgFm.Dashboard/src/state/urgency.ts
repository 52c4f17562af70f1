import { signals, statusOf } from "../alerts/status";
import type { Alert } from "../contract/messages";
import type { Condition } from "./condition";

/**
 * How soon somebody must look at a bed; lower is sooner. A bed that nobody can see comes right after a patient in danger: silence is no health.
 * @param now Milliseconds since 1970.
 */
export function urgency(condition: Condition, alerts: readonly Alert[], now: number): number {
  let most = condition === "stale" || condition === "offline" ? 2 : condition === "stopped" ? 8 : 7;
  for (const alert of alerts) most = Math.min(most, signals(statusOf(alert, true, now)) ? places[alert.kind][alert.priority] : 6);
  return most;
}

const places = { physiological: { high: 0, medium: 3, low: 5 }, technical: { high: 1, medium: 4, low: 6 } };

/** How long a bed keeps its place after it became less urgent: tiles must not run away under a finger. */
const holdMs = 10_000;

/** Sorts beds by urgency, those alike by name. A bed moves up at once, and down only after a while. */
export class Order {
  private readonly held = new Map<string, { urgency: number; until: number }>();

  sort<T extends { key: string; name: string; urgency: number }>(beds: readonly T[], now: number): T[] {
    const places = new Map(beds.map((bed) => [bed, this.place(bed, now)]));
    return [...beds].sort((a, b) => places.get(a)! - places.get(b)! || natural.compare(a.name, b.name) || natural.compare(a.key, b.key));
  }

  private place({ key, urgency }: { key: string; urgency: number }, now: number): number {
    const before = this.held.get(key);
    if (before !== undefined && before.urgency < urgency && now < before.until) return before.urgency;
    this.held.set(key, { urgency, until: now + holdMs });
    return urgency;
  }
}

const natural = new Intl.Collator("en", { numeric: true });

import type { Link } from "../connection/link";
import type { Status } from "../contract/messages";

/** Whether a bed can be relied on: live; no data although its box says online; its box away; stopped by somebody; or nothing heard yet; or the page itself is blind. */
export type Condition = "live" | "stale" | "offline" | "stopped" | "waiting" | "unknown";

/** Vitals come each second: without any for so long, what they said is old; without samples too, the bed is. */
export const staleAfterMs = 5000;

/** What is heard first after this long comes too late to be only beginning: the first ten seconds have no vitals. */
const patienceMs = 15_000;

/** Judges a bed by its box's status and by the time since anything live came, in milliseconds. */
export function judge(link: Link["state"], status: Status["state"] | undefined, silence: number | undefined, known: number): Condition {
  if (link !== "connected") return "unknown";
  if (status === "offline" || status === "stopped") return status;
  if (silence === undefined) return known > patienceMs ? "stale" : "waiting";
  return silence > staleAfterMs ? "stale" : "live";
}

/** An age in words: 7 s, 3 min, 2 h. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

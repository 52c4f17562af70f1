import { signals, statusOf } from "../alerts/status";
import type { Alert, Priority } from "../contract/messages";

/** How IEC 60601-1-8 has an alarm looked at: a symbol beside the colour, and a frequency of flashing in hertz (zero is steady) with its duty. */
export const presentation: Record<Priority, { symbol: string; word: string; hertz: number; duty: number }> = {
  high: { symbol: "!!!", word: "High", hertz: 2, duty: 0.5 },
  medium: { symbol: "!!", word: "Medium", hertz: 0.6, duty: 0.5 },
  low: { symbol: "!", word: "Low", hertz: 0, duty: 1 },
};

/** Lower is more urgent. */
export const rank: Record<Priority, number> = { high: 0, medium: 1, low: 2 };

/**
 * The highest priority among the alerts that want somebody.
 * @param now Milliseconds since 1970.
 */
export function highest(alerts: readonly Alert[], now: number): Priority | undefined {
  return alerts.filter((alert) => signals(statusOf(alert, true, now))).map(({ priority }) => priority).sort((a, b) => rank[a] - rank[b])[0];
}

import type { Alert } from "../contract/messages";

/** What an alert is to who looks at it. */
export type AlertStatus = "active" | "acknowledged" | "paused" | "latched" | "over" | "past";

/**
 * `active` wants somebody; `acknowledged` and `paused` go on, silenced; `latched` is over and wants to be acknowledged; `over` has ended;
 * `past` came late and is not known to be active. An alert that was acknowledged takes the step `ongoing` again, so its state alone does not tell.
 * @param now Milliseconds since 1970.
 */
export function statusOf(alert: Alert, isActive: boolean, now: number): AlertStatus {
  if (!isActive) return alert.historical && alert.state !== "cleared" ? "past" : "over";
  if (alert.acknowledgedBy !== undefined) return "acknowledged";
  if (alert.pausedUntil !== undefined && Date.parse(alert.pausedUntil) > now) return "paused";
  return alert.state === "latched" ? "latched" : "active";
}

/** Whether alarm signals are due: flashing, and sound where it is on. */
export const signals = (status: AlertStatus): boolean => status === "active" || status === "latched";

export const statusWords: Record<AlertStatus, string> = {
  active: "Active",
  acknowledged: "Acknowledged",
  paused: "Paused",
  latched: "Over, not acknowledged",
  over: "Over",
  past: "Delivered late",
};

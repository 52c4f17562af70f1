import type { Condition } from "./condition";

/** What people read. */
export const conditionWords: Record<Condition, string> = {
  live: "Online",
  stale: "No data",
  offline: "Offline",
  stopped: "Stopped",
  waiting: "Waiting",
  unknown: "Unknown",
};

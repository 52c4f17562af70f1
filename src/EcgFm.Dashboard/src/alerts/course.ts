import type { Alert } from "../contract/messages";

/** A moment in the life of an alert. */
export interface Moment {
  /** RFC 3339; undefined where nobody told. */
  readonly time?: string;
  readonly says: string;
}

/** The life of an alert in order, from the steps of it that were seen, the oldest first. What no step told is told by the ones after it. */
export function course(steps: readonly Alert[]): Moment[] {
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const moments: Moment[] = [{ time: first.onset, says: "The condition began" }];
  for (const step of steps) {
    const late = step.historical ? ", delivered late" : "";
    if (step.state === "onset") moments.push({ time: step.time, says: `Alert raised${late}` });
    if (step.state === "acknowledged") moments.push({ time: step.time, says: `Acknowledged by ${step.acknowledgedBy ?? "somebody"}${late}` });
    if (step.state === "paused") moments.push({ time: step.time, says: `Paused${step.pausedUntil ? ` until ${clock(step.pausedUntil)}` : ""}${late}` });
  }
  if (last.acknowledgedBy !== undefined && !steps.some(({ state }) => state === "acknowledged")) moments.push({ says: `Acknowledged by ${last.acknowledgedBy}, before this page was opened` });
  if (last.state === "ongoing") moments.push({ time: last.time, says: "Still going on" });
  if (last.ended !== undefined) moments.push({ time: last.ended, says: "The condition ended" });
  if (last.state === "latched") moments.push({ time: last.time, says: "Waits to be acknowledged" });
  if (last.state === "cleared") moments.push({ time: last.time, says: `Alert cleared${last.historical ? ", delivered late" : ""}` });
  return moments;
}

const hours = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const days = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "2-digit" });

/** The time of day on this page's clock. */
export const clock = (time: string): string => hours.format(new Date(time));

/** The day on this page's calendar. */
export const day = (time: string): string => days.format(new Date(time));

/** A span in words that fit a small place: 42 s, 3:05 min, 2:07 h. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const [unit, minor] = seconds < 3600 ? ["min", seconds % 60] : ["h", Math.floor(seconds / 60) % 60];
  return `${Math.floor(seconds / (unit === "min" ? 60 : 3600))}:${String(minor).padStart(2, "0")} ${unit}`;
}

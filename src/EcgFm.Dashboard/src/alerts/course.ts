import type { Alert } from "../contract/messages";
import { clock } from "./time";

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

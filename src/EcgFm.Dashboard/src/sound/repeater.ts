import type { Priority } from "../contract/messages";
import { rank } from "../state/priority";
import { bursts, lengthOf } from "./bursts";

/** Decides when a burst sounds. One at a time, of the highest priority that signals; a graver one does not wait for the end of the pause. */
export class Repeater {
  private last: { priority: Priority; at: number } | undefined;

  /**
   * The burst to begin now, or undefined.
   * @param priority The highest that signals.
   * @param now Seconds.
   */
  due(priority: Priority | undefined, now: number): Priority | undefined {
    if (priority === undefined) {
      this.last = undefined;
      return undefined;
    }
    const { last } = this;
    const isGraver = last !== undefined && rank[priority] < rank[last.priority];
    // A lesser one keeps to its own, longer pause from the burst before.
    if (last !== undefined && now < last.at + lengthOf(bursts[last.priority]) + (isGraver ? 0 : bursts[priority].pause)) return undefined;
    this.last = { priority, at: now };
    return priority;
  }
}

import type { Ward } from "../state/ward";
import type { Located } from "./announcements";
import { signals, statusOf } from "./status";

/** The alerts of all beds and boxes that want somebody now. */
export function signalling(ward: Ward, now: number): Located[] {
  return [
    ...ward.beds.value.flatMap((bed) => bed.active.value.map((alert) => ({ place: `Bed ${bed.name}`, alert }))),
    ...ward.boxes.value.flatMap((box) => box.active.value.map((alert) => ({ place: `Box ${box.device}`, alert }))),
  ].filter(({ alert }) => signals(statusOf(alert, true, now)));
}

import { leads } from "../contract/lead";
import type { Lane } from "../draw/sweep";
import type { Layout } from "./settings";

export interface PlacedLead extends Lane {
  /** Where its name stands. */
  readonly top: number;
}

/** Where each of the twelve leads goes: columns from the left, as an ECG is read. The margin at the left of each row is for the calibration pulse. */
export function arrange(layout: Layout, width: number, height: number, margin: number): PlacedLead[] {
  const [rows, columns] = layout.split(" × ").map(Number);
  const laneWidth = (width - margin) / columns;
  const laneHeight = height / rows;
  return leads.map((_, lead) => {
    const [row, column] = [lead % rows, Math.floor(lead / rows)];
    const top = row * laneHeight;
    return { lead, left: margin + column * laneWidth, width: laneWidth - (column < columns - 1 ? 6 : 0), top, zero: top + laneHeight * 0.64 };
  });
}

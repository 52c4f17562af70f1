import type { Priority } from "../contract/messages";
import { presentation } from "./priority";

const flashing = ["high", "medium"] as const;

/** Whether an alarm of the priority is lit at a time of the page's clock. All alarms of a priority flash together. */
export function lit(priority: Priority, now: number): boolean {
  const { hertz, duty } = presentation[priority];
  return hertz === 0 || ((now / 1000) * hertz) % 1 < duty;
}

/** Milliseconds from a time to when the priority is lit or dark next. */
export function untilChange(priority: Priority, now: number): number {
  const { hertz, duty } = presentation[priority];
  if (hertz === 0) return Infinity;
  const period = 1000 / hertz;
  const into = now % period;
  return (into < duty * period ? duty * period : period) - into;
}

/** Writes onto the document which priorities are lit, for theme/alarm.css. Who wants no motion sees them lit all the time. */
export function flash(): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const write = () => {
    const now = performance.now();
    for (const priority of flashing) {
      const value = still.matches || lit(priority, now) ? "lit" : "dark";
      if (document.documentElement.dataset[priority] !== value) document.documentElement.dataset[priority] = value;
    }
    // Timers count in whole milliseconds: rather a little late than just before.
    setTimeout(write, Math.ceil(Math.min(...flashing.map((priority) => untilChange(priority, now)))) + 1);
  };
  write();
}

import type { Priority } from "../contract/messages";
import { presentation } from "./priority";

/** Whether an alarm of the priority is lit at a time of the page's clock. All alarms of a priority flash together. */
export function lit(priority: Priority, now: number): boolean {
  const { hertz, duty } = presentation[priority];
  return hertz === 0 || ((now / 1000) * hertz) % 1 < duty;
}

/** Writes onto the document which priorities are lit, for theme/alarm.css. Who wants no motion sees them lit all the time. */
export function flash(): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const write = () => {
    const now = performance.now();
    for (const priority of ["high", "medium"] as const) {
      const value = still.matches || lit(priority, now) ? "lit" : "dark";
      if (document.documentElement.dataset[priority] !== value) document.documentElement.dataset[priority] = value;
    }
  };
  write();
  // Often enough that each phase is met to a twentieth of a second.
  setInterval(write, 50);
}

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

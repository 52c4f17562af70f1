import { signal } from "@preact/signals";

/** Milliseconds of the page's own clock that never jumps; ages are measured with it. Ticks once a second. */
export const now = signal(performance.now());

export function startClock(): void {
  setInterval(() => (now.value = performance.now()), 1000);
}

import { signal } from "@preact/signals";

/** Milliseconds of the page's own clock that never jumps; ages are measured with it. Ticks once a second. */
export const now = signal(performance.now());

export function startClock(): void {
  const tick = () => (now.value = performance.now());
  setInterval(tick, 1000);
  // The timers of a page that nobody looks at are slow; what is old must be so at once when somebody looks again.
  document.addEventListener("visibilitychange", tick);
}

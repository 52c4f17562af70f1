import { Percentiles } from "./percentiles";

/** Draws what is due at a time of the page's clock. */
export type Draw = (now: number) => void;

const draws = new Set<Draw>();

/** How evenly frames came, in milliseconds between them, since the page was opened or last reset. */
export const frames = { count: 0, meanMs: 0, worstMs: 0, over50: 0 };

/** From when a sample was taken (by its box's clock) to when it was drawn. */
export const sampleLatency = new Percentiles();

/** From when a sample came to the page to when it was drawn. */
export const receiptLatency = new Percentiles();

let before: number | undefined;

/** Calls the function with each frame of the page, until what it returns is called. There is one loop for the whole page, and none while nothing moves or nobody sees it. */
export function onFrame(draw: Draw): () => void {
  draws.add(draw);
  if (draws.size === 1) requestAnimationFrame(frame);
  return () => draws.delete(draw);
}

function frame(): void {
  if (draws.size === 0) {
    before = undefined;
    return;
  }
  // Not the frame's own time: it is some milliseconds older than what came meanwhile.
  const now = performance.now();
  if (before !== undefined) measure(now - before);
  before = now;
  for (const draw of draws) draw(now);
  requestAnimationFrame(frame);
}

function measure(interval: number): void {
  // Nothing is drawn while the page is hidden: that is no slow frame.
  if (interval > 2000) return;
  frames.count++;
  frames.meanMs += (interval - frames.meanMs) / frames.count;
  if (interval > frames.worstMs) frames.worstMs = interval;
  if (interval > 50) frames.over50++;
}

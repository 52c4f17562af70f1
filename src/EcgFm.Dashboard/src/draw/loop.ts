import { Percentiles } from "./percentiles";

/** Draws what is due at a time of the page's clock. */
export type Draw = (now: number) => void;

interface Drawing {
  readonly draw: Draw;
  readonly everyMs: number;
  due: number;
}

/** How evenly frames came, in milliseconds between them, since the page was opened. */
export const frames = { count: 0, meanMs: 0, worstMs: 0, over100: 0 };

/** From when a sample was taken (by its box's clock) to when it was drawn. */
export const sampleLatency = new Percentiles();

/** From when a sample came to the page to when it was drawn. */
export const receiptLatency = new Percentiles();

const drawings = new Set<Drawing>();
let running = false;
let before: number | undefined;

/**
 * Calls the function in the page's frames, so many times a second at most, until what it returns is called.
 * There is one loop for the whole page, and none while nothing moves or nobody sees it.
 */
export function onFrame(framesPerSecond: number, draw: Draw): () => void {
  const drawing = { draw, everyMs: 1000 / framesPerSecond, due: 0 };
  drawings.add(drawing);
  if (!running) {
    running = true;
    requestAnimationFrame(frame);
  }
  return () => drawings.delete(drawing);
}

// Nothing is drawn while the page is hidden: that is no slow frame.
document.addEventListener("visibilitychange", () => (before = undefined));

function frame(): void {
  if (drawings.size === 0) {
    running = false;
    before = undefined;
    return;
  }
  // Not the frame's own time: it is some milliseconds older than what came meanwhile.
  const now = performance.now();
  if (before !== undefined) measure(now - before);
  before = now;
  let next = Infinity;
  for (const drawing of drawings) {
    if (now >= drawing.due) {
      // On a grid, so that drawings of one pace share their frames: a frame in which little is drawn costs the browser almost as much as a full one.
      drawing.due = (Math.floor(now / drawing.everyMs) + 1) * drawing.everyMs;
      drawing.draw(now);
    }
    next = Math.min(next, drawing.due);
  }
  // Timers count in whole milliseconds, and a frame just before its time would draw nothing.
  setTimeout(() => requestAnimationFrame(frame), Math.ceil(next - performance.now()));
}

function measure(interval: number): void {
  frames.count++;
  frames.meanMs += (interval - frames.meanMs) / frames.count;
  if (interval > frames.worstMs) frames.worstMs = interval;
  if (interval > 100) frames.over100++;
}

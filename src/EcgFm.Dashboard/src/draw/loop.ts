import { Percentiles } from "./percentiles";

/** Draws what is due at a time of the page's clock. */
export type Draw = (now: number) => void;

interface Drawing {
  readonly draw: Draw;
  readonly everyMs: number;
  readonly withPage: boolean;
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
 * Calls the function so many times a second, until what it returns is called.
 * There is one loop for the whole page, and none while nothing moves or nobody sees it.
 * @param withPage Whether it draws on the page, so that it has to wait for a frame of it. A frame makes the browser go over the whole page:
 * what has its own way to the screen does without.
 */
export function onFrame(framesPerSecond: number, withPage: boolean, draw: Draw): () => void {
  const drawing = { draw, everyMs: 1000 / framesPerSecond, withPage, due: 0 };
  drawings.add(drawing);
  run();
  return () => drawings.delete(drawing);
}

function run(): void {
  if (running || document.hidden) return;
  running = true;
  setTimeout(frame);
}

document.addEventListener("visibilitychange", () => {
  // Nothing is drawn while the page is hidden: that is no slow frame.
  before = undefined;
  run();
});

function frame(): void {
  if (drawings.size === 0 || document.hidden) {
    running = false;
    before = undefined;
    return;
  }
  const now = performance.now();
  if (before !== undefined) measure(now - before);
  before = now;
  let next = Infinity;
  let withPage = false;
  for (const drawing of drawings) {
    if (now >= drawing.due) {
      // On a grid, so that drawings of one pace share their frames: a frame in which little is drawn costs the browser almost as much as a full one.
      drawing.due = (Math.floor(now / drawing.everyMs) + 1) * drawing.everyMs;
      drawing.draw(now);
    }
    next = Math.min(next, drawing.due);
    withPage ||= drawing.withPage;
  }
  // Timers count in whole milliseconds, and a frame just before its time would draw nothing.
  setTimeout(withPage ? () => requestAnimationFrame(frame) : frame, Math.ceil(next - performance.now()));
}

function measure(interval: number): void {
  frames.count++;
  frames.meanMs += (interval - frames.meanMs) / frames.count;
  if (interval > frames.worstMs) frames.worstMs = interval;
  if (interval > 100) frames.over100++;
}

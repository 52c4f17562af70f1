/** What is drawn with, on the page or beside it. */
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Device pixels of a CSS pixel; more than two of them nobody sees, and everybody pays for. */
export function pixelRatio(): number {
  return Math.min(devicePixelRatio || 1, 2);
}

const surfaces = new WeakMap<HTMLCanvasElement, OffscreenCanvas>();

/**
 * A canvas's own way to the screen: what is drawn goes there without a frame of the whole page, which costs many times as much as a few strokes.
 * Dozens of such ways cost more than one frame for all, so that a page full of canvases is drawn the usual way.
 */
export function ownSurface(canvas: HTMLCanvasElement): OffscreenCanvas {
  let surface = surfaces.get(canvas);
  if (surface === undefined) surfaces.set(canvas, (surface = canvas.transferControlToOffscreen()));
  return surface;
}

/** Gives a canvas of a size in CSS pixels as many pixels as it covers on the screen, and a context that counts in CSS pixels. */
export function prepare(canvas: HTMLCanvasElement | OffscreenCanvas, width: number, height: number, ratio: number): Context {
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = canvas.getContext("2d", { alpha: false }) as Context;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.imageSmoothingEnabled = false;
  return context;
}

/** The value of a theme's variable. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Device pixels of a CSS pixel; more than two of them nobody sees, and everybody pays for. */
export function pixelRatio(): number {
  return Math.min(devicePixelRatio || 1, 2);
}

/** Gives a canvas of a size in CSS pixels as many pixels as it covers on the screen, and a context that counts in CSS pixels. */
export function prepare(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): CanvasRenderingContext2D {
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = canvas.getContext("2d", { alpha: false })!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.imageSmoothingEnabled = false;
  return context;
}

/** The value of a theme's variable. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

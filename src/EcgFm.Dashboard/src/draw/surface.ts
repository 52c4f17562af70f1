/** Gives a canvas as many device pixels as it covers; true where that changed (and cleared) it. The context then counts in CSS pixels. */
export function fit(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number, height: number): boolean {
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width === w && canvas.height === h) return false;
  [canvas.width, canvas.height] = [w, h];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return true;
}

/** The value of a theme's variable. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

import type { Context } from "./surface";

/** ECG paper: a line each millimetre, a stronger one each five, from the left and the top; lines lie on whole device pixels. */
export function drawGrid(context: Context, width: number, height: number, millimetre: number, fine: string, coarse: string): void {
  const ratio = context.getTransform().a;
  const snap = (at: number) => (Math.round(at * ratio) + 0.5) / ratio;
  for (const [style, every, skip] of [[fine, 1, 5], [coarse, 5, 0]] as const) {
    context.beginPath();
    context.strokeStyle = style;
    context.lineWidth = 1 / ratio;
    for (let i = 0; i * millimetre <= Math.max(width, height); i += every) {
      if (skip !== 0 && i % skip === 0) continue;
      const at = snap(i * millimetre);
      if (at <= width) context.moveTo(at, 0), context.lineTo(at, height);
      if (at <= height) context.moveTo(0, at), context.lineTo(width, at);
    }
    context.stroke();
  }
}

/** The calibration pulse: 1 mV for 200 ms between two feet, its base at (x, y). Returns its width. */
export function drawCalibration(context: Context, x: number, y: number, pixelsPerSecond: number, pixelsPerMillivolt: number, style: string): number {
  const foot = 0.04 * pixelsPerSecond;
  const top = 0.2 * pixelsPerSecond;
  context.beginPath();
  context.strokeStyle = style;
  context.lineWidth = 1.4;
  context.moveTo(x, y);
  context.lineTo(x + foot, y);
  context.lineTo(x + foot, y - pixelsPerMillivolt);
  context.lineTo(x + foot + top, y - pixelsPerMillivolt);
  context.lineTo(x + foot + top, y);
  context.lineTo(x + 2 * foot + top, y);
  context.stroke();
  return 2 * foot + top;
}

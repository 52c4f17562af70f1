import type { Sheet } from "../alert/sheet";

/** Colours of a picture that leaves the page: as on paper, whatever the page's theme is. */
const paper = { ground: "#ffffff", fine: "#f7dcdc", coarse: "#eeb0b0", shade: "#6b2fd6", gap: "#d4dae0", ink: "#101820", quiet: "#4c5b69", off: "#8b9a92" };

const fonts = { lead: "600 3.6px sans-serif", note: "italic 3.2px sans-serif", interval: "2.4px sans-serif", scale: "2.6px sans-serif", axis: "1.9px sans-serif" };

/** Millimetres around the sheet. */
const margin = 6;

/** Millimetres for each line of words above and below it. */
const line = 5;

/** Paints the sheet with lines of words above and below on a canvas of so many pixels a millimetre. */
export function paint(canvas: HTMLCanvasElement, sheet: Sheet, shaded: boolean, above: readonly string[], below: readonly string[], pixels = 12): void {
  const top = margin + above.length * line;
  canvas.width = Math.round((sheet.width + 2 * margin) * pixels);
  canvas.height = Math.round((top + sheet.height + below.length * line + 1.5 * margin) * pixels);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser has no memory left for a picture.");
  context.scale(pixels, pixels);
  context.fillStyle = paper.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  words(context, above, margin + 1, true);
  words(context, below, top + sheet.height + line, false);
  context.translate(margin, top);
  context.beginPath();
  context.rect(0, 0, sheet.width, sheet.height);
  context.clip();
  stroke(context, sheet.fine, paper.fine, 0.1);
  stroke(context, sheet.coarse, paper.coarse, 0.2);
  if (shaded) for (const { strength, d } of sheet.shades) fill(context, d, paper.shade, strength * 0.45);
  fill(context, sheet.gaps, paper.gap, 0.7);
  stroke(context, sheet.marks, paper.quiet, 0.25);
  for (const { off, d } of sheet.traces) stroke(context, d, off ? paper.off : paper.ink, 0.3);
  if (shaded) fill(context, sheet.attention, paper.shade, 0.8);
  for (const { kind, x, y, text } of sheet.captions) {
    context.font = fonts[kind];
    context.fillStyle = kind === "lead" ? paper.ink : paper.quiet;
    context.textAlign = kind === "interval" || kind === "scale" ? "center" : "left";
    context.fillText(text, x, y);
  }
}

function words(context: CanvasRenderingContext2D, lines: readonly string[], top: number, heading: boolean): void {
  lines.forEach((text, i) => {
    context.font = heading && i === 0 ? "600 4.4px sans-serif" : "3.2px sans-serif";
    context.fillStyle = heading && i === 0 ? paper.ink : paper.quiet;
    context.fillText(text, margin, top + i * line + 3);
  });
}

function stroke(context: CanvasRenderingContext2D, d: string, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = context.lineCap = "round";
  context.stroke(new Path2D(d));
}

function fill(context: CanvasRenderingContext2D, d: string, colour: string, opacity: number): void {
  context.globalAlpha = opacity;
  context.fillStyle = colour;
  context.fill(new Path2D(d));
  context.globalAlpha = 1;
}

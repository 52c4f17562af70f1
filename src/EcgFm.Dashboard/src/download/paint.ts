import type { Sheet } from "../alert/sheet";

/** Colours of a picture that leaves the page: as on paper, whatever the page's theme is. */
const paper = { ground: "#ffffff", fine: "#f7dcdc", coarse: "#eeb0b0", shade: "#6b2fd6", gap: "#d4dae0", ink: "#101820", quiet: "#4c5b69", off: "#8b9a92" };

const fonts = { title: "600 4.4px sans-serif", words: "3.2px sans-serif", lead: "600 3.6px sans-serif", note: "italic 3.2px sans-serif", interval: "2.4px sans-serif", scale: "2.6px sans-serif", axis: "1.9px sans-serif" };

/** Millimetres around the sheet. */
const margin = 6;

/** Millimetres for each line of words above and below it. */
const line = 5;

/** Paints the sheet on a canvas of so many pixels a millimetre: a title and lines of words above it, and lines below it. */
export function paint(canvas: HTMLCanvasElement, sheet: Sheet, shaded: boolean, title: string, above: readonly string[], below: readonly string[], pixels = 12): void {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser has no memory left for a picture.");
  context.font = fonts.words;
  const [over, under] = [wrapped(context, above, sheet.width), wrapped(context, below, sheet.width)];
  const top = margin + (1 + over.length) * line + 1;
  canvas.width = Math.round((sheet.width + 2 * margin) * pixels);
  canvas.height = Math.round((top + sheet.height + under.length * line + 1.5 * margin) * pixels);
  context.scale(pixels, pixels);
  context.fillStyle = paper.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = paper.ink;
  context.font = fonts.title;
  context.fillText(title, margin, margin + 3);
  context.fillStyle = paper.quiet;
  context.font = fonts.words;
  over.forEach((text, i) => context.fillText(text, margin, margin + (1 + i) * line + 3));
  under.forEach((text, i) => context.fillText(text, margin, top + sheet.height + (1 + i) * line));
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

/** The lines, broken between words where they are too wide. */
function wrapped(context: CanvasRenderingContext2D, lines: readonly string[], width: number): string[] {
  return lines.flatMap((text) => {
    const broken = [""];
    for (const word of text.split(" ")) {
      const longer = `${broken[broken.length - 1]} ${word}`.trim();
      if (context.measureText(longer).width <= width) broken[broken.length - 1] = longer;
      else broken.push(word);
    }
    return broken;
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

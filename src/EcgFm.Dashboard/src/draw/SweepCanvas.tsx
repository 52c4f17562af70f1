import { useEffect, useRef, useState } from "preact/hooks";
import type { Bed } from "../state/bed";
import { watch } from "../state/watched";
import { theme } from "../theme/theme";
import { onFrame, receiptLatency, sampleLatency } from "./loop";
import { colour, ownSurface, pixelRatio, prepare, type Context } from "./surface";
import { Sweep, type Lane, type Slice } from "./sweep";

export interface SweepCanvasProps {
  bed: Bed;
  /** Where each lead goes on a surface of a size in CSS pixels. */
  lanes: (width: number, height: number) => readonly Lane[];
  /** Draws what lies below the traces: paper, names. */
  ground: (context: Context, width: number, height: number) => void;
  pixelsPerSecond: number;
  pixelsPerMillivolt: number | ((height: number) => number);
  penWidth: number;
  framesPerSecond: number;
  /** How wide the slices are that are composed apart, in CSS pixels. */
  sliceWidth: number;
  /** Whether each slice has its own way to the screen; it never changes. */
  own: boolean;
  /** What is shown is not live: it greys. */
  old: boolean;
  /** What a screen reader says. */
  label: string;
}

/** Live traces of a bed. Nothing is drawn, nor asked of the broker, while they are out of sight. */
export function SweepCanvas({ bed, lanes, ground, pixelsPerSecond, pixelsPerMillivolt, penWidth, framesPerSecond, sliceWidth, own, old, label }: SweepCanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvases = useRef<(HTMLCanvasElement | null)[]>([]);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [visible, setVisible] = useState(false);
  const count = Math.ceil(size.width / sliceWidth);
  const colours = theme.value;

  useEffect(() => {
    const resized = new ResizeObserver(([{ contentRect: { width, height } }]) => setSize({ width: Math.floor(width), height: Math.floor(height) }));
    const seen = new IntersectionObserver((entries) => setVisible(entries.at(-1)!.isIntersecting));
    resized.observe(frame.current!);
    seen.observe(frame.current!);
    return () => {
      resized.disconnect();
      seen.disconnect();
    };
  }, []);

  useEffect(() => (visible ? watch(bed.key) : undefined), [visible, bed]);

  useEffect(() => {
    if (!visible || size.width === 0 || size.height === 0) return;
    const ratio = pixelRatio();
    const image = new OffscreenCanvas(1, 1);
    const below = prepare(image, size.width, size.height, ratio);
    below.fillStyle = colour("--panel");
    below.fillRect(0, 0, size.width, size.height);
    ground(below, size.width, size.height);

    const slices = canvases.current.slice(0, count).map((canvas, i): Slice => {
      const left = i * sliceWidth;
      const width = Math.min(sliceWidth, size.width - left);
      canvas!.style.left = `${left}px`;
      canvas!.style.width = `${width}px`;
      const context = prepare(own ? ownSurface(canvas!) : canvas!, width, size.height, ratio);
      const { width: across, height: down } = context.canvas;
      context.drawImage(image, left * ratio, 0, across, down, 0, 0, across / ratio, down / ratio);
      return { context, left, width };
    });
    const gain = typeof pixelsPerMillivolt === "number" ? pixelsPerMillivolt : pixelsPerMillivolt(size.height);
    const pens = { trace: colour("--trace"), off: colour("--trace-dim"), width: penWidth };
    const sweep = new Sweep(slices, { image, ratio }, bed.trace, lanes(size.width, size.height), pixelsPerSecond, gain, pens, performance.now());
    return onFrame(framesPerSecond, !own, (now) => {
      const newest = sweep.draw(now);
      const arrival = newest === undefined ? undefined : bed.trace.arrivalOf(newest);
      if (arrival === undefined) return;
      sampleLatency.add(Date.now() - bed.trace.timeOf(newest!));
      receiptLatency.add(now - arrival);
    });
  }, [bed, visible, size, count, lanes, ground, pixelsPerSecond, pixelsPerMillivolt, penWidth, framesPerSecond, sliceWidth, own, colours]);

  return (
    <div class="sweep" data-old={old ? "" : undefined} ref={frame} role="img" aria-label={label}>
      {Array.from({ length: count }, (_, i) => <canvas key={i} ref={(canvas) => void (canvases.current[i] = canvas)} />)}
    </div>
  );
}

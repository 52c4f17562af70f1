import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { theme } from "../theme/theme";
import type { Bed } from "../state/bed";
import { watch } from "../state/watched";
import { onFrame, receiptLatency, sampleLatency } from "./loop";
import { colour, fit } from "./surface";
import { Sweep, type Lane } from "./sweep";

export interface SweepCanvasProps {
  bed: Bed;
  /** Where each lead goes on a canvas of a size in CSS pixels. */
  lanes: (width: number, height: number) => readonly Lane[];
  /** What lies below the traces: grid, names. */
  below?: (context: CanvasRenderingContext2D, width: number, height: number) => void;
  pixelsPerSecond: number;
  pixelsPerMillivolt: number | ((height: number) => number);
  penWidth: number;
  /** What a screen reader says. */
  label: string;
  children?: ComponentChildren;
}

/** Live traces of a bed. Nothing is drawn, nor asked of the broker, while the canvas is out of sight. */
export function SweepCanvas({ bed, lanes, below, pixelsPerSecond, pixelsPerMillivolt, penWidth, label, children }: SweepCanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const lower = useRef<HTMLCanvasElement>(null);
  const upper = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [visible, setVisible] = useState(false);
  const [colours, setColours] = useState(theme.peek());
  useSignalEffect(() => setColours(theme.value));

  useEffect(() => {
    const resized = new ResizeObserver(([{ contentRect: { width, height } }]) => setSize({ width: Math.floor(width), height: Math.floor(height) }));
    const seen = new IntersectionObserver(([{ isIntersecting }]) => setVisible(isIntersecting));
    resized.observe(frame.current!);
    seen.observe(frame.current!);
    return () => {
      resized.disconnect();
      seen.disconnect();
    };
  }, []);

  useEffect(() => (visible ? watch(bed.key) : undefined), [visible, bed]);

  useEffect(() => {
    const context = lower.current?.getContext("2d");
    if (!context || !below || size.width === 0) return;
    fit(lower.current!, context, size.width, size.height);
    context.clearRect(0, 0, size.width, size.height);
    below(context, size.width, size.height);
  }, [size, below, colours]);

  useEffect(() => {
    const context = upper.current?.getContext("2d");
    if (!context || !visible || size.width === 0) return;
    fit(upper.current!, context, size.width, size.height);
    context.clearRect(0, 0, size.width, size.height);
    const sweep = new Sweep(context, bed.trace, lanes(size.width, size.height), pixelsPerSecond, typeof pixelsPerMillivolt === "number" ? pixelsPerMillivolt : pixelsPerMillivolt(size.height), { trace: colour("--trace"), off: colour("--trace-dim"), width: penWidth });
    return onFrame((now) => {
      const newest = sweep.draw(now);
      if (newest === undefined) return;
      const arrival = bed.trace.arrivalOf(newest);
      if (arrival === undefined) return;
      sampleLatency.add(Date.now() - bed.trace.timeOf(newest));
      receiptLatency.add(now - arrival);
    });
  }, [bed, visible, size, lanes, pixelsPerSecond, pixelsPerMillivolt, penWidth, colours]);

  return (
    <div class="sweep" ref={frame} role="img" aria-label={label}>
      {below && <canvas ref={lower} />}
      <canvas ref={upper} />
      {children}
    </div>
  );
}

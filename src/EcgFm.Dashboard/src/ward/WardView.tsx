import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bed } from "../state/bed";
import { now } from "../state/clock";
import { standing } from "../state/standing";
import { Order, urgency } from "../state/urgency";
import type { Ward } from "../state/ward";
import { plan } from "./plan";
import { Tile } from "./Tile";

const gap = 6;

/** Every bed, the most urgent first. */
export function WardView({ ward }: { ward: Ward }) {
  const order = useMemo(() => new Order(), []);
  const grid = useRef<HTMLElement>(null);
  const size = useSignal({ width: 0, height: 0 });
  const shown = useRef<readonly Bed[]>([]);
  const beds = useComputed(() => {
    const places = ward.beds.value.map((bed) => ({ bed, key: bed.key, name: bed.name, urgency: urgency(standing(bed).value.condition, [...bed.active.value, ...bed.box.active.value], Date.now()) }));
    const sorted = order.sort(places, now.value).map(({ bed }) => bed);
    // The same array while nothing moves, so that nothing is rendered each second.
    const same = sorted.length === shown.current.length && sorted.every((bed, i) => bed === shown.current[i]);
    return same ? shown.current : (shown.current = sorted);
  });

  useEffect(() => {
    const resized = new ResizeObserver(([{ contentRect: { width, height } }]) => (size.value = { width, height }));
    resized.observe(grid.current!);
    return () => resized.disconnect();
  }, []);

  useEffect(() => {
    const { columns, height } = plan(beds.value.length, size.value.width, size.value.height, gap);
    grid.current!.style.setProperty("--columns", String(columns));
    grid.current!.style.setProperty("--tile-height", `${height}px`);
  }, [beds.value.length, size.value]);

  return (
    <section class="ward" data-testid="ward" aria-label="Ward" ref={grid}>
      {beds.value.map((bed) => <Tile key={bed.key} bed={bed} few={beds.value.length <= 4} />)}
    </section>
  );
}

import "uplot/dist/uPlot.min.css";
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { colour } from "../draw/surface";
import type { Bed } from "../state/bed";
import { theme } from "../theme/theme";

/** Colours that stay apart on both grounds; a model with more labels has the next ones dashed. */
const palette = ["#8b95a1", "#2fae68", "#e69f00", "#c4b400", "#e0569a", "#8f74f0", "#3b9ae1", "#d9622b"];

/** The probability of each label over the hours since the page was opened. */
export function TrendChart({ bed }: { bed: Bed }) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<{ plot: uPlot; labels: string } | undefined>(undefined);

  useSignalEffect(() => {
    void bed.trend.version.value;
    void theme.value;
    draw();
  });

  useEffect(() => {
    const resized = new ResizeObserver(([{ target }]) => chart.current?.plot.setSize(size(target)));
    resized.observe(frame.current!);
    return () => {
      resized.disconnect();
      chart.current?.plot.destroy();
      chart.current = undefined;
    };
  }, [bed]);

  function draw() {
    const { times, labels } = bed.trend;
    const drawn = `${theme.peek()}|${[...labels.keys()].join("|")}`;
    const data: uPlot.AlignedData = [times, ...labels.values()];
    if (chart.current?.labels === drawn) return show(chart.current.plot, data);
    chart.current?.plot.destroy();
    chart.current = undefined;
    if (times.length === 0 || frame.current === null) return;
    chart.current = { plot: new uPlot(options([...labels.keys()], size(frame.current)), data, frame.current), labels: drawn };
    show(chart.current.plot, data);
  }

  return (
    <section class="trend" aria-label="Trend of the labels">
      <h3>Label probability since this page was opened</h3>
      {bed.trend.version.value === 0 && <p class="nothing">The first comes with the next ten seconds that the network has judged.</p>}
      <div ref={frame} class="chart" />
    </section>
  );
}

function show(plot: uPlot, data: uPlot.AlignedData): void {
  plot.setData(data);
  plot.setLegend({ idx: data[0].length - 1 });
}

function size(frame: Element): { width: number; height: number } {
  return { width: Math.max(200, frame.clientWidth), height: Math.max(110, frame.clientHeight - 30) };
}

/** At least ten minutes, the newest at the right. */
function span({ data: [times] }: uPlot): uPlot.Range.MinMax {
  const newest = times.at(-1) ?? Date.now() / 1000;
  return [Math.min(times[0] ?? newest, newest - 600), newest];
}

function options(labels: string[], { width, height }: { width: number; height: number }): uPlot.Options {
  const axis: uPlot.Axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: `12px ${colour("--font")}` };
  return {
    width,
    height,
    cursor: { drag: { x: false, y: false } },
    scales: { x: { range: span }, y: { range: [0, 1] } },
    axes: [
      { ...axis, space: 80, incrs: [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800], values: (_, ticks) => ticks.map((tick) => clock.format(tick * 1000)) },
      { ...axis, size: 56, values: (_, ticks) => ticks.map(percent) },
    ],
    series: [
      { label: "Time", value: (_, value) => (value === null ? "–" : clock.format(value * 1000)) },
      ...labels.map((label, i): uPlot.Series => ({
        label, stroke: palette[i % palette.length], width: 2, dash: i < palette.length ? undefined : [6, 4],
        // A few points make no line yet.
        points: { show: ({ data: [times] }) => times.length < 30, size: 5 },
        value: (_, value) => (value === null ? "–" : percent(value)),
      })),
    ],
  };
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

import "uplot/dist/uPlot.min.css";
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { colour } from "../draw/surface";
import type { Bed } from "../state/bed";
import { theme } from "../theme/theme";

/** Colours that stay apart for colour-blind eyes (Okabe and Ito), light enough for both themes. */
const palette = ["#e69f00", "#56b4e9", "#00a37a", "#d8c900", "#2f80c8", "#e0662a", "#cc79a7", "#8b95a1"];

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
    const resized = new ResizeObserver(() => chart.current?.plot.setSize(size(frame.current!)));
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
    chart.current = times.length === 0 || frame.current === null ? undefined : { plot: new uPlot(options([...labels.keys()], size(frame.current)), data, frame.current), labels: drawn };
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

function size(frame: HTMLElement): { width: number; height: number } {
  return { width: Math.max(200, frame.clientWidth), height: Math.max(110, frame.clientHeight - 30) };
}

function options(labels: string[], { width, height }: { width: number; height: number }): uPlot.Options {
  const axis: uPlot.Axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: `12px ${colour("--font")}` };
  return {
    width,
    height,
    cursor: { drag: { x: false, y: false } },
    scales: { x: { range: (_, from, to) => [Math.min(from, to - 600), to] }, y: { range: [0, 1] } },
    axes: [{ ...axis, values: [[3600, "{HH}:{mm}"], [60, "{HH}:{mm}"], [1, "{HH}:{mm}:{ss}"]].map(([step, format]) => [step, format, null, null, null, null, null, null, 1]) as never }, { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => `${Math.round(tick * 100)} %`) }],
    series: [
      { label: "Time", value: "{HH}:{mm}:{ss}" },
      ...labels.map((label, i): uPlot.Series => ({ label, stroke: palette[i % palette.length], width: 2, points: { show: labels.length < 2 }, value: (_, value) => (value === null ? "–" : `${Math.round(value * 100)} %`) })),
    ],
  };
}

import type { Sheet } from "./sheet";

const anchors = { lead: "start", note: "start", interval: "middle", scale: "middle", axis: "start" } as const;

/** The sheet as a vector picture: sharp on paper, and there in true millimetres. */
export function SheetView({ sheet, shaded, label }: { sheet: Sheet; shaded: boolean; label: string }) {
  return (
    <svg class="sheet" viewBox={`0 0 ${sheet.width} ${sheet.height}`} role="img" aria-label={label} data-testid="sheet">
      <path class="sheet-fine" d={sheet.fine} />
      <path class="sheet-coarse" d={sheet.coarse} />
      {shaded && <g class="sheet-shades" data-testid="saliency">{sheet.shades.map(({ strength, d }) => <path key={strength} d={d} fill-opacity={strength} />)}</g>}
      <path class="sheet-gaps" d={sheet.gaps} />
      <path class="sheet-marks" d={sheet.marks} />
      {sheet.traces.map(({ lead, off, d }, i) => <path key={i} class={off ? "sheet-trace off" : "sheet-trace"} data-lead={lead} d={d} />)}
      {shaded && <path class="sheet-attention" d={sheet.attention} />}
      {sheet.captions.map(({ kind, x, y, text }, i) => <text key={i} class={`sheet-${kind}`} x={x} y={y} text-anchor={anchors[kind]}>{text}</text>)}
    </svg>
  );
}

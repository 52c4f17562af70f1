import { useComputed } from "@preact/signals";
import { useCallback, useMemo } from "preact/hooks";
import { leads } from "../contract/lead";
import { drawCalibration, drawGrid } from "../draw/grid";
import { millimetre } from "../draw/millimetre";
import { colour, type Context } from "../draw/surface";
import { SweepCanvas } from "../draw/SweepCanvas";
import type { Bed } from "../state/bed";
import { now } from "../state/clock";
import { liveVitals, standing } from "../state/standing";
import { age } from "../state/condition";
import { arrange } from "./lanes";
import { gain, layout, speed } from "./settings";

/** What was only just asked for has so long to come. */
const patienceMs = 3000;

/** The twelve live leads on ECG paper. */
export function LeadPanel({ bed }: { bed: Bed }) {
  const mm = millimetre.value;
  const [pixelsPerSecond, pixelsPerMillivolt] = [speed.value * mm, gain.value * mm];
  const margin = 0.28 * pixelsPerSecond + 10;
  const way = layout.value;
  const marks = useComputed(() => leadMarks(bed)).value;
  const since = useMemo(() => performance.now(), [bed]);
  const silence = useComputed(() => silenceOf(bed, since)).value;
  const lanes = useCallback((width: number, height: number) => arrange(way, width, height, margin), [way, margin]);
  const ground = useCallback((context: Context, width: number, height: number) => {
    drawGrid(context, width, height, mm, colour("--grid-fine"), colour("--grid-coarse"));
    const words = marks.split("|");
    for (const lane of arrange(way, width, height, margin)) {
      if (lane.left === margin) drawCalibration(context, 4, lane.zero, pixelsPerSecond, pixelsPerMillivolt, colour("--quiet"));
      context.font = `600 15px ${colour("--font")}`;
      context.fillStyle = colour("--text");
      context.fillText(leads[lane.lead], lane.left + 4, lane.top + 17);
      if (words[lane.lead] === "") continue;
      const x = lane.left + 12 + context.measureText(leads[lane.lead]).width;
      context.font = `600 13px ${colour("--font")}`;
      context.fillStyle = colour(words[lane.lead] === "absent" ? "--quiet" : "--warning");
      context.fillText(words[lane.lead], x, lane.top + 17);
    }
  }, [mm, way, margin, marks, pixelsPerSecond, pixelsPerMillivolt]);

  return (
    <div class="leads" data-testid="leads" data-running={silence === undefined ? "" : undefined}>
      <SweepCanvas
        bed={bed} lanes={lanes} ground={ground} pixelsPerSecond={pixelsPerSecond} pixelsPerMillivolt={pixelsPerMillivolt} penWidth={1.5} framesPerSecond={20} sliceWidth={256} own old={silence !== undefined}
        label={`Live leads at ${speed.value} millimetres a second and ${gain.value} millimetres a millivolt. ${spoken(marks)}`}
      />
      {silence !== undefined && <p class="silent" role="status">{silence}</p>}
      <p class="scale">{speed.value} mm/s · {gain.value} mm/mV · from 0.05 Hz</p>
    </div>
  );
}

/** What is to be said of each lead beside its name, in the order of the leads. */
function leadMarks(bed: Bed): string {
  const vitals = liveVitals(bed);
  const issues = vitals && bed.interpretation.value?.quality.issues;
  return leads.map((lead) => {
    if (vitals?.absent.includes(lead)) return "absent";
    if (vitals?.leadOff.includes(lead)) return "lead off";
    return (issues?.[lead] ?? []).filter((issue) => issue !== "absent" && issue !== "leadOff").join(", ");
  }).join("|");
}

function spoken(marks: string): string {
  return marks.split("|").flatMap((mark, i) => (mark === "" ? [] : [`${leads[i]}: ${mark}.`])).join(" ");
}

/** Why the traces stand still, which somebody looks at since a time of the page's clock; undefined while they move. */
function silenceOf(bed: Bed, since: number): string | undefined {
  const { condition } = standing(bed).value;
  if (condition === "unknown") return "Not connected: no live traces";
  if (condition === "offline") return "The box is offline: no live traces";
  if (condition === "stopped") return "Stopped: no live traces";
  if (bed.trace.isFlowing(now.value)) return undefined;
  if (bed.vitals.value?.source === "heartRateSensor") return "No ECG: a heart rate sensor counts the beats";
  // Nobody asked for samples while nobody looked.
  const asked = Math.max(bed.trace.received, since);
  return asked === since && now.value - since < patienceMs ? "Waiting for samples" : `No samples for ${age(now.value - asked)}`;
}

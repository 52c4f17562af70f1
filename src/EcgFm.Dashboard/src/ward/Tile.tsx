import { useCallback } from "preact/hooks";
import { AlertSummary } from "../alerts/AlertSummary";
import { age } from "../state/condition";
import type { Bed } from "../state/bed";
import { leads } from "../contract/lead";
import { SweepCanvas } from "../draw/SweepCanvas";
import { highest } from "../state/priority";
import { rhythm } from "../state/rhythm";
import { href } from "../state/route";
import { standing } from "../state/standing";
import { conditionWords } from "../state/words";

const lead = leads.indexOf("II");

/** Strips of tiles are as high as there is room. */
const stripGain = (height: number) => height * 0.36;

/** One bed at a glance. */
export function Tile({ bed }: { bed: Bed }) {
  const { condition, silence } = standing(bed).value;
  const live = condition === "live";
  const vitals = bed.vitals.value;
  const interpretation = bed.interpretation.value;
  const priority = highest([...bed.active.value, ...bed.box.active.value]);
  const absent = vitals?.absent ?? [];
  const strip = absent.includes("II") ? leads.findIndex((name) => !absent.includes(name)) : lead;
  const lanes = useCallback((width: number, height: number) => [{ lead: strip, left: 0, width, top: 1, height: height - 2, zero: height * 0.66 }], [strip]);
  return (
    <article class="tile" data-testid="tile" data-bed={bed.name} data-status={condition} data-priority={priority}>
      <header>
        <h2><a href={href({ view: "bed", bed: bed.key })}>{bed.name}</a></h2>
        <span class="where">{bed.box.site} · {bed.box.device}</span>
        <span class="status" data-status={condition}>{conditionWords[condition]}{condition === "stale" && silence !== undefined && ` ${age(silence)}`}</span>
      </header>
      <div class="figures">
        <p class="rate" aria-label="Heart rate">
          <span class="digits">{live && vitals?.heartRate !== undefined ? Math.round(vitals.heartRate) : "––"}</span>
          <span class="unit">/min</span>
        </p>
        <p class="rhythm">{live ? (rhythm(interpretation) ?? "Rhythm not judged") : "Rhythm unknown"}</p>
        <p class="quality">{live ? quality(bed) : silence === undefined ? "Nothing heard yet" : `Last heard ${age(silence)} ago`}</p>
      </div>
      <SweepCanvas bed={bed} lanes={lanes} pixelsPerSecond={66} pixelsPerMillivolt={stripGain} penWidth={1.5} label={`Live lead ${leads[strip]}`}>
        <span class="lead" aria-hidden="true">{leads[strip]}</span>
      </SweepCanvas>
      <AlertSummary bed={bed} />
    </article>
  );
}

/** Lead state and signal quality in a few words. */
function quality(bed: Bed): string {
  const off = bed.vitals.value?.leadOff ?? [];
  if (off.length > 0) return off.length > 3 ? `${off.length} electrodes off` : `Off: ${off.join(", ")}`;
  const judged = bed.interpretation.value?.quality;
  if (judged === undefined) return "Quality not judged yet";
  const carried = leads.length - (bed.vitals.value?.absent.length ?? 0);
  return judged.usable ? `Quality good, ${judged.leads.length} of ${carried}` : `Poor signal, ${judged.leads.length} of ${carried}`;
}

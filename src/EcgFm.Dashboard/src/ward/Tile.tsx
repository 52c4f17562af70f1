import { useComputed } from "@preact/signals";
import { useCallback, useMemo } from "preact/hooks";
import { AlertSummary } from "../alerts/AlertSummary";
import { leads, type Lead } from "../contract/lead";
import type { Interpretation, Vitals } from "../contract/messages";
import { SweepCanvas } from "../draw/SweepCanvas";
import { colour, type Context } from "../draw/surface";
import type { Bed } from "../state/bed";
import { now } from "../state/clock";
import { age, staleAfterMs } from "../state/condition";
import { highest } from "../state/priority";
import { rhythm } from "../state/rhythm";
import { href } from "../state/route";
import { liveVitals, standing } from "../state/standing";
import { conditionWords } from "../state/words";

const usual: readonly Lead[] = ["II", "V5", "V1"];

/** Room for the lead's name at the left of its strip. */
const nameWidth = 26;

/** A strip as high as this has room for one more lead. */
const laneHeight = 170;

/** A tile has no paper, so the gain of its strips follows their height. */
const stripGain = (height: number) => (height / stripCount(height)) * 0.52;

/** One bed at a glance. Few beds have surfaces of their own. */
export function Tile({ bed, few }: { bed: Bed; few: boolean }) {
  const { condition, silence } = standing(bed).value;
  const live = condition === "live";
  const since = useMemo(() => performance.now(), [bed]);
  // Vitals may come without samples: a strip that stands still must not look live.
  const flowing = useComputed(() => bed.trace.isFlowing(now.value)).value;
  const traceless = useComputed(() => now.value - Math.max(bed.trace.received, since) > staleAfterMs).value;
  const vitals = useComputed(() => liveVitals(bed)).value;
  const priority = highest([...bed.active.value, ...bed.box.active.value], Date.now());
  const absent = (bed.vitals.value?.absent ?? []).join(" ");
  const lanes = useCallback((width: number, height: number) => strips(absent, height).map(({ lead, zero }) => ({ lead, zero, left: nameWidth, width: width - nameWidth })), [absent]);
  const ground = useCallback((context: Context, _: number, height: number) => {
    context.font = `600 12px ${colour("--font")}`;
    context.fillStyle = colour("--quiet");
    for (const { lead, zero } of strips(absent, height)) context.fillText(leads[lead], 6, zero + 4);
  }, [absent]);
  return (
    <article class="tile" data-testid="tile" data-bed={bed.name} data-status={condition} data-priority={priority}>
      <header>
        <h2><a href={href({ view: "bed", bed: bed.key })}>{bed.name}</a></h2>
        <span class="where">{bed.box.site} · {bed.box.device}</span>
        <span class="status" data-status={condition}>{conditionWords[condition]}{!live && silence !== undefined && ` ${age(silence)}`}</span>
      </header>
      <AlertSummary bed={bed} />
      <div class="figures">
        <p class="rate" aria-label="Heart rate">
          <span class="digits" data-old={vitals === undefined ? "" : undefined}>{vitals?.heartRate === undefined ? "––" : Math.round(vitals.heartRate)}</span>
          <span class="unit">/min</span>
        </p>
        <div class="words">
          <p class="rhythm">{useComputed(() => rhythm(bed))}</p>
          {vitals !== undefined && <p class="quality">{quality(vitals, bed.interpretation.value, traceless)}</p>}
        </div>
      </div>
      <SweepCanvas bed={bed} lanes={lanes} ground={ground} pixelsPerSecond={66} pixelsPerMillivolt={stripGain} penWidth={1.5} framesPerSecond={20} sliceWidth={400} own={few} old={!live || !flowing} label="Live trace" key={String(few)} />
    </article>
  );
}

function stripCount(height: number): number {
  return Math.max(1, Math.min(usual.length, Math.floor(height / laneHeight)));
}

/** The leads that a tile shows, those first that monitors show, and where their zero volts are: V1 goes down. A bed without them shows others. */
function strips(absent: string, height: number): { lead: number; zero: number }[] {
  const count = stripCount(height);
  const missing = absent.split(" ");
  return [...usual, ...leads]
    .filter((name, i, all) => all.indexOf(name) === i && !missing.includes(name))
    .slice(0, count)
    .map((name, i) => ({ lead: leads.indexOf(name), zero: (height / count) * (i + (name === "V1" ? 0.35 : 0.7)) }));
}

/** What is wrong with the signal, in few words; nothing where nothing is. */
function quality({ contact, source, leadOff }: Vitals, interpretation: Interpretation | undefined, traceless: boolean): string {
  if (contact === false) return "No skin contact";
  if (traceless && source === "ecg") return "No trace";
  if (leadOff.length > 0) return leadOff.length > 3 ? `${leadOff.length} leads off` : `${leadOff.join(", ")} off`;
  const judged = interpretation?.quality;
  return judged === undefined || judged.usable || judged.leads.length === 0 ? "" : `${judged.leads.length} leads fit`;
}

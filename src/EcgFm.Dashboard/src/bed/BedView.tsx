import { useComputed } from "@preact/signals";
import { AlertList } from "../alerts/AlertList";
import { useShortcuts } from "../keys/shortcuts";
import type { Bed } from "../state/bed";
import { age } from "../state/condition";
import { outdated, rhythm } from "../state/rhythm";
import { href } from "../state/route";
import { liveVitals, standing } from "../state/standing";
import { conditionWords } from "../state/words";
import { Calibration } from "./Calibration";
import { Choice } from "./Choice";
import { Labels } from "./Labels";
import { LeadPanel } from "./LeadPanel";
import { TrendChart } from "./TrendChart";
import { gain, gains, layout, layouts, next, speed, speeds } from "./settings";

/** Everything of one bed. */
export function BedView({ bed }: { bed: Bed }) {
  useShortcuts([
    { key: "g", says: "Next gain", run: () => next(gain, gains) },
    { key: "v", says: "Next speed", run: () => next(speed, speeds) },
    { key: "l", says: "Other layout of the leads", run: () => next(layout, layouts) },
  ]);
  const { condition, silence } = standing(bed).value;
  const live = condition === "live";
  const vitals = useComputed(() => liveVitals(bed)).value;
  return (
    <section class="bed" data-testid="bed-view" data-bed={bed.name} data-status={condition}>
      <div class="bed-head">
        <a class="back" href={href({ view: "ward" })}>‹ Ward</a>
        <h2>{bed.name}</h2>
        <span class="where">{bed.box.site} · {bed.box.device}</span>
        <span class="status" data-status={condition}>{conditionWords[condition]}{silence !== undefined && !live && ` · last heard ${age(silence)} ago`}</span>
        <div class="controls" role="toolbar" aria-label="Traces">
          <Choice name="Gain" unit="mm/mV" choices={gains} chosen={gain} />
          <Choice name="Speed" unit="mm/s" choices={speeds} chosen={speed} />
          <Choice name="Leads" choices={layouts} chosen={layout} />
          <Calibration />
        </div>
      </div>
      <LeadPanel bed={bed} />
      <aside class="side">
        <section class="vitals" aria-label="Vital signs">
          <p class="rate"><span class="name">Heart rate</span><span class="digits" data-testid="heart-rate" data-old={vitals === undefined ? "" : undefined}>{vitals?.heartRate === undefined ? "––" : Math.round(vitals.heartRate)}</span><span class="unit">/min</span></p>
          <p class="rhythm" data-testid="rhythm">{useComputed(() => rhythm(bed))}</p>
          <Labels bed={bed} old={useComputed(() => liveVitals(bed) === undefined || outdated(bed)).value} />
        </section>
        <AlertList bed={bed} />
      </aside>
      <TrendChart bed={bed} />
    </section>
  );
}

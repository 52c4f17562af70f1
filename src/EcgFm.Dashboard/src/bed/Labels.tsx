import { leads } from "../contract/lead";
import type { Bed } from "../state/bed";

/** What the network says of the last ten seconds, label by label. */
export function Labels({ bed, old }: { bed: Bed; old: boolean }) {
  const interpretation = bed.interpretation.value;
  if (interpretation === undefined) return null;
  const { labels, thresholds, quality, model, beats } = interpretation;
  return (
    <>
      <ul class="labels" data-old={old || !quality.usable ? "" : undefined}>
        {Object.entries(labels).map(([label, probability]) => {
          const threshold = thresholds?.[label];
          return (
            <li key={label} data-present={threshold !== undefined && probability >= threshold ? "" : undefined}>
              <span>{label}</span>
              <meter min={0} max={1} value={probability} aria-label={label} />
              <b>{Math.round(probability * 100)} %</b>
              {threshold !== undefined && <small>from {Math.round(threshold * 100)} %</small>}
            </li>
          );
        })}
      </ul>
      <p class="fine">
        {quality.usable ? "Fit for analysis" : "Not fit for analysis"}: {quality.leads.length === 0 ? "no lead" : quality.leads.length === leads.length ? "all leads" : quality.leads.join(", ")}
        {beats && <> · Beat intervals say AF {Math.round(beats.atrialFibrillation * 100)} %</>}
        {" · judged "}{new Date(interpretation.end).toLocaleTimeString("en-GB")} by {model.name} {model.version} {model.precision}, {Math.round(interpretation.inferenceMilliseconds)} ms
      </p>
    </>
  );
}

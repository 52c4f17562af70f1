import type { Alert, Interpretation } from "../contract/messages";
import { findingsOf, type Finding } from "./facts";

/** What the network says of the ten seconds, label by label, each beside the probability from which it counts. */
export function Probabilities({ said, alert }: { said: Interpretation; alert: Alert | undefined }) {
  return (
    <section class="panel" aria-labelledby="probabilities">
      <h3 id="probabilities">Probabilities</h3>
      <table class="probabilities">
        <thead><tr><th scope="col">Label</th><th scope="col"><span class="unseen">Bar</span></th><th scope="col">Probability</th><th scope="col">Present from</th></tr></thead>
        <tbody>
          {findingsOf(said).map((finding) => <Row key={finding.label} finding={finding} />)}
          {said.beats && (
            <tr class="apart">
              <th scope="row">Fibrillation by the beats’ intervals</th><td><Bar probability={said.beats.atrialFibrillation} /></td>
              <td>{said.beats.atrialFibrillation.toFixed(2)}</td><td class="quiet">{said.beats.intervals} in {Math.round(said.beats.seconds)} s</td>
            </tr>
          )}
          {alert?.probability !== undefined && (
            <tr class="apart"><th scope="row">What the alert’s rule saw last</th><td><Bar probability={alert.probability} /></td><td>{alert.probability.toFixed(2)}</td><td /></tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

function Row({ finding: { label, probability, threshold, counts } }: { finding: Finding }) {
  return (
    <tr class={counts ? "counts" : undefined} data-label={label}>
      <th scope="row">{label}{counts && <span class="mark"> present</span>}</th>
      <td><Bar probability={probability} threshold={threshold} /></td>
      <td>{probability.toFixed(2)}</td>
      <td class="quiet">{threshold?.toFixed(2) ?? "not told"}</td>
    </tr>
  );
}

function Bar({ probability, threshold }: { probability: number; threshold?: number }) {
  return (
    <svg class="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="gauge-ground" width="100" height="8" />
      <rect class="gauge-value" width={probability * 100} height="8" />
      {threshold !== undefined && <rect class="gauge-threshold" x={threshold * 100 - 0.5} width="1" height="8" />}
    </svg>
  );
}

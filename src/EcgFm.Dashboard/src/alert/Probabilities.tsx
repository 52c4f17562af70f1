import type { Interpretation } from "../contract/messages";
import { findingsOf } from "./facts";

/** What the network says of the ten seconds, label by label, each beside the probability from which it counts. */
export function Probabilities({ said, ofRule }: { said: Interpretation; ofRule: number | undefined }) {
  return (
    <section class="panel" aria-labelledby="probabilities">
      <h3 id="probabilities">Probabilities</h3>
      <table class="probabilities">
        <thead><tr><th scope="col">Label</th><th scope="col">Says</th><th scope="col">Present from</th></tr></thead>
        <tbody>
          {findingsOf(said).map((finding) => <Row key={finding.label} {...finding} />)}
          {said.beats && <Row label="Fibrillation by beat intervals" probability={said.beats.atrialFibrillation} note={`${said.beats.intervals} in ${Math.round(said.beats.seconds)} s`} />}
          {ofRule !== undefined && <Row label="The alert’s rule, last seen" probability={ofRule} note="" />}
        </tbody>
      </table>
    </section>
  );
}

/** A label, or with a note something beside the network. */
function Row({ label, probability, threshold, counts, note }: { label: string; probability: number; threshold?: number; counts?: boolean; note?: string }) {
  return (
    <tr class={counts ? "counts" : note === undefined ? undefined : "apart"} data-label={label}>
      <th scope="row"><span>{label}{counts && <span class="mark"> present</span>}</span><Bar probability={probability} threshold={threshold} /></th>
      <td>{probability.toFixed(2)}</td>
      <td class="quiet">{note ?? threshold?.toFixed(2) ?? "not told"}</td>
    </tr>
  );
}

function Bar({ probability, threshold }: { probability: number; threshold?: number }) {
  return (
    <svg class="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="gauge-ground" width="100" height="8" />
      <rect class="gauge-value" width={probability * 100} height="8" />
      {threshold !== undefined && <rect class="gauge-threshold" x={threshold * 100 - 0.4} width="0.8" height="8" />}
    </svg>
  );
}

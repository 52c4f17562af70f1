import { leads as standardLeads } from "../contract/lead";
import type { Alert, Interpretation, Snippet } from "../contract/messages";
import { presentation } from "../state/priority";
import { present } from "./sheet";

/** What this software is not; wherever its findings leave the page. */
export const disclaimer = "Research software, not a medical device, not a primary alarm.";

/** What the shading is and is not. */
export const saliencyMeaning =
  "Shaded: when the network's last layer attended most, relative to the strongest of these ten seconds; what lies below their median is not shaded. " +
  "The network reads the two halves apart. It is one value for all leads together: it says when, not in which lead, and it neither explains nor confirms the finding.";

/** What stands beside the ten seconds wherever they go, a line each, the title first; times in UTC. */
export function facts(snippet: Snippet, alert: Alert | undefined, box: string): string[] {
  const said = snippet.interpretation ?? alert?.evidence;
  const absent = standardLeads.filter((lead) => !present(snippet).includes(lead));
  return [
    `${alert ? `${alert.title} (${presentation[alert.priority].word.toLowerCase()} priority)` : "Snapshot"} · bed ${snippet.bed} · ${box}`,
    `ten seconds from ${snippet.start}${snippet.heartRate === undefined ? "" : ` · heart rate ${Math.round(snippet.heartRate)} /min`}`,
    ...(absent.length > 0 ? [`leads that the source does not have: ${absent.join(", ")}`] : []),
    ...(snippet.leadOff.length > 0 ? [`electrode off in part or all of it: ${snippet.leadOff.join(", ")}`] : []),
    ...(said ? [network(said), findings(said)] : []),
    disclaimer,
  ];
}

/** Which network it was. */
export const network = ({ model }: Interpretation): string => `network ${model.name} ${model.version} ${model.precision}, SHA-256 ${model.sha256}`;

/** A label's probability beside the one from which it counts. */
export interface Finding {
  readonly label: string;
  readonly probability: number;
  /** Undefined where the box does not say. */
  readonly threshold?: number;
  readonly counts: boolean;
}

/** What the network says, labels that count first, the most probable first. */
export function findingsOf({ labels, thresholds }: Interpretation): Finding[] {
  return Object.entries(labels)
    .map(([label, probability]) => {
      const threshold = thresholds?.[label];
      return { label, probability, threshold, counts: threshold !== undefined && probability >= threshold };
    })
    .sort((a, b) => Number(b.counts) - Number(a.counts) || b.probability - a.probability);
}

function findings(said: Interpretation): string {
  return findingsOf(said)
    .map(({ label, probability, threshold }) => `${label} ${probability.toFixed(2)}${threshold === undefined ? "" : ` (from ${threshold.toFixed(2)})`}`)
    .join(", ");
}

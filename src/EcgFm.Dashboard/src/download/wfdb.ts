import { present } from "../alert/sheet";
import type { Snippet } from "../contract/messages";

/** A WFDB record (header(5) and signal(5) of the WFDB Applications Guide). */
export interface WfdbRecord {
  readonly header: string;
  /** Format 16. */
  readonly signals: Uint8Array<ArrayBuffer>;
}

/**
 * The snippet as a record, in microvolts; -32768 is a missing sample in format 16 as in the contract.
 * @param name Letters, digits, hyphens and underscores.
 * @param comments Lines for the end of the header.
 */
export function wfdb(name: string, snippet: Pick<Snippet, "start" | "sampleRate" | "length" | "leads">, comments: readonly string[]): WfdbRecord {
  const { sampleRate, length, leads } = snippet;
  if (!/^[A-Za-z0-9_-]+$/.test(name)) throw new Error(`"${name}" is no name for a record: letters, digits, hyphens and underscores.`);
  const shown = present(snippet);
  const signals = new Uint8Array(length * shown.length * 2);
  const view = new DataView(signals.buffer);
  const start = new Date(snippet.start).toISOString();
  const [year, month, day] = start.slice(0, 10).split("-");
  const lines = [`${name} ${shown.length} ${sampleRate} ${length} ${start.slice(11, 23)} ${day}/${month}/${year}`];
  shown.forEach((lead, channel) => {
    const samples = leads[lead];
    samples.forEach((value, i) => view.setInt16((i * shown.length + channel) * 2, value, true));
    const checksum = samples.reduce((sum, value) => ((sum + value) << 16) >> 16, 0);
    lines.push(`${name}.dat 16 1000(0)/mV 16 0 ${samples[0]} ${checksum} 0 ${lead}`);
  });
  for (const comment of comments) lines.push(`# ${comment.replace(/\s+/g, " ")}`);
  return { header: lines.join("\n") + "\n", signals };
}

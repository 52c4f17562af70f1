import { present } from "../alert/sheet";
import { missing } from "../contract/lead";
import type { Snippet } from "../contract/messages";

/** Comma-separated values (RFC 4180): a line for each sampling instant, units in the header; what is missing is empty, a lead that the source does not have is no column. */
export function csv(snippet: Pick<Snippet, "start" | "sampleRate" | "length" | "leads" | "saliency">): string {
  const columns = present(snippet);
  const header = [`seconds since ${snippet.start}`, ...columns.map((lead) => `${lead} (mV)`)];
  if (snippet.saliency) header.push("attention (1 is the greatest)");
  const lines = [header.join(",")];
  for (let i = 0; i < snippet.length; i++) {
    const cells = [(i / snippet.sampleRate).toFixed(3)];
    for (const lead of columns) {
      const value = snippet.leads[lead][i];
      cells.push(value === missing ? "" : (value / 1000).toFixed(3));
    }
    if (snippet.saliency) cells.push((snippet.saliency[i] / 255).toFixed(3));
    lines.push(cells.join(","));
  }
  return lines.join("\r\n") + "\r\n";
}

import type { Interpretation } from "../contract/messages";

/** What the network calls the ten seconds: the labels that it counts as present, the clearest first; undefined where they were not fit to be judged. */
export function rhythm(interpretation: Interpretation | undefined): string | undefined {
  if (interpretation === undefined || !interpretation.quality.usable) return undefined;
  const { labels, thresholds } = interpretation;
  const present = Object.entries(labels)
    .map(([label, probability]) => ({ label, margin: margin(probability, thresholds?.[label] ?? 0.5) }))
    .filter(({ label, margin }) => margin >= 0 && label !== "Poor data quality")
    .sort((a, b) => b.margin - a.margin);
  return present.length === 0 ? "No label present" : present.slice(0, 2).map(({ label }) => label).join(" · ");
}

/** How far a probability is above its threshold, as a share of what lies above it. */
function margin(probability: number, threshold: number): number {
  return threshold < 1 ? (probability - threshold) / (1 - threshold) : probability - threshold;
}

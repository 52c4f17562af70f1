import type { Bed } from "../state/bed";

/** The alerts of a bed and of its box: active, acknowledged, over. */
export function AlertList({ bed }: { bed: Bed }) {
  return <section aria-label="Alerts" data-bed={bed.name} />;
}

import type { Bed } from "../state/bed";

/** The active alerts of a bed in one line, for its tile. */
export function AlertSummary({ bed }: { bed: Bed }) {
  return <ul class="alert-summary">{bed.active.value.map((alert) => <li key={alert.id} data-alert={alert.id} data-priority={alert.priority}>{alert.title}</li>)}</ul>;
}

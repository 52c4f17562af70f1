import type { Alert } from "../contract/messages";
import type { Bed } from "../state/bed";
import { presentation, rank } from "../state/priority";
import { signals, statusOf } from "./status";

/** Alerts in the order in which they want somebody: those that signal first, then by priority, patients before equipment, the oldest first. */
export function byUrgency(alerts: readonly Alert[], now: number): Alert[] {
  const quiet = (alert: Alert) => Number(!signals(statusOf(alert, true, now)));
  return [...alerts].sort((a, b) => quiet(a) - quiet(b) || rank[a.priority] - rank[b.priority] || Number(a.kind === "technical") - Number(b.kind === "technical") || Date.parse(a.onset) - Date.parse(b.onset));
}

/** The active alerts of a bed and its box for its tile: the most urgent two, and how many more. */
export function AlertSummary({ bed }: { bed: Bed }) {
  const time = Date.now();
  const alerts = byUrgency([...bed.active.value, ...bed.box.active.value], time);
  return (
    <ul class="alert-summary" aria-label="Active alerts">
      {alerts.slice(0, 2).map((alert) => {
        const status = statusOf(alert, true, time);
        return (
          <li key={alert.id} class="alarm" data-alert={alert.id} data-priority={alert.priority} data-status={status} data-quiet={signals(status) ? undefined : ""}>
            <span aria-hidden="true">{presentation[alert.priority].symbol}</span><span class="unseen">{presentation[alert.priority].word} priority:</span> {alert.title}
            {status !== "active" && <small>{status === "acknowledged" ? " seen" : status === "paused" ? " paused" : " over"}</small>}
          </li>
        );
      })}
      {alerts.length > 2 && <li class="more">+{alerts.length - 2}<span class="unseen"> more</span></li>}
    </ul>
  );
}

import type { Alert } from "../contract/messages";
import type { Bed } from "../state/bed";
import { presentation, rank } from "../state/priority";
import { signals, statusOf, type AlertStatus } from "./status";

/** Alerts in the order in which they want somebody: those that signal first, then by priority, what goes on before what is over, patients before equipment, the oldest first. */
export function byUrgency(alerts: readonly Alert[], now: number): Alert[] {
  const place = (alert: Alert) => [Number(!signals(statusOf(alert, true, now))), rank[alert.priority], Number(alert.state === "latched"), Number(alert.kind === "technical"), Date.parse(alert.onset)];
  return alerts
    .map((alert) => ({ alert, place: place(alert) }))
    .sort((a, b) => a.place.map((value, i) => value - b.place[i]).find((difference) => difference !== 0) ?? 0)
    .map(({ alert }) => alert);
}

const marks: Partial<Record<AlertStatus, string>> = { acknowledged: "seen", paused: "paused", latched: "over" };

/** The active alerts of a bed and its box for its tile: on one line as many as have room, and how many they are. */
export function AlertSummary({ bed }: { bed: Bed }) {
  const time = Date.now();
  const alerts = byUrgency([...bed.active.value, ...bed.box.active.value], time);
  if (alerts.length === 0) return null;
  return (
    <div class="alert-summary">
      <ul aria-label="Active alerts">
        {alerts.map((alert) => {
          const status = statusOf(alert, true, time);
          return (
            <li key={alert.id} class="alarm" data-alert={alert.id} data-priority={alert.priority} data-status={status} data-quiet={signals(status) ? undefined : ""}>
              <span aria-hidden="true">{presentation[alert.priority].symbol}</span><span class="unseen">{presentation[alert.priority].word} priority:</span> {alert.title}
              {marks[status] !== undefined && <small> {marks[status]}</small>}
            </li>
          );
        })}
      </ul>
      {alerts.length > 1 && <span class="count">{alerts.length}<span class="unseen"> alerts</span></span>}
    </div>
  );
}

import type { ActiveAlerts, Alert } from "../contract/messages";

/** The alerts of a bed or a box. */
export interface Alarms {
  /** Active now, the oldest first. */
  readonly active: readonly Alert[];
  /** Over, or told of the past; the newest first. */
  readonly past: readonly Alert[];
  /** The steps of these alerts that were seen, by the alert's id, in order; of reminders only the newest. */
  readonly steps: ReadonlyMap<string, readonly Alert[]>;
}

const kept = 200;

export const noAlarms: Alarms = { active: [], past: [], steps: new Map() };

/** Takes one step of one alert. It may come twice, and late. */
export function step(alarms: Alarms, alert: Alert): Alarms {
  const known = find(alarms, alert.id);
  if (known !== undefined && known.sequence >= alert.sequence) return alarms;
  // A step that was stored meanwhile does not say that the alert is active now; the list of active alerts does.
  const isActive = alert.state !== "cleared" && (!alert.historical || alarms.active.some(({ id }) => id === alert.id));
  return remember(alarms, [alert], isActive
    ? { active: sorted([...without(alarms.active, alert.id), alert]), past: without(alarms.past, alert.id) }
    : { active: without(alarms.active, alert.id), past: [alert, ...without(alarms.past, alert.id)].slice(0, kept) });
}

/** Takes the list of the alerts that are active now. */
export function list(alarms: Alarms, { alerts }: ActiveAlerts): Alarms {
  const active = alerts
    .map((alert) => newest(alert, find(alarms, alert.id)))
    .filter((alert) => alert.state !== "cleared");
  const gone = alarms.active.filter(({ id }) => !alerts.some((alert) => alert.id === id));
  const past = alarms.past.filter(({ id }) => !active.some((alert) => alert.id === id));
  return remember(alarms, active, { active: sorted(active), past: [...gone, ...past].slice(0, kept) });
}

/** Adds steps to those seen, and forgets those of alerts that are no longer kept. */
function remember({ steps }: Alarms, fresh: readonly Alert[], { active, past }: Pick<Alarms, "active" | "past">): Alarms {
  const seen = new Map([...active, ...past].map(({ id }) => [id, steps.get(id) ?? []]));
  for (const alert of fresh) {
    const before = seen.get(alert.id) ?? [];
    if (!before.some(({ sequence }) => sequence >= alert.sequence)) seen.set(alert.id, [...before.filter(({ state }) => state !== "ongoing"), alert]);
  }
  return { active, past, steps: seen };
}

function newest(listed: Alert, known: Alert | undefined): Alert {
  return known !== undefined && known.sequence > listed.sequence ? known : listed;
}

function find(alarms: Alarms, id: string): Alert | undefined {
  return alarms.active.find((alert) => alert.id === id) ?? alarms.past.find((alert) => alert.id === id);
}

function without(alerts: readonly Alert[], id: string): readonly Alert[] {
  return alerts.filter((alert) => alert.id !== id);
}

function sorted(alerts: Alert[]): Alert[] {
  return alerts.sort((a, b) => Date.parse(a.onset) - Date.parse(b.onset));
}

import type { Alert } from "../contract/messages";
import { presentation } from "../state/priority";

/** An alert and where it is. */
export interface Located {
  /** Bed or box. */
  readonly place: string;
  readonly alert: Alert;
}

/** What a screen reader is to say: at once, or when it has finished what it says. */
export interface Announcement {
  readonly assertive: string;
  readonly polite: string;
}

/** More than this at once, as when the page connects, are only counted. */
const most = 4;

/** Finds what is new to say. High priority interrupts; the rest waits. */
export class Announcer {
  private readonly known = new Set<string>();

  /** Takes all alerts that signal now; undefined where none of them is new. */
  take(alerts: readonly Located[]): Announcement | undefined {
    const fresh = alerts.filter(({ alert }) => !this.known.has(alert.id));
    this.known.clear();
    for (const { alert } of alerts) this.known.add(alert.id);
    if (fresh.length === 0) return undefined;
    const high = fresh.filter(({ alert }) => alert.priority === "high");
    const rest = fresh.filter(({ alert }) => alert.priority !== "high");
    return { assertive: said(high), polite: said(rest) };
  }
}

function said(alerts: readonly Located[]): string {
  if (alerts.length > most) return `${alerts.length} new alerts, at ${[...new Set(alerts.map(({ place }) => place))].slice(0, most).join(", ")}.`;
  return alerts.map(({ place, alert }) => `${place}: ${presentation[alert.priority].word} priority, ${alert.title}.`).join(" ");
}

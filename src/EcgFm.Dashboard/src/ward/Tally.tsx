import { signals, statusOf } from "../alerts/status";
import type { Alert } from "../contract/messages";
import { now } from "../state/clock";
import { presentation, rank } from "../state/priority";
import { href, route } from "../state/route";
import type { Ward } from "../state/ward";

/** How many named beds have room in the bar. */
const most = 2;

/** Alerts that want somebody at beds other than the one that is shown: who looks at one bed must not miss another. */
export function Tally({ ward }: { ward: Ward }) {
  void now.value;
  const at = route.value;
  if (at.view === "ward") return null;
  const shown = ward.find(at.bed);
  const time = Date.now();
  const waiting = ward.beds.value
    .filter((bed) => bed !== shown)
    .flatMap((bed) => bed.active.value.filter((alert) => signals(statusOf(alert, true, time))).map((alert) => ({ bed, alert })))
    .sort((a, b) => order(a.alert, b.alert));
  if (waiting.length === 0) return null;
  return (
    <nav class="tally" aria-label="Alerts at other beds" data-testid="tally">
      {waiting.slice(0, most).map(({ bed, alert }) => (
        <a key={alert.id} class="alarm" data-priority={alert.priority} data-bed={bed.name} href={href({ view: "bed", bed: bed.key })}>
          <span aria-hidden="true">{presentation[alert.priority].symbol}</span><span class="unseen">{presentation[alert.priority].word} priority:</span> {bed.name} {alert.title}
        </a>
      ))}
      {waiting.length > most && <a class="more" href={href({ view: "ward" })}>+{waiting.length - most}<span class="unseen"> more, at all beds</span></a>}
    </nav>
  );
}

function order(a: Alert, b: Alert): number {
  return rank[a.priority] - rank[b.priority] || Number(a.kind === "technical") - Number(b.kind === "technical") || Date.parse(a.onset) - Date.parse(b.onset);
}

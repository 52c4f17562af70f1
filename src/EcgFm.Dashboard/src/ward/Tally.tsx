import { signals, statusOf } from "../alerts/status";
import type { Alert } from "../contract/messages";
import { now } from "../state/clock";
import { presentation, rank } from "../state/priority";
import { href, route } from "../state/route";
import type { Ward } from "../state/ward";

/** How many alerts have room in the bar. */
const most = 2;

/** Alerts that want somebody at beds and boxes other than the one that is shown: who looks at one bed must not miss another, and sees why it sounds. */
export function Tally({ ward }: { ward: Ward }) {
  void now.value;
  const at = route.value;
  if (at.view === "ward") return null;
  const shown = ward.find(at.bed);
  const time = Date.now();
  const beds = ward.beds.value;
  const waiting = [
    ...beds.filter((bed) => bed !== shown).map((bed) => ({ name: bed.name, bed, active: bed.active.value })),
    // What is about a box stands beside each of its beds.
    ...ward.boxes.value.filter((box) => box !== shown?.box).map((box) => ({ name: box.device, bed: beds.find((bed) => bed.box === box), active: box.active.value })),
  ]
    .flatMap(({ active, ...place }) => active.filter((alert) => signals(statusOf(alert, true, time))).map((alert) => ({ ...place, alert })))
    .sort((a, b) => order(a.alert, b.alert));
  if (waiting.length === 0) return null;
  return (
    <nav class="tally" aria-label="Alerts elsewhere" data-testid="tally">
      {waiting.slice(0, most).map(({ name, bed, alert }) => (
        <a key={alert.id} class="alarm" data-priority={alert.priority} data-bed={bed?.name} href={href(bed === undefined ? { view: "ward" } : { view: "bed", bed: bed.key })}>
          <span aria-hidden="true">{presentation[alert.priority].symbol}</span><span class="unseen">{presentation[alert.priority].word} priority:</span> {name} {alert.title}
        </a>
      ))}
      {waiting.length > most && <a class="more" href={href({ view: "ward" })}>+{waiting.length - most}<span class="unseen"> more, at all beds</span></a>}
    </nav>
  );
}

function order(a: Alert, b: Alert): number {
  return rank[a.priority] - rank[b.priority] || Number(a.kind === "technical") - Number(b.kind === "technical") || Date.parse(a.onset) - Date.parse(b.onset);
}

import type { Alert } from "../contract/messages";
import { useShortcuts } from "../keys/shortcuts";
import type { Bed } from "../state/bed";
import { now } from "../state/clock";
import { href } from "../state/route";
import { standing } from "../state/standing";
import { byUrgency } from "./AlertSummary";
import { asking, ofBed, ofBox } from "./asking";
import { Chip } from "./Chip";
import { signals, statusOf, statusWords } from "./status";
import { clock, span } from "./time";

/** Silence must never look like health. */
const unknown = "None known, and nothing comes from this bed.";

/** The alerts of a bed and of its box: about the patient, about the equipment, and what is over. */
export function AlertList({ bed }: { bed: Bed }) {
  void now.value; // Ages go on.
  const time = Date.now();
  const isLive = standing(bed).value.condition === "live";
  const active = byUrgency([...bed.active.value, ...bed.box.active.value], time);
  const past = [...bed.past.value, ...bed.box.past.value].sort((a, b) => Date.parse(b.onset) - Date.parse(a.onset));
  const paused = bed.pausedUntil.value !== undefined && Date.parse(bed.pausedUntil.value) > time ? bed.pausedUntil.value : undefined;
  useShortcuts([
    { key: "a", says: "Acknowledge the most urgent alert of this bed", run: () => acknowledgeFirst(bed) },
    { key: "p", says: "Pause the alerts of this bed, or end the pause", run: () => (asking.value = { what: isPaused(bed) ? "resume" : "pause", of: ofBed(bed) }) },
  ], [bed]);

  return (
    <section class="alerts" aria-label={`Alerts of ${bed.name}`} data-testid="alert-list" data-bed={bed.name}>
      <header>
        <h3>Alerts</h3>
        {paused === undefined
          ? <button onClick={() => (asking.value = { what: "pause", of: ofBed(bed) })}>Pause …</button>
          : <><span class="paused" data-testid="paused">Paused until {clock(paused)}, {span(Date.parse(paused) - time)} left</span><button onClick={() => (asking.value = { what: "resume", of: ofBed(bed) })}>End the pause …</button></>}
      </header>
      <Group title="Patient" bed={bed} time={time} alerts={active.filter(({ kind }) => kind === "physiological")} none={isLive ? "No alert about the patient is active." : unknown} />
      <Group title="Equipment" bed={bed} time={time} alerts={active.filter(({ kind }) => kind === "technical")} none={isLive ? "No alert about the equipment is active." : unknown} />
      <details class="past">
        <summary>Over ({past.length})</summary>
        {past.length === 0 && <p class="quiet">None since this page was opened.</p>}
        <ol>{past.map((alert) => <Past key={alert.id} bed={bed} alert={alert} time={time} />)}</ol>
      </details>
    </section>
  );
}

function Group({ title, bed, alerts, time, none }: { title: string; bed: Bed; alerts: readonly Alert[]; time: number; none: string }) {
  return (
    <>
      <h4>{title}</h4>
      {alerts.length === 0 ? <p class="quiet">{none}</p> : <ol>{alerts.map((alert) => <Active key={alert.id} bed={bed} alert={alert} time={time} />)}</ol>}
    </>
  );
}

function Active({ bed, alert, time }: { bed: Bed; alert: Alert; time: number }) {
  const status = statusOf(alert, true, time);
  const figures = [
    alert.probability !== undefined && `probability ${alert.probability.toFixed(2)}`,
    alert.heartRate !== undefined && `${Math.round(alert.heartRate)} /min`,
    alert.acknowledgedBy !== undefined && `seen by ${alert.acknowledgedBy}`,
    alert.historical && "delivered late",
  ].filter(Boolean);
  return (
    <li class="alert" data-alert={alert.id} data-priority={alert.priority} data-status={status}>
      <Chip priority={alert.priority} signals={signals(status)} />
      <div class="what">
        <strong>{alert.title}</strong>
        {alert.detail !== undefined && <span>{alert.detail}</span>}
        <span class="quiet">{statusWords[status]} · since <time dateTime={alert.onset}>{clock(alert.onset)}</time>, {span((alert.ended === undefined ? time : Date.parse(alert.ended)) - Date.parse(alert.onset))}{figures.length > 0 && ` · ${figures.join(" · ")}`}</span>
      </div>
      <div class="buttons">
        {alert.kind === "physiological" && <a class="button" href={href({ view: "alert", bed: bed.key, alert: alert.id })}>View<span class="unseen"> {alert.title}</span></a>}
        {alert.acknowledgedBy === undefined && <button class="primary" onClick={() => acknowledge(bed, alert)}>Acknowledge<span class="unseen"> {alert.title}</span> …</button>}
      </div>
    </li>
  );
}

function Past({ bed, alert, time }: { bed: Bed; alert: Alert; time: number }) {
  const status = statusOf(alert, false, time);
  return (
    <li class="alert over" data-alert={alert.id} data-priority={alert.priority} data-status={status}>
      <Chip priority={alert.priority} signals={false} />
      <div class="what">
        {alert.kind === "physiological" ? <a href={href({ view: "alert", bed: bed.key, alert: alert.id })}>{alert.title}</a> : <span>{alert.title}</span>}
        <span class="quiet">{statusWords[status]} · {clock(alert.onset)} – {alert.ended === undefined ? "end not told" : clock(alert.ended)}{alert.acknowledgedBy !== undefined && ` · seen by ${alert.acknowledgedBy}`}{alert.historical && status !== "past" && " · delivered late"}</span>
      </div>
    </li>
  );
}

/** Asks to acknowledge the alert, of the bed or of its box. */
export function acknowledge(bed: Bed, alert: Alert): void {
  asking.value = { what: "acknowledge", of: alert.bed === undefined ? ofBox(bed.box) : ofBed(bed), alert };
}

function acknowledgeFirst(bed: Bed): void {
  const first = byUrgency([...bed.active.peek(), ...bed.box.active.peek()], Date.now()).find(({ acknowledgedBy }) => acknowledgedBy === undefined);
  if (first !== undefined) acknowledge(bed, first);
}

function isPaused(bed: Bed): boolean {
  const until = bed.pausedUntil.peek();
  return until !== undefined && Date.parse(until) > Date.now();
}

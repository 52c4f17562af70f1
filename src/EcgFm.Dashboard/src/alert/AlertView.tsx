import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { acknowledge } from "../alerts/AlertList";
import { asking, ofBed } from "../alerts/asking";
import { Chip } from "../alerts/Chip";
import { course } from "../alerts/course";
import { signals, statusOf, statusWords } from "../alerts/status";
import { clock, day } from "../alerts/time";
import type { Alert, Interpretation } from "../contract/messages";
import { download, formats, type Format } from "../download/downloads";
import { useShortcuts } from "../keys/shortcuts";
import type { Bed, ReceivedSnippet } from "../state/bed";
import { now } from "../state/clock";
import { href } from "../state/route";
import { disclaimer, saliencyMeaning } from "./facts";
import { lastSeen } from "./lastSeen";
import { chosenLayout, shaded } from "./look";
import { Probabilities } from "./Probabilities";
import { naturalLayout, sheet } from "./sheet";
import { SheetView } from "./SheetView";

/** The ten seconds behind an alert, what the network looked at and what it says, and the life of the alert. */
export function AlertView({ bed, id }: { bed: Bed; id: string }) {
  const isActive = bed.active.value.some((alert) => alert.id === id);
  const alert = [...bed.active.value, ...bed.past.value].find((alert) => alert.id === id);
  const received = bed.snippets.value.get(id);
  const steps = bed.alarms.value.steps.get(id) ?? (alert ? [alert] : []);
  const seen = lastSeen(steps);
  const said = received?.snippet.interpretation ?? seen?.evidence;
  return (
    <article class="alert-view" data-testid="alert-view" data-bed={bed.name} data-alert={id} data-priority={alert?.priority} aria-labelledby="alert-title">
      <Heading bed={bed} alert={alert} seen={seen} isActive={isActive} received={received} />
      {received === undefined ? <Unknown bed={bed} alert={alert} isActive={isActive} /> : <TenSeconds bed={bed} alert={alert} received={received} />}
      <div class="panels">
        {said && <Probabilities said={said} ofRule={seen?.probability} />}
        {alert && <Course steps={steps} />}
        <About bed={bed} alert={alert} said={said} received={received} />
      </div>
      <footer class="disclaimer">{disclaimer}</footer>
    </article>
  );
}

function Heading({ bed, alert, seen, isActive, received }: { bed: Bed; alert: Alert | undefined; seen: Alert | undefined; isActive: boolean; received: ReceivedSnippet | undefined }) {
  void now.value; // A pause ends by the clock.
  const status = alert && statusOf(alert, isActive, Date.now());
  const start = received?.snippet.start ?? alert?.onset;
  const rate = received?.snippet.heartRate ?? seen?.heartRate;
  return (
    <header class="alert-heading" data-status={status}>
      <a class="button back" href={href({ view: "bed", bed: bed.key })} aria-label={`Back to ${bed.name}`}>←</a>
      {alert && status && <Chip priority={alert.priority} signals={signals(status)} />}
      <div>
        <h2 id="alert-title">{alert?.title ?? (received ? "Snapshot" : "An alert that this page does not know")}</h2>
        <p class="quiet">Bed {bed.name} · {bed.box.site} · {bed.box.device}{start !== undefined && <> · <time dateTime={start}>{day(start)}, {clock(start)}</time></>}{status && <> · <strong>{statusWords[status]}</strong></>}{alert?.acknowledgedBy !== undefined && ` · seen by ${alert.acknowledgedBy}`}</p>
        {alert?.detail !== undefined && <p>{alert.detail}</p>}
      </div>
      {rate !== undefined && <p class="rate"><span class="digits">{Math.round(rate)}</span> <span class="unit">/min</span></p>}
      {alert && isActive && alert.acknowledgedBy === undefined && <button class="primary" onClick={() => acknowledge(bed, alert)}>Acknowledge …</button>}
    </header>
  );
}

function TenSeconds({ bed, alert, received }: { bed: Bed; alert: Alert | undefined; received: ReceivedSnippet }) {
  const { snippet } = received;
  const natural = naturalLayout(snippet);
  const layout = chosenLayout.value ?? natural;
  const drawn = useMemo(() => sheet(snippet, layout), [snippet, layout]);
  const fault = useSignal("");
  const turn = () => (chosenLayout.value = (chosenLayout.peek() ?? natural) === "standard" ? "rows" : "standard");
  const save = (format: Format) =>
    download(format, received, alert, `${bed.box.site} · ${bed.box.device}`, { layout, shaded: shaded.peek() }).then(() => (fault.value = ""), (error: Error) => (fault.value = `Not saved: ${error.message}`));
  useShortcuts([
    { key: "o", says: "Shading on or off: where the network looked", run: () => (shaded.value = !shaded.peek()) },
    { key: "l", says: "Other layout of the leads", run: turn },
  ], [natural]);
  return (
    <figure class="ten-seconds" data-layout={layout}>
      <div class="toolbar">
        <label class="check"><input type="checkbox" checked={shaded.value} disabled={!snippet.saliency} onChange={() => (shaded.value = !shaded.value)} /> <span class="swatch" aria-hidden="true" /> Where the network looked{!snippet.saliency && " (it did not say)"}</label>
        <button onClick={turn}>{layout === "standard" ? "Each lead ten seconds" : "Three by four with rhythm strip"}</button>
        <button class="print" onClick={() => print()}>Print</button>
        <span class="downloads" role="group" aria-label="Save the ten seconds as">Save {formats.map((format) => <button key={format} onClick={() => save(format)}>{format}</button>)}</span>
      </div>
      <p role="status" class="fault">{fault}</p>
      <SheetView sheet={drawn} shaded={shaded.value} label={`Ten seconds of ${Object.keys(snippet.leads).length} leads, ${snippet.beats.length} beats found${snippet.saliency && shaded.value ? ", shaded where the network attended most" : ""}`} />
      {snippet.saliency && shaded.value && <figcaption>{saliencyMeaning}</figcaption>}
    </figure>
  );
}

function Unknown({ bed, alert, isActive }: { bed: Bed; alert: Alert | undefined; isActive: boolean }) {
  const ask = (alert?: Alert) => (asking.value = { what: "snapshot", of: ofBed(bed), alert, done: ({ snippet }) => snippet && (location.hash = href({ view: "alert", bed: bed.key, alert: snippet })) });
  return (
    <div class="panel unknown" data-testid="no-snippet">
      <p>
        The ten seconds {alert ? "behind this alert" : "of this address"} are not on this page: it was opened after they were sent, or has dropped them since, for it keeps the newest eight of each bed.
        {isActive && " The box keeps those of an active alert."}
      </p>
      <div class="buttons">
        {isActive && <button class="primary" onClick={() => ask(alert)}>The ten seconds at its onset …</button>}
        <button onClick={() => ask()}>Ten seconds of now …</button>
      </div>
    </div>
  );
}

function Course({ steps }: { steps: readonly Alert[] }) {
  return (
    <section class="panel" aria-labelledby="course">
      <h3 id="course">Course</h3>
      <ol class="course">{course(steps).map(({ time, says }, i) => <li key={i}>{time === undefined ? <span class="quiet">–</span> : <time dateTime={time}>{clock(time)}</time>} {says}</li>)}</ol>
    </section>
  );
}

function About({ bed, alert, said, received }: { bed: Bed; alert: Alert | undefined; said: Interpretation | undefined; received: ReceivedSnippet | undefined }) {
  const quality = received?.snippet.quality ?? said?.quality;
  const rows: [string, ComponentChildren][] = [];
  if (alert) rows.push(["Code", [alert.code.own, alert.code.snomed && `SNOMED CT ${alert.code.snomed}`, alert.code.mdc].filter(Boolean).join(" · ")]);
  if (said) rows.push(["Network", `${said.model.name} ${said.model.version}, ${said.model.precision}, ${said.inferenceMilliseconds.toFixed(1)} ms`], ["SHA-256", <code>{said.model.sha256}</code>], ["Ten seconds", `window ${said.window}, ${clock(said.start)} to ${clock(said.end)}`]);
  if (quality) rows.push(["Quality", qualityWords(quality)]);
  if (received?.snippet.leadOff.length) rows.push(["Electrode off", received.snippet.leadOff.join(", ")]);
  rows.push(["Box", `${bed.box.device}${bed.box.status.value ? `, version ${bed.box.status.value.version}` : ""}`]);
  if (alert) rows.push(["Alert", <code>{alert.id}</code>]);
  return (
    <section class="panel" aria-labelledby="about">
      <h3 id="about">What it rests on</h3>
      <dl class="about">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </section>
  );
}

const issueWords: Record<string, string> = { absent: "absent", leadOff: "electrode off", missing: "samples missing", flat: "flat", saturated: "saturated", noise: "noise" };

function qualityWords({ usable, issues, missingSamples, interpolatedSamples }: ReceivedSnippet["snippet"]["quality"]): string {
  const wrong = Object.entries(issues).map(([lead, found]) => `${lead} ${found.map((issue) => issueWords[issue] ?? issue).join(", ")}`);
  return [usable ? "fit for analysis" : "not fit for analysis", ...wrong, missingSamples > 0 && `${missingSamples} of 5000 samples missing in the lead that misses most`, interpolatedSamples > 0 && `${interpolatedSamples} interpolated`].filter(Boolean).join("; ");
}

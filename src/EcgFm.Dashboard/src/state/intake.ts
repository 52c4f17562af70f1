import { decode } from "../contract/decode";
import { alertSchema, alertsSchema, answerSchema, healthSchema, interpretationSchema, snippetSchema, statusSchema, vitalsSchema, type Answer } from "../contract/messages";
import { parseTopic, type Address } from "../contract/topic";
import { decodeWave } from "../contract/wave";
import { list, step } from "./alarms";
import type { Ward } from "./ward";

/** Takes what comes from the broker into the ward. A message that is damaged, or of another bed than its topic says, changes nothing and is counted. */
export class Intake {
  /** Messages taken. */
  taken = 0;
  /** Messages that could not be read. */
  dropped = 0;

  constructor(private readonly root: string, private readonly ward: Ward, private readonly onAnswer: (answer: Answer, correlation?: string) => void) {}

  /** Takes a message that came at a time of the page's clock. */
  take(topic: string, payload: Uint8Array, now: number, correlation?: string): void {
    const address = parseTopic(this.root, topic);
    // An empty payload is how a retained message is deleted.
    if (address === undefined || payload.length === 0) return;
    if (this.read(address, payload, now, correlation)) this.taken++;
    else this.dropped++;
  }

  private read(address: Address, payload: Uint8Array, now: number, correlation?: string): boolean {
    if (address.what === "answer") {
      const answer = decode(answerSchema, payload);
      if (answer !== undefined) this.onAnswer(answer, correlation);
      return answer !== undefined;
    }
    return address.bed === undefined ? this.ofBox(address, payload) : this.ofBed(address, payload, now);
  }

  private ofBox({ site, device, what }: Address & { bed?: undefined }, payload: Uint8Array): boolean {
    switch (what) {
      case "status": {
        const status = decode(statusSchema, payload);
        if (status === undefined) return false;
        const box = this.ward.box(site, device);
        box.status.value = status;
        for (const bed of status.beds) this.ward.bed(site, device, bed);
        return true;
      }
      case "health": {
        const health = decode(healthSchema, payload);
        if (health !== undefined) this.ward.box(site, device).health.value = health;
        return health !== undefined;
      }
      case "alert": {
        const alert = decode(alertSchema, payload);
        if (alert === undefined || alert.bed !== undefined) return false;
        const { alarms } = this.ward.box(site, device);
        alarms.value = step(alarms.value, alert);
        return true;
      }
      case "alerts": {
        const alerts = decode(alertsSchema, payload);
        if (alerts === undefined || alerts.bed !== undefined) return false;
        const { alarms } = this.ward.box(site, device);
        alarms.value = list(alarms.value, alerts);
        return true;
      }
      default:
        return false;
    }
  }

  private ofBed({ site, device, bed: name, what, id }: Address & { bed: string }, payload: Uint8Array, now: number): boolean {
    switch (what) {
      case "wave": {
        const wave = decodeWave(payload);
        if (wave === undefined) return false;
        const bed = this.ward.bed(site, device, name);
        bed.trace.add(wave, now);
        bed.heard.value = now;
        return true;
      }
      case "vitals": {
        const vitals = decode(vitalsSchema, payload);
        if (vitals?.bed !== name) return false;
        const bed = this.ward.bed(site, device, name);
        bed.vitalsHeard = bed.heard.value = now;
        bed.vitals.value = vitals;
        return true;
      }
      case "interpretation": {
        const interpretation = decode(interpretationSchema, payload);
        if (interpretation?.bed !== name) return false;
        const bed = this.ward.bed(site, device, name);
        bed.judged = now;
        bed.interpretation.value = interpretation;
        bed.trend.add(interpretation);
        return true;
      }
      case "alert": {
        const alert = decode(alertSchema, payload);
        if (alert?.bed !== name) return false;
        const { alarms } = this.ward.bed(site, device, name);
        alarms.value = step(alarms.value, alert);
        return true;
      }
      case "alerts": {
        const alerts = decode(alertsSchema, payload);
        if (alerts?.bed !== name) return false;
        const bed = this.ward.bed(site, device, name);
        bed.alarms.value = list(bed.alarms.value, alerts);
        bed.pausedUntil.value = alerts.pausedUntil;
        return true;
      }
      case "snippet": {
        const snippet = decode(snippetSchema, payload);
        if (snippet?.bed !== name || snippet.id !== id) return false;
        this.ward.bed(site, device, name).keep({ snippet, payload: payload.slice() });
        return true;
      }
      default:
        return false;
    }
  }
}

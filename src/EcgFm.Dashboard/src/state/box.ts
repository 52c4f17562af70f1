import { computed, signal, type Signal } from "@preact/signals";
import type { Command } from "../contract/command";
import type { Answer, Health, Status } from "../contract/messages";
import { noAlarms, type Alarms } from "./alarms";
import type { Ask } from "./bed";

/** One monitoring box. */
export class Box {
  /** Names the box among all: site and device. */
  readonly key: string;
  readonly status: Signal<Status | undefined> = signal(undefined);
  readonly health: Signal<Health | undefined> = signal(undefined);
  readonly alarms: Signal<Alarms> = signal(noAlarms);
  /** The alerts about the box itself that are active now. */
  readonly active = computed(() => this.alarms.value.active);
  readonly past = computed(() => this.alarms.value.past);

  constructor(readonly site: string, readonly device: string, private readonly ask: Ask) {
    this.key = `${site}/${device}`;
  }

  /** Acknowledges an alert about the box itself. */
  send(command: Command): Promise<Answer> {
    return this.ask(this, undefined, command);
  }
}

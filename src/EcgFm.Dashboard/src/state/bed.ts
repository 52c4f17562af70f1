import { computed, signal, type Signal } from "@preact/signals";
import type { Answer, Interpretation, Snippet, Vitals } from "../contract/messages";
import type { Command } from "../contract/command";
import { noAlarms, type Alarms } from "./alarms";
import type { Box } from "./box";
import { Trace } from "./trace";
import { Trend } from "./trend";

/** A snippet with the message it came in, for downloads. */
export interface ReceivedSnippet {
  readonly snippet: Snippet;
  readonly payload: Uint8Array;
}

/** Asks something of a bed, or of a box where no bed is named. The promise fails, with words for people, where no answer comes. */
export type Ask = (box: Box, bed: string | undefined, command: Command) => Promise<Answer>;

/** One bed of one box: what is known of it, as signals that views read. */
export class Bed {
  /** Snippets kept of each bed: 120 kB each. */
  private static readonly mostSnippets = 8;

  /** Names the bed among all boxes: site, device and bed. */
  readonly key: string;
  readonly vitals: Signal<Vitals | undefined> = signal(undefined);
  /** When vitals last came, by the page's own clock. */
  vitalsHeard = -Infinity;
  readonly interpretation: Signal<Interpretation | undefined> = signal(undefined);
  readonly alarms: Signal<Alarms> = signal(noAlarms);
  /** The alerts that are active now, the oldest first. */
  readonly active = computed(() => this.alarms.value.active);
  /** The last step of each alert that is over, as far as it was seen since the page was opened; the newest first. */
  readonly past = computed(() => this.alarms.value.past);
  readonly pausedUntil: Signal<string | undefined> = signal(undefined);
  /** The newest snippets by id. */
  readonly snippets: Signal<ReadonlyMap<string, ReceivedSnippet>> = signal(new Map());
  /** When vitals or samples last came, by the page's own clock; undefined before that. */
  readonly heard: Signal<number | undefined> = signal(undefined);
  /** When the network last judged, by the page's own clock. */
  judged = -Infinity;
  /** When the bed was first told of, by the page's own clock. */
  readonly since = performance.now();
  readonly trace = new Trace();
  readonly trend = new Trend();

  constructor(readonly box: Box, readonly name: string, private readonly ask: Ask) {
    this.key = `${box.key}/${name}`;
  }

  /** Asks something of the bed's alerts. The promise fails, with words for people, where no answer comes. */
  send(command: Command): Promise<Answer> {
    return this.ask(this.box, this.name, command);
  }

  keep(received: ReceivedSnippet): void {
    const newer = [...this.snippets.value].filter(([id]) => id !== received.snippet.id).slice(1 - Bed.mostSnippets);
    this.snippets.value = new Map([...newer, [received.snippet.id, received]]);
  }
}

import { signal, type Signal } from "@preact/signals";
import type { Alert, Interpretation, Snippet, Vitals } from "../contract/messages";
import type { Box } from "./box";

/** A snippet with the message it came in, for downloads. */
export interface ReceivedSnippet {
  readonly snippet: Snippet;
  readonly payload: Uint8Array;
}

/** One bed of one box: what is known of it, as signals that views read. */
export class Bed {
  /** Names the bed among all boxes: site, device and bed. */
  readonly key: string;
  readonly vitals: Signal<Vitals | undefined> = signal(undefined);
  readonly interpretation: Signal<Interpretation | undefined> = signal(undefined);
  /** The alerts that are active now, the oldest first. */
  readonly active: Signal<readonly Alert[]> = signal([]);
  /** The last step of each alert seen since the page was opened that is over, the newest first. */
  readonly past: Signal<readonly Alert[]> = signal([]);
  readonly pausedUntil: Signal<string | undefined> = signal(undefined);
  /** The newest snippets by id. */
  readonly snippets: Signal<ReadonlyMap<string, ReceivedSnippet>> = signal(new Map());
  /** When something live last came (vitals or wave), by the page's own clock; undefined before that. */
  readonly heard: Signal<number | undefined> = signal(undefined);

  constructor(readonly box: Box, readonly name: string) {
    this.key = `${box.key}/${name}`;
  }
}

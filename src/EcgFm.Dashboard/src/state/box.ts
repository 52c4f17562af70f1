import { signal, type Signal } from "@preact/signals";
import type { Alert, Health, Status } from "../contract/messages";

/** One monitoring box. */
export class Box {
  readonly key: string;
  readonly status: Signal<Status | undefined> = signal(undefined);
  readonly health: Signal<Health | undefined> = signal(undefined);
  /** The alerts about the box itself that are active now. */
  readonly active: Signal<readonly Alert[]> = signal([]);
  readonly past: Signal<readonly Alert[]> = signal([]);

  constructor(readonly site: string, readonly device: string) {
    this.key = `${site}/${device}`;
  }
}

import { computed, type ReadonlySignal } from "@preact/signals";
import { link } from "../connection/link";
import type { Bed } from "./bed";
import { now } from "./clock";
import { judge, type Condition } from "./condition";

/** How a bed stands now. */
export interface Standing {
  readonly condition: Condition;
  /** Milliseconds since anything live came; undefined where nothing has. */
  readonly silence: number | undefined;
}

const standings = new WeakMap<Bed, ReadonlySignal<Standing>>();

/** How the bed stands, second by second. */
export function standing(bed: Bed): ReadonlySignal<Standing> {
  let known = standings.get(bed);
  if (known === undefined) {
    known = computed(() => {
      const heard = bed.heard.value;
      const silence = heard === undefined ? undefined : Math.max(0, now.value - heard);
      return { condition: judge(link.value.state, bed.box.status.value?.state, silence, now.value - bed.since), silence };
    });
    standings.set(bed, known);
  }
  return known;
}

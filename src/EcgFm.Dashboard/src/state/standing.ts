import { computed, type ReadonlySignal } from "@preact/signals";
import { link } from "../connection/link";
import type { Vitals } from "../contract/messages";
import type { Bed } from "./bed";
import { now } from "./clock";
import { judge, staleAfterMs, type Condition } from "./condition";

/** How a bed stands now. */
export interface Standing {
  readonly condition: Condition;
  /** Milliseconds since anything live came, in whole seconds, zero while it is live; undefined where nothing ever came. */
  readonly silence: number | undefined;
}

const standings = new WeakMap<Bed, ReadonlySignal<Standing>>();

/** How the bed stands, second by second; it changes only with what it says, so that nothing is rendered with each block. */
export function standing(bed: Bed): ReadonlySignal<Standing> {
  let known = standings.get(bed);
  if (known === undefined) standings.set(bed, (known = follow(bed)));
  return known;
}

/** The vitals while they hold. Samples flow ten seconds before a box that was started anew, or a device that came back, has any; until then the last ones are of before. */
export function liveVitals(bed: Bed): Vitals | undefined {
  const vitals = bed.vitals.value;
  return standing(bed).value.condition === "live" && now.value - bed.vitalsHeard <= staleAfterMs ? vitals : undefined;
}

function follow(bed: Bed): ReadonlySignal<Standing> {
  let before: Standing | undefined;
  return computed(() => {
    const heard = bed.heard.peek();
    const silence = heard === undefined ? undefined : Math.max(0, now.value - heard);
    const condition = judge(link.value.state, bed.box.status.value?.state, silence, now.value - bed.since);
    const next = { condition, silence: silence && (condition === "live" ? 0 : Math.floor(silence / 1000) * 1000) };
    return before?.condition === next.condition && before.silence === next.silence ? before : (before = next);
  });
}

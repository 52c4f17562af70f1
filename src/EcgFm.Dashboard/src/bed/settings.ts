import { effect, signal, type Signal } from "@preact/signals";

/** Millimetres for a millivolt. */
export const gains = [5, 10, 20] as const;
/** Millimetres for a second. */
export const speeds = [12.5, 25, 50] as const;
/** How twelve leads lie on the screen: rows and columns. */
export const layouts = ["12 × 1", "6 × 2", "3 × 4"] as const;

export type Layout = (typeof layouts)[number];

export const gain = kept<(typeof gains)[number]>("ecgfm.gain", gains, 10);
export const speed = kept<(typeof speeds)[number]>("ecgfm.speed", speeds, 25);
export const layout = kept<Layout>("ecgfm.layout", layouts, "6 × 2");

/** Takes the next of the choices, after the last the first. */
export function next<T>(choice: Signal<T>, choices: readonly T[]): void {
  choice.value = choices[(choices.indexOf(choice.peek()) + 1) % choices.length];
}

/** A choice that this browser keeps. */
function kept<T>(key: string, choices: readonly T[], otherwise: T): Signal<T> {
  const choice = signal(choices.find((each) => String(each) === localStorage.getItem(key)) ?? otherwise);
  effect(() => localStorage.setItem(key, String(choice.value)));
  return choice;
}

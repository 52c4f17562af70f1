import { signal } from "@preact/signals";
import type { Command } from "../contract/command";
import type { Alert, Answer } from "../contract/messages";
import type { Bed } from "../state/bed";
import type { Box } from "../state/box";

/** Whoever commands can be sent to: a bed, or a box for alerts about itself. */
export interface Addressee {
  /** What people call it. */
  readonly title: string;
  /** The box's answer. The promise fails, with words for people, where none comes. */
  send(command: Command): Promise<Answer>;
}

export const ofBed = (bed: Bed): Addressee => ({ title: `Bed ${bed.name} · ${bed.box.site} · ${bed.box.device}`, send: (command) => bed.send(command) });

export const ofBox = (box: Box): Addressee => ({ title: `Box ${box.device} · ${box.site}`, send: (command) => box.send(command) });

/** What is to be asked of a box, once somebody has confirmed it. */
export type Asking =
  | { readonly what: "acknowledge"; readonly of: Addressee; readonly alert: Alert }
  | { readonly what: "pause" | "resume"; readonly of: Addressee }
  /** Ten seconds: those at the onset of an active alert, or those of now. */
  | { readonly what: "snapshot"; readonly of: Addressee; readonly alert?: Alert; readonly done: (answer: Answer) => void };

/** The question that stands before the user. */
export const asking = signal<Asking | undefined>(undefined);

const setting = "ecgfm.by";
const words = /^[A-Za-z0-9._ -]{1,64}$/;

/** The role or workplace that commands are sent as; kept for this session. */
export const by = {
  get: (): string => sessionStorage.getItem(setting) ?? "",
  set: (name: string): void => sessionStorage.setItem(setting, name),
  /** Whether the contract allows it. */
  allows: (name: string): boolean => words.test(name),
};

/** The command to send. */
export function commandOf(asking: Asking, by: string, seconds: number): Command {
  switch (asking.what) {
    case "acknowledge":
      return { command: "acknowledge", by, alert: asking.alert.id };
    case "pause":
      return { command: "pause", by, seconds };
    case "snapshot":
      return { command: "snapshot", by, ...(asking.alert && { alert: asking.alert.id }) };
    case "resume":
      return { command: "resume", by };
  }
}

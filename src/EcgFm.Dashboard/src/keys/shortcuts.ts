import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** A key that does something while what it belongs to is shown. */
export interface Shortcut {
  /** As KeyboardEvent.key has it. */
  readonly key: string;
  readonly says: string;
  readonly run: () => void;
}

const setting = "ecgfm.shortcuts";

/** Whether single keys do anything: who dictates to the computer switches them off (WCAG 2.1.4). Kept in this browser. */
export const shortcutsOn = signal(localStorage.getItem(setting) !== "off");

export function switchShortcuts(on: boolean): void {
  shortcutsOn.value = on;
  localStorage.setItem(setting, on ? "on" : "off");
}

/** What the keys do now, what was shown last first. */
export const shortcuts = signal<readonly (readonly Shortcut[])[]>([]);

/** Gives keys a meaning while the component is shown; a later one takes a key from an earlier one. */
export function useShortcuts(mine: readonly Shortcut[], inputs: readonly unknown[] = []): void {
  useEffect(() => {
    shortcuts.value = [mine, ...shortcuts.peek()];
    return () => void (shortcuts.value = shortcuts.peek().filter((other) => other !== mine));
  }, inputs);
}

/** Follows the keyboard. */
export function followKeys(): void {
  addEventListener("keydown", (event) => {
    const shortcut = meant(event);
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  });
}

/** The shortcut that the key means; none where somebody types, in a dialog, and with a key held that means something to the browser. */
export function meant(event: KeyboardEvent): Shortcut | undefined {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey || !shortcutsOn.value) return undefined;
  if (document.querySelector("dialog[open]") !== null) return undefined;
  if (event.target instanceof Element && event.target.closest("input, select, textarea, [contenteditable]") !== null) return undefined;
  return shortcuts.value.flat().find(({ key }) => key === event.key);
}

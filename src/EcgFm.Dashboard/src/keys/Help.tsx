import { signal } from "@preact/signals";
import { disclaimer } from "../alert/facts";
import { Chip } from "../alerts/Chip";
import { Dialog } from "./Dialog";
import { shortcuts, shortcutsOn, switchShortcuts } from "./shortcuts";

/** Whether the help is open. */
export const helping = signal(false);

const signs = { high: "Somebody must come at once. Flashes fast.", medium: "Somebody must come soon. Flashes slowly.", low: "To be known. Steady." };

/** What the keys do, and what the signs mean. */
export function Help() {
  if (!helping.value) return null;
  const seen = new Set<string>();
  const now = shortcuts.value.flat().filter(({ key }) => !seen.has(key) && seen.add(key));
  return (
    <Dialog title="Keys and signs" testId="help" onClose={() => (helping.value = false)}>
      <p><kbd>Tab</kbd> goes through everything, <kbd>Enter</kbd> opens or presses it, <kbd>Esc</kbd> closes a dialog.</p>
      <dl class="keys">
        {now.map(({ key, says }) => <div key={key}><dt><kbd>{key === "Escape" ? "Esc" : key}</kbd></dt><dd>{says}</dd></div>)}
      </dl>
      <label class="check"><input type="checkbox" checked={shortcutsOn.value} onChange={(event) => switchShortcuts(event.currentTarget.checked)} /> Single keys do something</label>
      <p>Filled and flashing until somebody acknowledges it or the bed is paused; then an outline.</p>
      <dl class="keys">
        {(["high", "medium", "low"] as const).map((priority) => (
          <div key={priority}><dt><Chip priority={priority} signals={false} /></dt><dd>{signs[priority]}</dd></div>
        ))}
      </dl>
      <p>{disclaimer}</p>
      <form method="dialog"><button class="primary" autofocus>Close</button></form>
    </Dialog>
  );
}

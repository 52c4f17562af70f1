import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";

/** One of a few, each a large button. */
export function Choice<T extends string | number>({ name, unit, choices, chosen }: { name: string; unit?: string; choices: readonly T[]; chosen: Signal<T> }) {
  const id = useId();
  return (
    <fieldset class="choice">
      <legend>{name}</legend>
      {choices.map((choice) => (
        <label key={choice} data-chosen={chosen.value === choice ? "" : undefined}>
          <input type="radio" name={id} checked={chosen.value === choice} onChange={() => (chosen.value = choice)} />
          {choice}
        </label>
      ))}
      {unit && <span class="unit">{unit}</span>}
    </fieldset>
  );
}

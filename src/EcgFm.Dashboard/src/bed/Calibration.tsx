import { useSignal } from "@preact/signals";
import { calibrate, millimetre, nominal } from "../draw/millimetre";

/** A bank card, as ISO/IEC 7810 has it. */
const cardMillimetres = 85.6;

/** Lets people say how large their screen is: a bar is made as wide as a bank card. */
export function Calibration() {
  const open = useSignal(false);
  const mm = millimetre.value;
  return (
    <>
      <button type="button" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>True size</button>
      {open.value && (
        <div class="calibration" role="group" aria-label="True size of the screen">
          <p>Hold a bank card to the screen and make the bar as wide as the card (85.6 mm).</p>
          <div class="card" ref={(bar) => bar?.style.setProperty("width", `${cardMillimetres * mm}px`)} />
          <input
            type="range" min={nominal / 2} max={nominal * 2} step={0.005} value={mm} aria-label="Width of the bar"
            aria-valuetext={`${mm.toFixed(2)} pixels a millimetre`} onInput={(event) => calibrate(Number(event.currentTarget.value))}
          />
          <button type="button" onClick={() => calibrate(nominal)}>As the browser has it</button>
          <button type="button" onClick={() => (open.value = false)}>Done</button>
        </div>
      )}
    </>
  );
}

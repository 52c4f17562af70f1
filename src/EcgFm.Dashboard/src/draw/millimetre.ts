import { signal } from "@preact/signals";

const key = "ecgfm.millimetre";

/** CSS pixels of a millimetre where nobody measured the screen. */
export const nominal = 96 / 25.4;

const stored = Number(localStorage.getItem(key));

/** CSS pixels of a true millimetre on this screen; kept in this browser. */
export const millimetre = signal(stored >= nominal / 3 && stored <= nominal * 3 ? stored : nominal);

export function calibrate(pixels: number): void {
  millimetre.value = pixels;
  localStorage.setItem(key, String(pixels));
}

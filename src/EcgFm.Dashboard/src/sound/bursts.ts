/**
 * The auditory alarm signals of IEC 60601-1-8:2006+A1, 6.3.3.1 with tables 3 and 4, as times and tones: a burst is ten pulses for high priority (five, a pause, five), three for medium,
 * two for low. The intervals chosen lie inside what the standard allows (in brackets).
 */
import type { Priority } from "../contract/messages";

/** One pulse of a burst. */
export interface Pulse {
  /** Seconds from the start of the burst. */
  readonly at: number;
  /** Seconds from the start of the rise to the end of the fall. */
  readonly duration: number;
  /** Of the fundamental, in hertz (150 to 1000). */
  readonly frequency: number;
}

/** A burst and when it comes again. */
export interface Burst {
  readonly pulses: readonly Pulse[];
  /** Seconds from the end of a burst to the start of the next (high 2.5 to 15, medium 2.5 to 30, low above 15). */
  readonly pause: number;
}

/** Seconds in which a pulse rises, and falls (10 to 40 % of its duration). */
export const edge = 0.03;

const c5 = 523.25;
const e5 = 659.26;

/** The strengths of fundamental and harmonics: four harmonics between 300 and 4000 Hz at least, within 15 dB of the fundamental. */
export const harmonics: readonly number[] = [1, 0.8, 0.65, 0.5, 0.4];

// Whether durations and spaces are taken at the foot of a pulse or at 90 % of its height, they lie within the brackets.
const short = 0.15; // high: 75 to 200 ms
const x = 0.06; // high: 50 to 125 ms
const long = 0.21; // medium and low: 125 to 250 ms
const y = 0.16; // medium and low: 125 to 250 ms
const five = [x, x, 2 * x + short, x];

/** The burst of each priority. */
export const bursts: Readonly<Record<Priority, Burst>> = {
  // Between the two fives 0.35 to 1.3 s.
  high: { pulses: pulses(short, [...five, 0.6, ...five], [c5, c5, c5, c5, c5, c5, c5, c5, c5, c5]), pause: 5 },
  medium: { pulses: pulses(long, [y, y], [c5, c5, c5]), pause: 15 },
  low: { pulses: pulses(long, [y], [e5, c5]), pause: 30 },
};

/** Pulses of one length with the spaces between them. */
function pulses(duration: number, spaces: readonly number[], tones: readonly number[]): readonly Pulse[] {
  let at = 0;
  return tones.map((frequency, i) => {
    const pulse = { at, duration, frequency };
    at += duration + (spaces[i] ?? 0);
    return pulse;
  });
}

/** Seconds from the first pulse to the end of the last. */
export function lengthOf({ pulses }: Burst): number {
  const last = pulses[pulses.length - 1];
  return last ? last.at + last.duration : 0;
}

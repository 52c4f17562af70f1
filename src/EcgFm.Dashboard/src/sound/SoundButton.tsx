import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useShortcuts } from "../keys/shortcuts";
import type { Ward } from "../state/ward";
import { bursts } from "./bursts";
import { play } from "./play";
import { Repeater } from "./repeater";
import { wanted } from "./wanted";

/** Off until a user turns it on, after each load of the page: browsers let nothing sound before that. `blocked` where it is on and the browser does not let it sound. */
export const sound = signal<"off" | "on" | "blocked">("off");

let audio: AudioContext | undefined;

/** Turns the alarm sound on, with a sample of it, or off. */
export async function toggleSound(): Promise<void> {
  if (sound.value !== "off") {
    sound.value = "off";
    await audio?.suspend();
    return;
  }
  if (audio === undefined) {
    audio = new AudioContext();
    audio.onstatechange = () => {
      if (sound.value !== "off") sound.value = audio!.state === "running" ? "on" : "blocked";
    };
  }
  sound.value = "blocked";
  await audio.resume();
  // Somebody may have turned it off again meanwhile.
  if (sound.peek() === "off") return;
  sound.value = audio.state === "running" ? "on" : "blocked";
  play(audio, bursts.low);
}

const words = { off: "Sound off", on: "Sound on", blocked: "Sound blocked" };

/** Turns the sound of alarms on and off, and says always which it is. */
export function SoundButton({ ward }: { ward: Ward }) {
  useShortcuts([{ key: "s", says: "Sound on or off", run: () => void toggleSound() }]);
  useEffect(() => {
    const repeater = new Repeater();
    const look = () => {
      if (sound.value !== "on") return;
      const due = repeater.due(wanted(ward, Date.now()), audio!.currentTime);
      if (due !== undefined) play(audio!, bursts[due]);
    };
    // A page in the background has its timers once a minute at worst; what comes from the broker is not held up.
    const forget = effect(look);
    const timer = setInterval(look, 250);
    return () => {
      forget();
      clearInterval(timer);
    };
  }, [ward]);
  return (
    <button class="sound" aria-pressed={sound.value !== "off"} data-testid="sound" data-sound={sound.value} onClick={() => void toggleSound()}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 3a6 6 0 0 0-6 6v4l-2 3h16l-2-3V9a6 6 0 0 0-6-6zm-2 15a2 2 0 0 0 4 0z" />
        {sound.value !== "on" && <path class="strike" d="M3 3l18 18" />}
      </svg>
      {words[sound.value]}
    </button>
  );
}

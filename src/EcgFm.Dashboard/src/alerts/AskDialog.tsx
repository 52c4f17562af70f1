import { useState } from "preact/hooks";
import type { Answer } from "../contract/messages";
import { Dialog } from "../keys/Dialog";
import { asking, by, commandOf, type Asking } from "./asking";
import { clock } from "./time";

const minutes = [1, 2, 5, 10];

const titles = { pause: "Pause the alerts", resume: "End the pause", snapshot: "Ten seconds of now" };

const explanations: Record<Asking["what"], string> = {
  acknowledge: "It is silenced here and at every station, with the name below beside it. It goes on until its condition is over.",
  pause: "Stations stay silent for this bed. Nothing is withheld: what begins meanwhile is still shown. The pause ends by itself.",
  resume: "Alerts of this bed signal again.",
  snapshot: "The box sends the last ten seconds of all leads with what the network says of them.",
};

const doings: Record<Asking["what"], string> = { acknowledge: "Acknowledge", pause: "Pause", resume: "End the pause", snapshot: "Ask for it" };

type Phase = { at: "asking" } | { at: "waiting" } | { at: "answered"; answer: Answer } | { at: "failed"; reason: string };

/** Has a command confirmed, sends it, and shows what the box answers, or that it does not. */
export function AskDialog() {
  const now = asking.value;
  return now === undefined ? null : <Question key={now.what === "acknowledge" ? now.alert.id : now.what} asking={now} />;
}

function Question({ asking: what }: { asking: Asking }) {
  const [phase, setPhase] = useState<Phase>({ at: "asking" });
  const [name, setName] = useState(by.get());
  const [seconds, setSeconds] = useState(120);
  const done = phase.at === "answered" && phase.answer.accepted;

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    by.set(name);
    setPhase({ at: "waiting" });
    try {
      const answer = await what.of.send(commandOf(what, name, seconds));
      setPhase({ at: "answered", answer });
      if (answer.accepted && what.what !== "acknowledge") what.done?.(answer);
    } catch (fault) {
      setPhase({ at: "failed", reason: fault instanceof Error ? fault.message : String(fault) });
    }
  }

  return (
    <Dialog title={what.what === "acknowledge" ? `Acknowledge: ${what.alert.title}` : titles[what.what]} testId="ask" onClose={() => (asking.value = undefined)}>
      <p class="quiet">{what.of.title}</p>
      <p>{explanations[what.what]}</p>
      <form onSubmit={send}>
        {what.what === "pause" && (
          <fieldset disabled={phase.at === "waiting" || done}>
            <legend>For how long?</legend>
            {minutes.map((count) => (
              <label key={count} class="option"><input type="radio" name="minutes" checked={seconds === count * 60} onChange={() => setSeconds(count * 60)} /> {count} min</label>
            ))}
          </fieldset>
        )}
        <label class="field">
          Your role or workplace, never a patient
          <input value={name} onInput={(event) => setName(event.currentTarget.value)} required maxLength={64} pattern="[A-Za-z0-9._ \-]+" title="Letters, digits, spaces, '.', '_', '-'" autocomplete="off" autofocus={by.get() === ""} disabled={phase.at === "waiting" || done} />
        </label>
        <p role="status" class="answer" data-testid="answer" data-phase={phase.at}>{told(phase)}</p>
        <div class="buttons">
          {!done && <button class="primary" disabled={phase.at === "waiting"} autofocus={by.get() !== ""}>{phase.at === "asking" || phase.at === "waiting" ? doings[what.what] : `${doings[what.what]} again`}</button>}
          <button type="button" ref={(button) => void (done && button?.focus())} onClick={(event) => event.currentTarget.closest("dialog")?.close()}>{done ? "Close" : "Cancel"}</button>
        </div>
      </form>
    </Dialog>
  );
}

function told(phase: Phase): string {
  switch (phase.at) {
    case "asking":
      return "";
    case "waiting":
      return "Sent. Waiting for the box …";
    case "answered":
      return phase.answer.accepted ? `The box did it at ${clock(phase.answer.time)}.` : `The box refused: ${phase.answer.reason ?? "it does not say why"}.`;
    case "failed":
      return phase.reason;
  }
}

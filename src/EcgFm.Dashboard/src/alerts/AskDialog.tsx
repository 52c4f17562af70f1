import type { TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../contract/messages";
import { Dialog } from "../keys/Dialog";
import { asking, by, commandOf, type Asking } from "./asking";
import { clock } from "./time";

const minutes = [1, 2, 5, 10];

/** What a question says: its title, what will happen, and the button that does it. */
function words(asking: Asking): [title: string, explanation: string, doing: string] {
  switch (asking.what) {
    case "acknowledge":
      return [`Acknowledge: ${asking.alert.title}`, "It is silenced here and at every station, with the name below beside it. It goes on until its condition is over.", "Acknowledge"];
    case "pause":
      return ["Pause the alerts", "Stations stay silent for this bed. Nothing is withheld: what begins meanwhile is still shown. The pause ends by itself.", "Pause"];
    case "resume":
      return ["End the pause", "Alerts of this bed signal again.", "End the pause"];
    case "snapshot":
      return asking.alert
        ? [`Ten seconds: ${asking.alert.title}`, "The box sends the ten seconds at the onset of this alert once more, as far as it still has them.", "Ask for them"]
        : ["Ten seconds of now", "The box sends the newest ten seconds that the network has judged, all leads, with what it says of them.", "Ask for them"];
  }
}

type Phase = { at: "asking" } | { at: "waiting" } | { at: "answered"; answer: Answer } | { at: "failed"; reason: string };

/** Has a command confirmed, sends it, and shows what the box answers, or that it does not. */
export function AskDialog() {
  const now = asking.value;
  return now === undefined ? null : <Question asking={now} />;
}

function Question({ asking: what }: { asking: Asking }) {
  const [phase, setPhase] = useState<Phase>({ at: "asking" });
  const waits = phase.at === "waiting";
  const done = phase.at === "answered" && phase.answer.accepted;
  const [title, explanation, doing] = words(what);

  async function send(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (waits) return;
    const typed = new FormData(event.currentTarget);
    const name = String(typed.get("by"));
    by.set(name);
    setPhase({ at: "waiting" });
    try {
      const answer = await what.of.send(commandOf(what, name, 60 * Number(typed.get("minutes"))));
      setPhase({ at: "answered", answer });
      if (answer.accepted && what.what === "snapshot") what.done(answer);
    } catch (fault) {
      setPhase({ at: "failed", reason: fault instanceof Error ? fault.message : String(fault) });
    }
  }

  // Nothing is disabled while it waits: what is disabled loses the focus, and with it whoever uses the keyboard.
  return (
    <Dialog title={title} testId="ask" onClose={() => (asking.value = undefined)}>
      <p class="quiet">{what.of.title}</p>
      <p>{explanation}</p>
      <form onSubmit={send}>
        {what.what === "pause" && (
          <fieldset>
            <legend>For how long?</legend>
            {minutes.map((count) => <label key={count} class="option"><input type="radio" name="minutes" value={count} defaultChecked={count === 2} /> {count} min</label>)}
          </fieldset>
        )}
        <label class="field">
          Your role or workplace, never a patient
          <input name="by" defaultValue={by.get()} required maxLength={64} pattern="[A-Za-z0-9._ \-]+" title="Letters, digits, spaces, '.', '_', '-'" autocomplete="off" autofocus={by.get() === ""} readOnly={waits || done} />
        </label>
        <p role="status" class="answer" data-testid="answer" data-phase={phase.at}>{told(phase)}</p>
        <div class="buttons">
          {!done && <button class="primary" aria-disabled={waits} autofocus={by.get() !== ""}>{phase.at === "asking" || waits ? doing : `${doing} again`}</button>}
          <button type="button" ref={(button) => void (done && button?.focus())} onClick={(event) => event.currentTarget.closest("dialog")?.close()}>{phase.at === "asking" ? "Cancel" : "Close"}</button>
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
      return "Sent. Waiting for the box … To close this does not take it back.";
    case "answered":
      return phase.answer.accepted ? `The box did it at ${clock(phase.answer.time)}.` : `The box refused: ${phase.answer.reason ?? "it does not say why"}.`;
    case "failed":
      return phase.reason;
  }
}

import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { AskDialog } from "../../src/alerts/AskDialog";
import { asking, by, ofBed } from "../../src/alerts/asking";
import type { Command } from "../../src/contract/command";
import type { Answer } from "../../src/contract/messages";
import { Ward } from "../../src/state/ward";
import { alert } from "../examples";
import { at, button, page, press, show, type } from "../dom";

const answer = (change: Partial<Answer>): Answer => ({ type: "answer", bed: "bed-1", accepted: true, time: "2026-11-26T00:00:31Z", ...change });

/** The dialog about a bed whose box answers as told. */
async function open(what: "acknowledge" | "pause" | "snapshot", reply: () => Promise<Answer>, done: (answer: Answer) => void = () => {}) {
  const sent: [string, string | undefined, Command][] = [];
  const ward = new Ward((box, bed, command) => (sent.push([box.key, bed, command]), reply()));
  const of = ofBed(ward.bed("ward-3", "box-1", "bed-1"));
  show(<main tabIndex={-1}><button id="opener">Acknowledge</button><AskDialog /></main>);
  page.querySelector<HTMLElement>("#opener")!.focus();
  await act(() => void (asking.value = what === "acknowledge" ? { what, of, alert: alert() } : what === "pause" ? { what, of } : { what, of, done }));
  return sent;
}

const input = () => page.querySelector<HTMLInputElement>(".field input")!;
const submit = () => act(async () => {
  page.querySelector("dialog form")!.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  await Promise.resolve();
});

afterEach(() => act(() => void (asking.value = undefined)));

describe("what is asked of a box", () => {
  it("is sent only once confirmed, in the name that was typed, and the answer is shown", async () => {
    const sent = await open("acknowledge", () => Promise.resolve(answer({})));
    expect(at("ask").textContent).toContain("Acknowledge: Atrial fibrillation");
    expect(at("ask").textContent).toContain("Bed bed-1 · ward-3 · box-1");
    expect(document.activeElement).toBe(input());
    expect(sent).toEqual([]);
    await type(input(), "station 3");
    await submit();
    expect(sent).toEqual([["ward-3/box-1", "bed-1", { command: "acknowledge", by: "station 3", alert: alert().id }]]);
    expect(at("answer").dataset.phase).toBe("answered");
    expect(at("answer").textContent).toMatch(/^The box did it at \d\d:\d\d:31\.$/);
    expect(document.activeElement).toBe(button("Close"));
    await press(button("Close"));
    expect(page.querySelector("dialog")).toBeNull();
    expect(document.activeElement?.id).toBe("opener");
  });

  it("shows a refusal with the box's reason, and can be sent again", async () => {
    const replies = [answer({ accepted: false, reason: "no alert is active here" }), answer({})];
    const sent = await open("acknowledge", () => Promise.resolve(replies.shift()!));
    await type(input(), "station 3");
    await submit();
    expect(at("answer").textContent).toBe("The box refused: no alert is active here.");
    expect(button("Acknowledge again")).toBeDefined();
    expect(document.activeElement).toBe(input());
    await submit();
    expect(sent).toHaveLength(2);
    expect(at("answer").textContent).toMatch(/^The box did it/);
  });

  it("says that no answer came", async () => {
    await open("pause", () => Promise.reject(new Error("No answer from box-1 in 10 seconds. It may not have been done.")));
    await type(input(), "station 3");
    await submit();
    expect(at("answer").dataset.phase).toBe("failed");
    expect(at("answer").textContent).toBe("No answer from box-1 in 10 seconds. It may not have been done.");
  });

  it("cannot be sent twice while it waits, nor called off", async () => {
    const sent = await open("acknowledge", () => new Promise(() => {}));
    await type(input(), "station 3");
    await submit();
    expect(at("answer").textContent).toBe("Sent. Waiting for the box … To close this does not take it back.");
    expect([...at("ask").querySelectorAll("button")].map(({ textContent }) => textContent)).toEqual(["Acknowledge", "Close"]);
    expect(button("Acknowledge", at("ask")).getAttribute("aria-disabled")).toBe("true");
    await submit();
    expect(sent).toHaveLength(1);
  });

  it("pauses for as long as was chosen, and knows the name from before", async () => {
    by.set("nurse 2");
    const sent = await open("pause", () => Promise.resolve(answer({})));
    expect(input().value).toBe("nurse 2");
    await press([...page.querySelectorAll<HTMLInputElement>("input[type=radio]")][2]);
    await submit();
    expect(sent[0][2]).toEqual({ command: "pause", by: "nurse 2", seconds: 300 });
  });

  it("hands on the answer to a snapshot", async () => {
    by.set("nurse 2");
    let snippet: string | undefined;
    await open("snapshot", () => Promise.resolve(answer({ snippet: "0199a2f0-0000-7000-8000-000000000009" })), (answer) => (snippet = answer.snippet));
    await submit();
    expect(snippet).toBe("0199a2f0-0000-7000-8000-000000000009");
  });

  it("gives the focus to the page where its opener is gone", async () => {
    await open("acknowledge", () => Promise.resolve(answer({})));
    page.querySelector("#opener")!.remove();
    await press(button("Cancel"));
    expect(document.activeElement?.tagName).toBe("MAIN");
  });

  it("allows in the name what the contract allows", () => {
    expect(["station 3", "icu_2.west-1"].map(by.allows)).toEqual([true, true]);
    expect(["", "Müller", "a/b", "x".repeat(65)].map(by.allows)).toEqual([false, false, false, false]);
  });
});

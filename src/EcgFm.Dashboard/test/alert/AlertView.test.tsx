import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AlertView } from "../../src/alert/AlertView";
import { chosenLayout, shaded } from "../../src/alert/look";
import { asking, commandOf } from "../../src/alerts/asking";
import { followKeys } from "../../src/keys/shortcuts";
import { step } from "../../src/state/alarms";
import type { Bed } from "../../src/state/bed";
import { Ward } from "../../src/state/ward";
import { alert } from "../examples";
import { at, button, key, page, press, show } from "../dom";
import { interpretation, label, snippet } from "../specimen";

const { id } = alert();
let bed: Bed;

followKeys();

beforeEach(() => {
  bed = new Ward(() => Promise.reject(new Error("Nobody answers."))).bed("ward-3", "box-1", "bed-1");
  shaded.value = true;
  chosenLayout.value = undefined;
});

afterEach(() => void (asking.value = undefined));

const labels = () => [...page.querySelectorAll<HTMLElement>(".probabilities tbody tr")].map((row) => [...row.querySelectorAll("th > span, td")].map(({ textContent }) => textContent));

describe("the alert view", () => {
  it("shows the ten seconds, what the network looked at, what it says against its thresholds, and which network it was", () => {
    bed.alarms.value = step(bed.alarms.value, alert({ probability: 0.98 }));
    bed.keep(snippet());
    show(<AlertView bed={bed} id={id} />);
    expect(page.querySelectorAll("[data-lead]")).toHaveLength(13);
    expect(at("saliency").querySelectorAll("path").length).toBeGreaterThan(1);
    expect(page.querySelector("figcaption")!.textContent).toContain("neither explains nor confirms");
    expect(labels()).toEqual([
      ["Atrial fibrillation present", "0.97", "0.59"], ["Tachycardia", "0.45", "0.48"], ["Sinus rhythm", "0.04", "0.28"],
      ["Fibrillation by beat intervals", "0.99", "46 in 30 s"], ["The alert’s rule, last seen", "0.98", ""],
    ]);
    expect(at("alert-view").textContent).toContain(label.sha256);
    expect(at("alert-view").textContent).toContain("Research software, not a medical device");
    expect([...page.querySelectorAll(".course li")].map(({ textContent }) => textContent.slice(9))).toEqual(["The condition began", "Alert raised"]);
  });

  it("turns shading and layout, by key as by hand", async () => {
    bed.keep(snippet());
    show(<AlertView bed={bed} id={id} />);
    await key("o");
    expect(page.querySelector("[data-testid=saliency], .sheet-attention, figcaption")).toBeNull();
    await press(page.querySelector<HTMLInputElement>(".toolbar input")!);
    expect(at("saliency")).toBeDefined();
    await key("l");
    expect(page.querySelectorAll("[data-lead]")).toHaveLength(12);
    await press(button("Three by four with rhythm strip"));
    expect(page.querySelectorAll("[data-lead]")).toHaveLength(13);
  });

  it("shows an alert without its ten seconds by its evidence, says why, and offers ten seconds of now", async () => {
    bed.alarms.value = step(bed.alarms.value, alert({ evidence: { ...interpretation, quality: { ...interpretation.quality, leads: [] } } }));
    show(<AlertView bed={bed} id={id} />);
    expect(at("no-snippet").textContent).toContain("it was opened after they were sent");
    expect(labels()[0]).toEqual(["Atrial fibrillation present", "0.97", "0.59"]);
    await press(button("The ten seconds at its onset …"));
    expect(commandOf(asking.value!, "station 3", 0)).toEqual({ command: "snapshot", by: "station 3", alert: id });
    await press(button("Ten seconds of now …"));
    expect(commandOf(asking.value!, "station 3", 0)).toEqual({ command: "snapshot", by: "station 3" });
  });

  it("keeps what the onset said when somebody takes a step, for no window decided that one", () => {
    const steps = [
      alert({ heartRate: 96, probability: 0.98, evidence: interpretation }),
      alert({ sequence: 2, state: "acknowledged", acknowledgedBy: "station 3", heartRate: undefined, probability: undefined, evidence: undefined }),
    ];
    bed.alarms.value = steps.reduce(step, bed.alarms.value);
    show(<AlertView bed={bed} id={id} />);
    expect(page.querySelector(".rate")!.textContent).toBe("96 /min");
    expect(labels()[0]).toEqual(["Atrial fibrillation present", "0.97", "0.59"]);
    expect(labels().at(-1)).toEqual(["The alert’s rule, last seen", "0.98", ""]);
    expect(at("alert-view").textContent).toContain("seen by station 3");
    expect(at("alert-view").textContent).toContain(label.sha256);
  });

  it("does not offer the ten seconds of an alert that is over: the box has them no more", () => {
    bed.alarms.value = step(bed.alarms.value, alert({ state: "cleared" }));
    show(<AlertView bed={bed} id={id} />);
    expect(() => button("The ten seconds at its onset …")).toThrow();
    expect(button("Ten seconds of now …")).toBeDefined();
  });

  it("shows a snapshot that belongs to no alert", () => {
    bed.keep(snippet({ cause: "snapshot", saliency: null, interpretation: undefined }));
    show(<AlertView bed={bed} id={id} />);
    expect(page.querySelector("h2")!.textContent).toBe("Snapshot");
    expect(page.querySelector<HTMLInputElement>(".toolbar input")!.disabled).toBe(true);
    expect(page.querySelector(".probabilities")).toBeNull();
  });

  it("says that the threshold is not told by an older box", () => {
    bed.keep(snippet({ interpretation: { ...interpretation, thresholds: undefined } }));
    show(<AlertView bed={bed} id={id} />);
    expect(labels()[0]).toEqual(["Atrial fibrillation", "0.97", "not told"]);
  });

  it("takes the snippet when it comes", () => {
    show(<AlertView bed={bed} id={id} />);
    expect(at("no-snippet")).toBeDefined();
    act(() => bed.keep(snippet()));
    expect(at("sheet").getAttribute("aria-label")).toBe("Ten seconds of 12 leads, 3 beats found, shaded where the network attended most");
  });
});

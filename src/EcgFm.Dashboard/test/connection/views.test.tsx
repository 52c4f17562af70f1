import { act } from "preact/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Banner } from "../../src/connection/Banner";
import { ConnectForm } from "../../src/connection/ConnectForm";
import { link } from "../../src/connection/link";
import { now } from "../../src/state/clock";
import { Ward } from "../../src/state/ward";
import { at, button, page, press, show } from "../dom";

describe("the banner", () => {
  let ward: Ward;

  beforeEach(() => {
    ward = new Ward(() => Promise.reject(new Error("not asked here")));
    now.value = performance.now();
    link.value = { state: "connected", url: "ws://broker" };
  });

  it("is not there while all is live", () => {
    ward.bed("ward-3", "box-1", "bed-1").heard.value = now.value;
    show(<Banner ward={ward} />);
    expect(page.textContent).toBe("");
  });

  it("says over everything that the page is blind, and for how long", () => {
    link.value = { state: "lost", url: "ws://broker", since: now.value - 12_000, reason: "The connection to the broker is lost." };
    show(<Banner ward={ward} />);
    expect(at("banner").getAttribute("role")).toBe("alert");
    expect(page.textContent).toBe("Not connected. Nothing here is live. The connection to the broker is lost. Trying again for 12 s.");
  });

  it("names the beds that fell silent, and goes when they come back", () => {
    const beds = ["bed-1", "bed-2"].map((name) => ward.bed("ward-3", "box-1", name));
    for (const bed of beds) bed.heard.value = now.value;
    show(<Banner ward={ward} />);
    beds[1].heard.value = now.value + 6000;
    act(() => void (now.value += 6000));
    expect(page.textContent).toBe("One bed sends nothing: bed-1");
    beds[0].heard.value = now.value;
    act(() => void (now.value += 1000));
    expect(page.textContent).toBe("");
  });
});

describe("the form", () => {
  it("hands on what was typed, and says why it was refused", async () => {
    link.value = { state: "refused", url: "ws://broker", reason: "The broker refuses this user name or password." };
    const connect = vi.fn();
    show(<ConnectForm initial={{ url: "wss://broker.example:9443", root: "ecgfm/v1" }} onConnect={connect} />);
    expect(at("refused").textContent).toContain("user name or password");
    const fill = (name: string, text: string) => (page.querySelector<HTMLInputElement>(`[name=${name}]`)!.value = text);
    fill("root", "/hospital/ecg/");
    fill("user", "station");
    fill("password", " with spaces ");
    await press(button("Connect"));
    expect(connect).toHaveBeenCalledWith({ url: "wss://broker.example:9443", root: "hospital/ecg", userName: "station", password: " with spaces " });
  });

  it("never has a password in it that somebody else could read", () => {
    show(<ConnectForm initial={{ url: "ws://broker", root: "r", userName: "station", password: "secret" }} onConnect={() => {}} />);
    expect(page.innerHTML).not.toContain("secret");
    expect([...page.querySelectorAll("input")].map(({ value }) => value)).not.toContain("secret");
  });
});

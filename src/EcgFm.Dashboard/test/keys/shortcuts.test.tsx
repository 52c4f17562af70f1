import { act } from "preact/test-utils";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Help, helping } from "../../src/keys/Help";
import { followKeys, shortcutsOn, switchShortcuts, useShortcuts } from "../../src/keys/shortcuts";
import { at, key, page, press, show } from "../dom";

let pressed: string[];

function Keys({ keys, name }: { keys: string[]; name: string }) {
  useShortcuts(keys.map((key) => ({ key, says: `${name} ${key}`, run: () => void pressed.push(`${name} ${key}`) })));
  return <input id={name} />;
}

beforeAll(followKeys);
beforeEach(() => {
  pressed = [];
  switchShortcuts(true);
});

describe("shortcuts", () => {
  it("work while their view is shown; the view shown last comes first", async () => {
    show(<><Keys keys={["a", "t"]} name="page" /></>);
    await key("a");
    show(<><Keys keys={["a", "t"]} name="page" /><Keys keys={["a"]} name="bed" /></>);
    await key("a");
    await key("t");
    show(<><Keys keys={["a", "t"]} name="page" /></>);
    await key("a");
    expect(pressed).toEqual(["page a", "bed a", "page t", "page a"]);
  });

  it("are left to the browser with Ctrl, Alt or Meta, and to whoever types", async () => {
    show(<Keys keys={["a"]} name="page" />);
    await key("a", { ctrlKey: true });
    await key("a", { altKey: true });
    await key("a", { metaKey: true });
    await key("a", { repeat: true });
    await key("a", {}, page.querySelector("input")!);
    expect(pressed).toEqual([]);
  });

  it("do nothing in a dialog, and nothing where they are switched off", async () => {
    show(<><Keys keys={["a"]} name="page" /><dialog open /></>);
    await key("a");
    show(<Keys keys={["a"]} name="page" />);
    switchShortcuts(false);
    await key("a");
    expect(pressed).toEqual([]);
    expect(localStorage.getItem("ecgfm.shortcuts")).toBe("off");
  });

  it("stand in the help, each key once, and can be switched off there", async () => {
    show(<><Keys keys={["a", "t"]} name="page" /><Keys keys={["a"]} name="bed" /><Help /></>);
    await act(() => void (helping.value = true));
    const listed = [...at("help").querySelectorAll("dl:first-of-type dd")].map(({ textContent }) => textContent);
    expect(listed).toEqual(["bed a", "page t"]);
    await press(at("help").querySelector<HTMLInputElement>("input[type=checkbox]")!);
    expect(shortcutsOn.value).toBe(false);
    await act(() => at("help").closest("dialog")!.close());
    expect(helping.value).toBe(false);
  });
});

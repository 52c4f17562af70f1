import { act } from "preact/test-utils";
import { beforeEach, expect, it, vi } from "vitest";
import { link } from "../src/connection/link";
import { followKeys } from "../src/keys/shortcuts";
import { Shell } from "../src/Shell";
import { followAddress, href, route, type Route } from "../src/state/route";
import { Ward } from "../src/state/ward";
import { theme } from "../src/theme/theme";
import { at, key, page, show } from "./dom";

vi.mock("uplot", () => ({ default: class { static paths = { stepped: () => undefined, linear: () => undefined, spline: () => undefined }; setData() {} setSize() {} setLegend() {} destroy() {} } }));

followKeys();
followAddress();

const id = "0199a2f0-0000-7000-8000-000000000001";

/** Until the address has told of the view, which it does a moment later. */
const arrival = (view: Route["view"]) => new Promise<void>((resolve) => route.subscribe((at) => at.view === view && resolve()));

const go = (to: Route) => act(async () => {
  location.hash = href(to);
  await arrival(to.view);
});

/** Presses a key that leads to the view. */
const goBy = (name: string, view: Route["view"]) => act(async () => {
  await key(name);
  await arrival(view);
});

beforeEach(async () => {
  const ward = new Ward(() => Promise.reject(new Error("Nobody answers.")));
  ward.bed("ward-3", "box-1", "bed-1");
  link.value = { state: "connected", url: "ws://broker" };
  await go({ view: "ward" });
  show(<Shell ward={ward} settings={{ url: "", root: "ecgfm/v1" } as never} connect={() => {}} />);
});

it("gives the focus to what comes, and names it in the window's title", async () => {
  page.querySelector<HTMLElement>(".sound")!.focus();
  await go({ view: "bed", bed: "bed-1" });
  expect(at("bed-view").dataset.bed).toBe("bed-1");
  expect([document.activeElement?.tagName, document.title]).toEqual(["MAIN", "bed-1 · EcgFm"]);
});

it("goes back by key from an alert to its bed, and from there to all", async () => {
  await go({ view: "alert", bed: "bed-1", alert: id });
  expect(at("alert-view").dataset.alert).toBe(id);
  await goBy("Escape", "bed");
  expect(at("bed-view")).toBeDefined();
  await goBy("w", "ward");
  expect(at("ward")).toBeDefined();
});

it("turns the theme and opens the help by key", async () => {
  const before = theme.value;
  await key("t");
  expect(theme.value).not.toBe(before);
  await key("?");
  expect(at("help").textContent).toContain("Dark or light");
  await act(() => at("help").closest("dialog")!.close());
});

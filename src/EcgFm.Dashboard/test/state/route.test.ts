import { expect, it } from "vitest";
import { href, parseRoute, type Route } from "../../src/state/route";

it.each<[string, Route]>([
  ["", { view: "ward" }],
  ["#/", { view: "ward" }],
  ["#/bed/bed-1", { view: "bed", bed: "bed-1" }],
  ["#/bed/ward-3%2Fbox-1%2Fbed-1", { view: "bed", bed: "ward-3/box-1/bed-1" }],
  ["#/bed/bed-1/alert/0199", { view: "alert", bed: "bed-1", alert: "0199" }],
  ["#/bed/%E0%A4%A", { view: "bed", bed: "%E0%A4%A" }],
  ["#/elsewhere", { view: "ward" }],
])("%s", (hash, route) => expect(parseRoute(hash)).toEqual(route));

it("leads back to where it came from", () => {
  const route: Route = { view: "alert", bed: "ward-3/box-1/bed-1", alert: "0199" };
  expect(parseRoute(href(route))).toEqual(route);
});

import { expect, it } from "vitest";
import { plan } from "../../src/ward/plan";

it.each([[1, 1], [2, 2], [8, 2], [64, 7]])("%s beds are all in sight on a wall's screen, in %s columns or more", (count, columns) => {
  const { columns: planned, height } = plan(count, 1908, 1018, 6);
  expect(planned).toBeGreaterThanOrEqual(columns);
  expect(Math.ceil(count / planned) * (height + 6)).toBeLessThanOrEqual(1018 + 6);
  expect((1908 + 6) / planned - 6).toBeGreaterThanOrEqual(228);
});

it("more beds than fit are scrolled, not shrunk", () => expect(plan(200, 1908, 1018, 6)).toEqual({ columns: 8, height: 108 }));
it("a phone has one column", () => expect(plan(12, 360, 700, 6).columns).toBe(1));

import { expect, it } from "vitest";
import { csv } from "../../src/download/csv";
import { gap, snippet } from "../specimen";

it("has units in the header, a line for each instant, and nothing where a sample is missing", () => {
  const lines = csv(snippet({ leads: ["I", "V6"], value: (lead, at) => (lead === "I" ? gap(1, 3, -1234)(lead, at) : at), saliency: (at) => (at === 2 ? 255 : 0) }).snippet).split("\r\n");
  expect(lines).toHaveLength(5002);
  expect(lines[0]).toBe("seconds since 2026-11-26T00:00:20.500Z,I (mV),V6 (mV),attention (1 is the greatest)");
  expect(lines.slice(1, 5)).toEqual(["0.000,-1.234,0.000,0.000", "0.002,,0.001,0.000", "0.004,,0.002,1.000", "0.006,-1.234,0.003,0.000"]);
  expect(lines[5000]).toBe("9.998,-1.234,4.999,0.000");
  expect(lines[5001]).toBe("");
});

it("has no column for what there is not", () => {
  expect(csv(snippet({ leads: ["II"], saliency: null }).snippet).split("\r\n")[0]).toBe("seconds since 2026-11-26T00:00:20.500Z,II (mV)");
});

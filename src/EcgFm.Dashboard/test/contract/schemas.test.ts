import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as messages from "../../src/contract/messages";

// The schemas in device/mqtt are the contract; what the page reads is held against them.

interface JsonSchema { properties: Record<string, JsonSchema & { items?: JsonSchema; enum?: string[] }>; required: string[] }

const schemas = {
  status: messages.statusSchema,
  health: messages.healthSchema,
  vitals: messages.vitalsSchema,
  interpretation: messages.interpretationSchema,
  alert: messages.alertSchema,
  alerts: messages.alertsSchema,
  snippet: messages.snippetSchema,
  answer: messages.answerSchema,
};

describe.each(Object.entries(schemas))("%s", (name, schema) => {
  const contract = JSON.parse(readFileSync(join(import.meta.dirname, `../../../../device/mqtt/schemas/${name}.schema.json`), "utf8")) as JsonSchema;
  const entries = schema.entries as Record<string, v.GenericSchema>;

  it("has all that the contract has, and nothing else", () => expect(Object.keys(entries).sort()).toEqual(Object.keys(contract.properties).sort()));

  it("may lack what the contract lets it lack, and nothing else", () =>
    expect(Object.keys(entries).filter((key) => entries[key].type !== "optional").sort()).toEqual([...contract.required].sort()));

  it("knows the contract's words", () => {
    for (const [key, { enum: words }] of Object.entries(contract.properties)) {
      if (words !== undefined) expect(unwrapped(entries[key])).toMatchObject({ options: words });
    }
  });
});

function unwrapped(schema: v.GenericSchema): v.GenericSchema {
  return "wrapped" in schema ? unwrapped(schema.wrapped as v.GenericSchema) : schema;
}

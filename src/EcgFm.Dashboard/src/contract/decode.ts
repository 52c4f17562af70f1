import * as v from "valibot";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The message in the payload, or undefined where it is damaged: not UTF-8, not JSON, or not as the contract has it. */
export function decode<S extends v.GenericSchema>(schema: S, payload: Uint8Array): v.InferOutput<S> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(utf8.decode(payload)));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

import { strToU8, zipSync } from "fflate";
import { sheet, type Layout } from "../alert/sheet";
import { facts, saliencyMeaning } from "../alert/facts";
import type { Alert } from "../contract/messages";
import type { ReceivedSnippet } from "../state/bed";
import { csv } from "./csv";
import { paint } from "./paint";
import { save } from "./save";
import { wfdb } from "./wfdb";

/** What can be saved of ten seconds. */
export const formats = ["PNG", "CSV", "WFDB", "JSON"] as const;

export type Format = (typeof formats)[number];

/** How the picture is to look. */
export interface Look {
  readonly layout: Layout;
  readonly shaded: boolean;
}

/** A name for files and records: bed, UTC time of the first sample, and what it is; letters, digits, hyphens and underscores, for WFDB allows no other. */
export function fileName({ snippet }: ReceivedSnippet, alert: Alert | undefined): string {
  const time = new Date(snippet.start).toISOString().slice(0, 19).replace(/[-:]/g, "") + "Z";
  return [snippet.bed, time, alert?.code.own ?? snippet.cause].join("_").replace(/[^A-Za-z0-9_-]/g, "-");
}

/** The record as a zip of header and signal file, ready to be unpacked beside others. */
export function wfdbZip(received: ReceivedSnippet, alert: Alert | undefined, box: string): Uint8Array<ArrayBuffer> {
  const name = fileName(received, alert);
  const { header, signals } = wfdb(name, received.snippet, facts(received.snippet, alert, box));
  return zipSync({ [`${name}.hea`]: strToU8(header), [`${name}.dat`]: signals });
}

/** Saves the ten seconds in the format. */
export async function download(format: Format, received: ReceivedSnippet, alert: Alert | undefined, box: string, look: Look): Promise<void> {
  const name = fileName(received, alert);
  switch (format) {
    case "PNG":
      return save(`${name}.png`, await picture(received, alert, box, look), "image/png");
    case "CSV":
      return save(`${name}.csv`, csv(received.snippet), "text/csv");
    case "WFDB":
      return save(`${name}.zip`, wfdbZip(received, alert, box), "application/zip");
    case "JSON":
      return save(`${name}.json`, received.payload.slice(), "application/json");
  }
}

async function picture({ snippet }: ReceivedSnippet, alert: Alert | undefined, box: string, { layout, shaded }: Look): Promise<Blob> {
  const canvas = document.createElement("canvas");
  const [title, first, ...rest] = facts(snippet, alert, box);
  const shows = shaded && snippet.saliency !== undefined;
  paint(canvas, sheet(snippet, layout), shows, title, [first], shows ? [saliencyMeaning, ...rest] : rest);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("This browser could not make the picture."))), "image/png"));
}

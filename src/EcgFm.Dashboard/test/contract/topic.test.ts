import { expect, it } from "vitest";
import { parseTopic } from "../../src/contract/topic";

it.each([
  ["ecgfm/v1/ward-3/box-1/status", { site: "ward-3", device: "box-1", what: "status" }],
  ["ecgfm/v1/ward-3/box-1/alerts", { site: "ward-3", device: "box-1", what: "alerts" }],
  ["ecgfm/v1/ward-3/box-1/bed-2/wave", { site: "ward-3", device: "box-1", bed: "bed-2", what: "wave" }],
  ["ecgfm/v1/ward-3/box-1/bed-2/snippet/0199", { site: "ward-3", device: "box-1", bed: "bed-2", what: "snippet", id: "0199" }],
  ["ecgfm/v1/ward-3/box-1/bed-2/answer/page-7", { site: "ward-3", device: "box-1", bed: "bed-2", what: "answer" }],
  ["ecgfm/v1/ward-3/box-1/answer/page-7", { site: "ward-3", device: "box-1", what: "answer" }],
])("%s", (topic, address) => expect(parseTopic("ecgfm/v1", topic)).toEqual(address));

it.each(["ecgfm/v1/ward-3/box-1", "ecgfm/v2/ward-3/box-1/status", "ecgfm/v1/ward-3/box-1/bed-2/command", "ecgfm/v1/ward-3/box-1/bed-2/wave/more"])(
  "%s is none of ours", (topic) => expect(parseTopic("ecgfm/v1", topic)).toBeUndefined());

import { EventEmitter } from "node:events";
import { Duplex } from "node:stream";
import { MqttClient } from "mqtt";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../../src/connection/connection";
import { link } from "../../src/connection/link";
import { watch } from "../../src/state/watched";
import { Ward } from "../../src/state/ward";
import { bytes } from "../examples";

/** A broker's end that notes what is asked of it. */
class Client extends EventEmitter {
  connected = false;
  subscribed: string[] = [];
  unsubscribed: string[] = [];
  sent: { topic: string; message: Record<string, unknown>; properties: { responseTopic: string; correlationData: Uint8Array }; done: (error?: Error, packet?: { reasonCode: number }) => void }[] = [];
  ended = false;
  pings = 0;
  stream = { destroy: () => this.down() };
  sendPing = () => void this.pings++;
  removed: number[] = [];
  suback?: (error: Error | null) => void;
  getLastMessageId = () => this.sent.length;
  removeOutgoingMessage = (number: number) => void this.removed.push(number);
  subscribe(topics: string[] | Record<string, unknown>, done: unknown): void {
    if (typeof done === "function") this.suback = done as Client["suback"];
    this.subscribed.push(...(Array.isArray(topics) ? topics : Object.keys(topics)));
  }
  unsubscribe(topics: string[]): void {
    this.unsubscribed.push(...topics);
  }
  publish(topic: string, payload: string, { properties }: { properties: Client["sent"][number]["properties"] }, done: Client["sent"][number]["done"]): void {
    this.sent.push({ topic, message: JSON.parse(payload) as Record<string, unknown>, properties, done });
  }
  end(): void {
    this.ended = true;
    this.connected = false;
    this.emit("close");
  }
  up(): void {
    this.connected = true;
    this.emit("packetreceive", {});
    this.emit("connect", {});
  }
  down(): void {
    this.connected = false;
    this.emit("close");
  }
}

/** A connection with mqtt's own client, before a broker that answers each CONNECT with the next of these codes. */
function withOwnClient(codes: number[]): Connection {
  const answer = () => {
    let greeted = false;
    return new Duplex({
      read() {},
      write(_chunk, _encoding, done) {
        if (!greeted) this.push(Buffer.from([0x20, 3, 0, codes.shift()!, 0]));
        greeted = true;
        done();
      },
    });
  };
  return new Connection((_, options) => new MqttClient(answer, options));
}

const settings = { url: "ws://broker", root: "ecgfm/v1" };
let client: Client;
let connection: Connection;
let ward: Ward;

beforeEach(() => {
  vi.useFakeTimers();
  client = new Client();
  connection = new Connection(() => client as unknown as MqttClient);
  ward = new Ward((box, bed, command) => connection.ask(box, bed, command));
  connection.open(settings, ward);
});

describe("the link", () => {
  it("says what is, from the first attempt over a loss to its return", () => {
    expect(link.value.state).toBe("connecting");
    client.up();
    expect(link.value.state).toBe("connected");
    client.down();
    expect(link.value).toMatchObject({ state: "lost", reason: "The connection to the broker is lost." });
    client.down();
    client.up();
    expect(link.value.state).toBe("connected");
  });

  it("tells a broker that is not there from one that was lost, and keeps when it began", () => {
    client.down();
    const first = link.value;
    expect(first).toMatchObject({ state: "lost", reason: "No broker is ready at ws://broker." });
    client.down();
    expect(link.value).toBe(first);
  });

  it.each([[0x86, "user name or password"], [0x87, "does not let this user in"], [0x84, "MQTT 5"]])("is given up where the broker says %s, and says why", (code, words) => {
    client.emit("error", Object.assign(new Error("refused"), { code }));
    expect(link.value.state).toBe("refused");
    expect((link.value as { reason: string }).reason).toContain(words);
    expect(client.ended).toBe(true);
  });

  it("that is silent is tried, and lost where no word comes", () => {
    client.up();
    vi.advanceTimersByTime(5000);
    expect(client.pings).toBe(1);
    client.emit("packetreceive", {});
    vi.advanceTimersByTime(7500);
    expect([client.pings, link.value.state]).toEqual([2, "connected"]);
    vi.advanceTimersByTime(5000);
    expect(link.value.state).toBe("lost");
  });

  it.each([0x80, 0x88, 0x89, 0x97, 0x9f])("is tried again where the broker says %s: it is not ready", async (code) => {
    const codes = [code, code, 0];
    connection = withOwnClient(codes);
    connection.open(settings, ward);
    await vi.advanceTimersByTimeAsync(100);
    expect([link.value.state, codes.length]).toEqual(["lost", 2]);
    await vi.advanceTimersByTimeAsync(3000);
    expect([link.value.state, codes.length]).toEqual(["connected", 0]);
    connection.close();
  });

  it("is not tried again by mqtt's own client once it was given up", async () => {
    const codes = [0x87, 0];
    connection = withOwnClient(codes);
    connection.open(settings, ward);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([link.value.state, codes.length]).toEqual(["refused", 1]);
  });

  it("says where the address is none", () => {
    const broken = new Connection(() => { throw new Error("Unknown protocol"); });
    broken.open({ url: "ftp://x", root: "r" }, ward);
    expect(link.value).toMatchObject({ state: "refused", reason: "ftp://x is no address of a broker: Unknown protocol." });
  });
});

describe("subscriptions", () => {
  it("that the broker refuses are said, and one that a loss cut short is not", () => {
    client.up();
    client.suback!(new Error("Connection closed"));
    expect(link.value.state).toBe("connected");
    client.suback!(Object.assign(new Error("Not authorized"), { code: 0x87 }));
    expect(link.value).toMatchObject({ state: "refused", reason: "The broker does not let this user read all below ecgfm/v1." });
  });

  it("are made anew after each loss", () => {
    client.up();
    const before = client.subscribed.length;
    client.down();
    client.up();
    expect(client.subscribed.length).toBe(2 * before);
    expect(client.subscribed).toContain("ecgfm/v1/+/+/+/vitals");
    expect(client.subscribed.filter((topic) => topic.endsWith("wave"))).toEqual([]);
  });

  it("to samples last while somebody looks", async () => {
    client.up();
    const leave = watch("ward-3/box-1/bed-1");
    await Promise.resolve();
    expect(client.subscribed.at(-1)).toBe("ecgfm/v1/ward-3/box-1/bed-1/wave");
    client.down();
    client.up();
    expect(client.subscribed.filter((topic) => topic.endsWith("bed-1/wave"))).toHaveLength(2);
    leave();
    await Promise.resolve();
    expect(client.unsubscribed).toEqual(["ecgfm/v1/ward-3/box-1/bed-1/wave"]);
  });
});

describe("a command", () => {
  const command = { command: "pause", seconds: 60, by: "station" } as const;
  const answer = { type: "answer", bed: "bed-1", command: "pause", accepted: false, reason: "no", time: "2026-11-26T00:00:00Z" };

  it("goes to its bed and comes back with its answer", async () => {
    client.up();
    const asked = ward.bed("ward-3", "box-1", "bed-1").send(command);
    const [{ topic, message, properties }] = client.sent;
    expect([topic, message]).toEqual(["ecgfm/v1/ward-3/box-1/bed-1/command", command]);
    expect(client.subscribed).toContain(properties.responseTopic.replace("ward-3/box-1/bed-1", "+/+/+"));
    const reply = (correlationData: Uint8Array) => client.emit("message", properties.responseTopic, bytes(answer), { properties: { correlationData } });
    reply(bytes("of somebody else"));
    reply(properties.correlationData);
    expect(await asked).toEqual(answer);
  });

  it("about a box goes to the box", () => {
    client.up();
    void ward.box("ward-3", "box-1").send(command).catch(() => {});
    expect(client.sent[0].topic).toBe("ecgfm/v1/ward-3/box-1/command");
  });

  it("without an answer fails in words", async () => {
    client.up();
    const asked = expect(ward.bed("ward-3", "box-1", "bed-1").send(command)).rejects.toThrow("No answer from box-1 in 10 seconds. It may not have been done.");
    vi.advanceTimersByTime(4000);
    client.emit("packetreceive", {});
    vi.advanceTimersByTime(6000);
    await asked;
  });

  it.each([[16, "box-1 is not connected"], [0x87, "does not let this user send"]])("that the broker answers with %s fails in words", async (reasonCode, words) => {
    client.up();
    const asked = ward.bed("ward-3", "box-1", "bed-1").send(command);
    client.sent[0].done(undefined, { reasonCode });
    await expect(asked).rejects.toThrow(words);
  });

  it("is not sent while the page is not connected", async () => {
    await expect(ward.bed("ward-3", "box-1", "bed-1").send(command)).rejects.toThrow("Not sent: the page is not connected");
    expect(client.sent).toEqual([]);
  });

  it("that was given up is not sent again when the broker is back", async () => {
    client.up();
    const asked = ward.bed("ward-3", "box-1", "bed-1").send(command);
    client.down();
    await expect(asked).rejects.toThrow("The connection was lost before an answer came.");
    expect(client.removed).toEqual([1]);
  });

  it("fails when the connection is closed", async () => {
    client.up();
    const asked = ward.bed("ward-3", "box-1", "bed-1").send(command);
    connection.close();
    await expect(asked).rejects.toThrow("closed before an answer came");
  });
});

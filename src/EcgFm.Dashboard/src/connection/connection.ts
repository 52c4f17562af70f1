import { effect } from "@preact/signals";
import mqtt, { type ErrorWithReasonCode, type IClientOptions, type MqttClient } from "mqtt";
import type { Command } from "../contract/command";
import type { Answer } from "../contract/messages";
import type { Box } from "../state/box";
import { Intake } from "../state/intake";
import { watched } from "../state/watched";
import type { Ward } from "../state/ward";
import { link } from "./link";
import type { Settings } from "./settings";

/** After so long without a word of the broker it is asked for one, and after as long again the connection counts as lost, although nobody closed it. */
const silenceMs = 5000;

/** How long a box may take to answer: it is asked over two connections. */
const patienceMs = 10_000;

interface Question {
  readonly answer: (answer: Answer) => void;
  readonly fail: (reason: string) => void;
}

/** The page's connection to the broker. It comes back by itself, except where the broker refuses the user. */
export class Connection {
  intake: Intake | undefined;
  private client: MqttClient | undefined;
  private settings: Settings | undefined;
  private readonly questions = new Map<string, Question>();
  private watch: ReturnType<typeof setInterval> | undefined;
  /** When anything last came from the broker, and when it was last asked for a word; milliseconds of the page's clock. */
  private heard = 0;
  private asked = 0;
  private readonly waves = new Set<string>();
  private readonly id = crypto.getRandomValues(new Uint32Array(2)).reduce((text, word) => text + word.toString(16).padStart(8, "0"), "page-");

  constructor(private readonly dial: (url: string, options: IClientOptions) => MqttClient = mqtt.connect) {
    effect(() => this.subscribeWaves(watched.value));
  }

  open(settings: Settings, ward: Ward): void {
    this.close();
    const { url, root } = settings;
    this.settings = settings;
    const intake = (this.intake = new Intake(root, ward, (answer, correlation) => this.answered(answer, correlation)));
    link.value = { state: "connecting", url };
    let client: MqttClient;
    try {
      client = this.dial(url, {
        protocolVersion: 5,
        clientId: this.id,
        clean: true,
        username: settings.userName || undefined,
        password: settings.password || undefined,
        // Rarely enough for the slow timers of a page that nobody looks at; the page's own watch is quicker.
        keepalive: 60,
        connectTimeout: 8000,
        reconnectPeriod: 1500,
        // A broker that is only coming up, or has too much to do, is asked again as well; who is refused for good is given up below.
        reconnectOnConnackError: true,
        resubscribe: false,
        queueQoSZero: false,
        // Its timers would come from a blob: worker, which the content-security policy forbids.
        timerVariant: "native",
      });
    } catch (error) {
      link.value = { state: "refused", url, reason: `${url} is no address of a broker: ${(error as Error).message}.` };
      return;
    }

    this.client = client;
    this.watch = setInterval(() => this.look(client), silenceMs / 2);
    client.on("packetreceive", () => (this.heard = performance.now()));
    client.on("connect", () => {
      link.value = { state: "connected", url };
      this.subscribe(client, settings);
    });
    client.on("message", (topic, payload, packet) => {
      const correlation = packet.properties?.correlationData;
      intake.take(topic, payload, performance.now(), correlation && new TextDecoder().decode(correlation));
    });
    client.on("error", (error) => {
      const reason = refusal((error as Partial<ErrorWithReasonCode>).code);
      if (reason === undefined) return; // It closes, and tries again.
      this.close();
      link.value = { state: "refused", url, reason };
    });
    client.on("disconnect", ({ reasonCode }) => {
      if (reasonCode === 0x8e) {
        this.close();
        link.value = { state: "refused", url, reason: "Another page took this page's place at the broker." };
      }
    });
    client.on("close", () => {
      if (this.client !== client) return;
      this.failAll("The connection was lost before an answer came. It may not have been done.");
      const before = link.value;
      link.value = before.state === "lost" ? before : {
        state: "lost", url, since: performance.now(), reason: before.state === "connected" ? "The connection to the broker is lost." : `No broker is ready at ${url}.`,
      };
    });
  }

  close(): void {
    const client = this.client;
    this.client = undefined;
    clearInterval(this.watch);
    this.waves.clear();
    this.failAll("The connection was closed before an answer came. It may not have been done.");
    client?.end(true);
    link.value = { state: "unset" };
  }

  /** Sends a command, and waits for the answer of the box. */
  ask(box: Box, bed: string | undefined, command: Command): Promise<Answer> {
    const { client, settings } = this;
    if (client === undefined || settings === undefined || !client.connected) return Promise.reject(new Error("Not sent: the page is not connected to the broker."));
    const target = [settings.root, box.site, box.device, ...(bed === undefined ? [] : [bed])].join("/");
    const correlation = crypto.getRandomValues(new Uint32Array(2)).join("-");
    return new Promise((resolve, reject) => {
      let number = -1;
      const fail = (reason: string) => {
        clearTimeout(timer);
        if (!this.questions.delete(correlation)) return;
        // Whoever was told that it may not be done must not see it done minutes later, when the broker is back.
        client.removeOutgoingMessage(number);
        reject(new Error(reason));
      };
      const answer = (answer: Answer) => {
        clearTimeout(timer);
        this.questions.delete(correlation);
        resolve(answer);
      };
      const timer = setTimeout(fail, patienceMs, `No answer from ${box.device} in ${patienceMs / 1000} seconds. It may not have been done.`);
      this.questions.set(correlation, { answer, fail });
      client.publish(`${target}/command`, JSON.stringify(command), {
        qos: 1,
        properties: { messageExpiryInterval: patienceMs / 1000, responseTopic: `${target}/answer/${this.id}`, correlationData: new TextEncoder().encode(correlation) as Buffer, contentType: "application/json" },
      }, (error, packet) => {
        const code = (packet as { reasonCode?: number } | undefined)?.reasonCode ?? (error as Partial<ErrorWithReasonCode> | null)?.code;
        // 16: nobody listens.
        if (code === 16) fail(`Not done: ${box.device} is not connected to the broker.`);
        else if (code === 0x87) fail("Not done: the broker does not let this user send commands.");
        else if (error) fail(`Not sent: ${error.message}.`);
      });
      number = client.getLastMessageId();
    });
  }

  /** Finds out whether a connection that is silent still is one. */
  private look(client: MqttClient): void {
    if (!client.connected) return;
    const now = performance.now();
    if (this.asked > this.heard) {
      if (now - this.asked >= silenceMs) client.stream.destroy();
    } else if (now - this.heard >= silenceMs) {
      this.asked = now;
      client.sendPing();
    }
  }

  private answered(answer: Answer, correlation: string | undefined): void {
    if (correlation !== undefined) this.questions.get(correlation)?.answer(answer);
  }

  private failAll(reason: string): void {
    for (const { fail } of [...this.questions.values()]) fail(reason);
  }

  private subscribe(client: MqttClient, { url, root }: Settings): void {
    const once = ["status", "health", "alert", "alerts", "+/alert", "+/alerts", "+/snippet/+", `answer/${this.id}`, `+/answer/${this.id}`];
    const live = ["+/vitals", "+/interpretation"];
    const topics = Object.fromEntries([...once.map((topic) => [topic, 1] as const), ...live.map((topic) => [topic, 0] as const)].map(([topic, qos]) => [`${root}/+/+/${topic}`, { qos }]));
    client.subscribe(topics, (error) => {
      // A connection that is lost meanwhile is no refusal.
      if (((error as Partial<ErrorWithReasonCode> | null)?.code ?? 0) < 0x80) return;
      this.close();
      link.value = { state: "refused", url, reason: `The broker does not let this user read all below ${root}.` };
    });
    this.waves.clear();
    this.subscribeWaves(watched.value);
  }

  /** Samples are asked for only while somebody looks at them. */
  private subscribeWaves(wanted: ReadonlySet<string>): void {
    const { client, settings } = this;
    if (client === undefined || settings === undefined || !client.connected) return;
    const topic = (key: string) => `${settings.root}/${key}/wave`;
    const more = [...wanted].filter((key) => !this.waves.has(key));
    const less = [...this.waves].filter((key) => !wanted.has(key));
    if (more.length > 0) client.subscribe(more.map(topic), { qos: 0 });
    if (less.length > 0) client.unsubscribe(less.map(topic));
    for (const key of more) this.waves.add(key);
    for (const key of less) this.waves.delete(key);
  }
}

/** Why a broker that answered does not let the page in, in words; undefined for what may pass by itself. */
function refusal(code: number | undefined): string | undefined {
  switch (code) {
    case 0x84: return "The broker does not speak MQTT 5.";
    case 0x85: return "The broker does not accept this page's client id.";
    case 0x86: case 4: return "The broker refuses this user name or password.";
    case 0x87: case 5: return "The broker does not let this user in. Is the user name or password wrong?";
    case 0x8a: return "The broker has banned this page.";
    case 0x8c: return "The broker does not know this way to log in.";
    default: return undefined;
  }
}

/** What somebody asks of a bed's alerts: device/mqtt/schemas/command.schema.json. */
export type Command = { by: string; request?: string } & (
  | { command: "acknowledge"; alert: string }
  | { command: "pause"; seconds: number }
  | { command: "resume" }
  | { command: "snapshot"; alert?: string }
);

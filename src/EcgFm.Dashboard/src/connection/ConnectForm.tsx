import { link } from "./link";
import type { Settings } from "./settings";

/** Asks for the broker and who asks. */
export function ConnectForm({ initial, onConnect }: { initial: Settings; onConnect: (settings: Settings) => void }) {
  const reason = link.value.state === "refused" ? link.value.reason : undefined;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(typed.get(name) ?? "").trim();
    onConnect({ url: text("url"), root: text("root").replace(/^\/+|\/+$/g, ""), userName: text("user"), password: String(typed.get("password") ?? "") });
  };
  return (
    <form class="connect" data-testid="connect-form" onSubmit={submit} aria-labelledby="connect-title">
      <h2 id="connect-title">Connect to a broker</h2>
      {reason && <p class="refused" role="alert" data-testid="refused">{reason}</p>}
      <label>Broker <input name="url" type="url" required pattern="wss?://.+" placeholder="wss://broker.example:9443" defaultValue={initial.url} spellcheck={false} /></label>
      <label>Topic root <input name="root" required defaultValue={initial.root} spellcheck={false} /></label>
      <label>User name <input name="user" autocomplete="username" defaultValue={initial.userName ?? ""} spellcheck={false} /></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" /></label>
      <p class="fine">What you type is kept in this tab until it is closed, and nowhere else.</p>
      <button type="submit">Connect</button>
    </form>
  );
}

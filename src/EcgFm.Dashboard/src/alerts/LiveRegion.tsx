import { useSignalEffect } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import type { Ward } from "../state/ward";
import { Announcer, type Announcement } from "./announcements";
import { signalling } from "./signalling";

/** Tells screen readers of new alerts. */
export function LiveRegion({ ward }: { ward: Ward }) {
  const announcer = useMemo(() => new Announcer(), []);
  const [said, say] = useState<Announcement>({ assertive: "", polite: "" });
  useSignalEffect(() => {
    const fresh = announcer.take(signalling(ward, Date.now()));
    if (fresh !== undefined) say(fresh);
  });
  return (
    <>
      <div class="unseen" role="alert" aria-live="assertive" data-testid="assertive">{said.assertive}</div>
      <div class="unseen" role="status" aria-live="polite" data-testid="polite">{said.polite}</div>
    </>
  );
}

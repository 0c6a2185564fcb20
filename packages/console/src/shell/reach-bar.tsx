import { useNetwork } from "@mantine/hooks";
import { useEffect, useSyncExternalStore } from "react";
import { call } from "../api/call.ts";
import { queries } from "../api/queries.ts";
import { reach } from "../api/reach.ts";
import { tellChange } from "../library/changes.ts";
import { texts } from "../texts/texts.ts";
import styles from "./shell.module.css";

/** The server is asked this often whether it is back. */
const probeMs = 3000;

/** Says that the device is offline or the server away. Once it answers again, every view is brought up to date. */
export function ReachBar() {
  const { online } = useNetwork();
  const isReached = useSyncExternalStore(reach.subscribe, reach.current);
  useEffect(() => {
    if (isReached) return;
    // The answer itself is not needed: whatever it is, it is noted that there was one.
    const probe = (): void => void call("GET /_sluice/console/session", {}).catch(() => undefined);
    const timer = setInterval(probe, probeMs);
    return () => {
      clearInterval(timer);
      void queries.refetchQueries({ predicate: ({ state }) => state.status === "error" });
      tellChange({ kind: "changed" });
    };
  }, [isReached]);
  if (online && isReached) return null;
  return (
    <div className={styles.offline} role="alert">
      {online ? texts.shell.unreachable : texts.shell.offline}
    </div>
  );
}

import { Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { renewLink } from "../previews/preview-links.ts";
import { Busy } from "../shell/busy.tsx";
import { texts } from "../texts/texts.ts";
import styles from "./preview.module.css";

const words = texts.details;

interface PdfPageProps {
  readonly name: string;
  readonly versionId: string;
  /** The page's number, counted from 1. */
  readonly page: number;
  /** The address of the page's picture. */
  readonly address: string;
  /** Is called when there is no picture of the page. */
  readonly onFailure: (isBehindLast: boolean) => void;
}

/** The picture of one page, or what is said in its place. */
export function PdfPage({ name, versionId, page, address, onFailure }: PdfPageProps) {
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");
  const [tries, setTries] = useState(1);
  const isSecondTry = useRef(false);
  const over = useRef(new AbortController());
  useEffect(() => {
    over.current = new AbortController();
    return () => over.current.abort();
  }, []);
  const fail = async (): Promise<void> => {
    const { signal } = over.current;
    const why = await reasonOf(address, page, signal);
    if (signal.aborted) return;
    if (why === "passing" && !isSecondTry.current) {
      isSecondTry.current = true;
      await renewLink(versionId);
      setTries((count) => count + 1);
      return;
    }
    const isBehindLast = why === "behind last";
    if (!isBehindLast) setState("failed");
    onFailure(isBehindLast);
  };
  return (
    <div className={styles.page}>
      {state === "loading" && <Busy />}
      {state === "failed" && <Text c="dimmed">{words.noPage}</Text>}
      <img
        key={tries}
        src={address}
        alt={words.pageOf(name, page)}
        hidden={state !== "shown"}
        onLoad={() => {
          isSecondTry.current = false;
          setState("shown");
        }}
        onError={() => void fail()}
      />
    </div>
  );
}

/**
 * Asks for the page again, since a picture's error doesn't tell the reason. `passing` is for a link that has ended, a busy
 * server and a lost connection: a second try may succeed.
 */
async function reasonOf(
  address: string,
  page: number,
  signal: AbortSignal,
): Promise<"behind last" | "unreadable" | "passing"> {
  const answer = await fetch(address, { credentials: "omit", signal }).catch(() => undefined);
  // The browser takes a request for unfinished while its body waits.
  await answer?.body?.cancel().catch(() => {});
  if (answer?.headers.get("ik-error")?.endsWith(`has no page ${page}`)) return "behind last";
  return answer?.status === 400 ? "unreadable" : "passing";
}

import { Text } from "@mantine/core";
import { useState } from "react";
import { Busy } from "../shell/busy.tsx";
import { texts } from "../texts/texts.ts";
import styles from "./preview.module.css";

const words = texts.details;

interface PdfPageProps {
  readonly name: string;
  /** The page's number, counted from 1. */
  readonly page: number;
  /** The address of the page's picture. */
  readonly address: string;
  /** Is called when there is no picture of the page. */
  readonly onFailure: (isBehindLast: boolean) => void;
}

/** The picture of one page, or what is said in its place. */
export function PdfPage({ name, page, address, onFailure }: PdfPageProps) {
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");
  const fail = async (): Promise<void> => {
    const isBehindLast = await lacksPage(address, page);
    if (!isBehindLast) setState("failed");
    onFailure(isBehindLast);
  };
  return (
    <div className={styles.page}>
      {state === "loading" && <Busy />}
      {state === "failed" && <Text c="dimmed">{words.noPage}</Text>}
      <img
        src={address}
        alt={words.pageOf(name, page)}
        hidden={state !== "shown"}
        onLoad={() => setState("shown")}
        onError={() => void fail()}
      />
    </div>
  );
}

/** Whether the server says that the document has fewer pages. A picture's error doesn't tell the reason. */
async function lacksPage(address: string, page: number): Promise<boolean> {
  const answer = await fetch(address, { credentials: "omit" }).catch(() => undefined);
  return answer?.headers.get("ik-error")?.endsWith(`has no page ${page}`) ?? false;
}

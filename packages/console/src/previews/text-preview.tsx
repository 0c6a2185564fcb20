import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Busy } from "../shell/busy.tsx";
import { texts } from "../texts/texts.ts";
import styles from "./text-preview.module.css";

/** Bytes that are loaded of a text. */
const maxBytes = 64 * 1024;

interface TextPreviewProps {
  readonly address: string;
  /** The text's version, by which it is kept. */
  readonly versionId: string;
  /** Bytes of the whole text. */
  readonly size: number;
}

const words = texts.preview;

/** The beginning of a text or of code. It is shown as text, whatever is in it. */
export function TextPreview({ address, versionId, size }: TextPreviewProps) {
  const { data, isError } = useQuery({
    queryKey: ["text", versionId],
    queryFn: ({ signal }) => loadBeginning(address, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  if (isError) return <Text c="dimmed">{words.failed}</Text>;
  if (data === undefined) return <Busy />;
  return (
    <figure className={styles.figure}>
      <pre className={styles.text} tabIndex={0}>
        {data}
      </pre>
      {size > maxBytes && <figcaption className={styles.note}>{words.beginning}</figcaption>}
    </figure>
  );
}

async function loadBeginning(address: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(address, { signal, credentials: "omit" });
  if (!answer.ok) throw new Error(`The server answered with status ${answer.status}`);
  // A range would be one more header that another origin has to allow. The rest is not read.
  const reader = answer.body?.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (reader !== undefined && length < maxBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
  }
  await reader?.cancel();
  const whole = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  return new TextDecoder().decode(whole.subarray(0, maxBytes), { stream: true });
}

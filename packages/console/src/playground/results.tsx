import { NativeSelect, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useSession } from "../door/session.ts";
import { type LibraryFile, sizeText } from "../library/library-file.ts";
import { CodeBlock } from "../shell/code-block.tsx";
import { texts } from "../texts/texts.ts";
import { addressOf } from "./address-of.ts";
import styles from "./playground-page.module.css";
import { type SdkName, sdkSnippets } from "./sdk-snippets.ts";
import { stepsIn } from "./steps.ts";
import type { useResult } from "./use-result.ts";

const words = texts.playground;

interface ResultsProps {
  readonly file: LibraryFile;
  readonly text: string;
  readonly result: ReturnType<typeof useResult>;
}

/** Shows what the server makes of a transformation, or why it refuses it. */
export function Results({ file, text, result }: ResultsProps) {
  const { picture, problem, isBusy } = result;
  const [shown, setShown] = useState<string>();
  const [size, setSize] = useState<string>();
  useEffect(() => {
    if (picture === undefined) return;
    const url = URL.createObjectURL(picture);
    setShown(url);
    return () => URL.revokeObjectURL(url);
  }, [picture]);
  const [sdk, setSdk] = useState<SdkName>("URL");
  const { account } = useSession();
  const use = {
    urlEndpoint: account.urlEndpoint,
    src: file.filePath,
    name: file.name,
    address: addressOf(file.url, text),
    steps: stepsIn(text),
  };
  const share = picture && file.size > 0 ? Math.round((picture.size / file.size) * 100) : undefined;
  return (
    <div className={styles.results} aria-busy={isBusy}>
      {problem ? (
        <div className={styles.problem} role="alert">
          <Text fw={600}>{words.refused}</Text>
          <Text size="sm">{problem.message}</Text>
        </div>
      ) : (
        <figure className={styles.figure}>
          {shown && (
            <img
              src={shown}
              alt={words.result}
              onLoad={({ currentTarget }) => setSize(`${currentTarget.naturalWidth} × ${currentTarget.naturalHeight}`)}
            />
          )}
        </figure>
      )}
      <dl className={styles.facts} aria-live="polite">
        <div>
          <dt>{words.before}</dt>
          <dd>
            {file.width} × {file.height} · {file.mime} · {sizeText(file.size)}
          </dd>
        </div>
        <div>
          <dt>{words.after}</dt>
          <dd>
            {picture && !problem ? `${size ?? ""} · ${picture.type} · ${sizeText(picture.size)} (${share} %)` : "–"}
          </dd>
        </div>
      </dl>
      <div className={styles.use}>
        <NativeSelect
          size="xs"
          label={words.use}
          value={sdk}
          data={Object.keys(sdkSnippets)}
          onChange={({ currentTarget }) => setSdk(currentTarget.value as SdkName)}
        />
        <CodeBlock label={sdk} text={sdkSnippets[sdk](use)} isShort />
      </div>
    </div>
  );
}

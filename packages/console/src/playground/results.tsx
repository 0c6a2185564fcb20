import { Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { here, type LibraryFile, sizeText } from "../library/library-file.ts";
import { useBlobUrl } from "../previews/use-blob-url.ts";
import { texts } from "../texts/texts.ts";
import { addressOf } from "./address-of.ts";
import styles from "./playground-page.module.css";
import { ProblemContext } from "./problem-context.ts";
import { UseIt } from "./use-it.tsx";
import { useResult } from "./use-result.ts";

const words = texts.playground;

export interface ResultsProps {
  readonly file: LibraryFile;
  readonly text: string;
  /** Whether the text is what the controls say now. */
  readonly isSettled: boolean;
  /** The controls. What the server says against a value stands at its control. */
  readonly children: ReactNode;
}

/** Shows what the server makes of a transformation, or why it refuses it. */
export function Results({ file, text, isSettled, children }: ResultsProps) {
  const { picture, problem, isBusy } = useResult(addressOf(here(file.url), text));
  const shown = useBlobUrl(picture);
  const [size, setSize] = useState<string>();
  const share = picture && file.size > 0 ? Math.round((picture.size / file.size) * 100) : undefined;
  return (
    <>
      <ProblemContext value={isSettled ? problem?.message : undefined}>{children}</ProblemContext>
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
                onLoad={({ currentTarget }) =>
                  setSize(`${currentTarget.naturalWidth} × ${currentTarget.naturalHeight}`)
                }
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
        <UseIt file={file} text={text} />
      </div>
    </>
  );
}

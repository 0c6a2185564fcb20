import { Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { here, type LibraryFile, sizeText, withTransformation } from "../library/library-file.ts";
import { texts } from "../texts/texts.ts";
import styles from "./playground-page.module.css";
import { useResult } from "./use-result.ts";

const words = texts.playground;

/** Shows what the server makes of a transformation, or why it refuses it. */
export function Results({ file, text }: { readonly file: LibraryFile; readonly text: string }) {
  const original = here(file.url);
  const address = text === "" ? original : withTransformation(original, encodeURI(text));
  const { picture, problem, isBusy } = useResult(address);
  const [shown, setShown] = useState<string>();
  const [size, setSize] = useState<string>();
  useEffect(() => {
    if (picture === undefined) return;
    const url = URL.createObjectURL(picture);
    setShown(url);
    return () => URL.revokeObjectURL(url);
  }, [picture]);
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
      {/* A long address has to be reached by the keyboard to be scrolled. */}
      <pre className={styles.address} tabIndex={0}>
        {text === "" ? file.url : withTransformation(file.url, text)}
      </pre>
    </div>
  );
}

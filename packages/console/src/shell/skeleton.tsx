import { texts } from "../texts/texts.ts";
import { LateWords } from "./late-words.tsx";
import styles from "./skeleton.module.css";

/** Stands in for rows that are asked for. */
export function Skeleton({ rows = 3 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label={texts.shell.loading} className={styles.rows}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className={styles.row} />
      ))}
      <LateWords />
    </div>
  );
}
